"""An OpenAI-compatible server on loopback, in a process of its own, that knows when it sent each token.

The model's name is the behaviour, and the tokens are `w00000 `, `w00001 `, …:

    pace-1000-100        1,000 tokens at 100 a second
    burst-2000           2,000 tokens at once
    pace-1000-100-wait   the same with a pause of 1 s before the first token, as models have one, and of 0.5 s between
                         the last one and the end: so what a page does at the ends can be told from the tokens
    silent               never anything

`/sent` and `/left` tell of the last request: its number, the instants (Unix time in seconds) at which its tokens were
handed to the socket, and the one at which its client left before the end, if it did.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import httpx
from pydantic import TypeAdapter

from bench.processes import POLL_S, Served

BEFORE_S, AFTER_S = 1.0, 0.5
_BEHAVIOUR = re.compile(r"(pace|burst)-(\d+)(?:-(\d+))?(-wait)?")
_HEAD = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: %b\r\ntransfer-encoding: chunked\r\n\r\n"


@dataclass(slots=True)
class Sending:
    """One chat completion."""

    number: int
    model: str = ""
    came: float = 0.0
    sent: list[float] = field(default_factory=list)
    left: float | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """The server as the benchmark sees it."""

    served: Served

    @classmethod
    def start(cls, logs: Path) -> "Provider":
        served = Served.start(["-m", "bench.provider", "{port}"], log=logs / "provider.log")
        return cls(served.wait("/sent"))

    @property
    def url(self) -> str:
        return f"{self.served.url}/v1"

    def last(self) -> Sending:
        """What became of the last request; number 0 before the first."""
        return TypeAdapter(Sending).validate_json(self.served.client.get("/sent").content)

    def begun(self, after: int) -> Sending:
        """The first request with a number above `after`, as soon as it is there. Raises `TimeoutError`."""
        return self._wait("/left", lambda sending: sending.number > after)

    def closed(self, number: int) -> float:
        """The instant at which the client of request `number` left. Raises `TimeoutError`."""
        left = self._wait("/left", lambda sending: sending.number == number and sending.left is not None).left
        assert left is not None
        return left

    def _wait(self, path: str, fits: Callable[[Sending], bool], within_s: float = 20.0) -> Sending:
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            with suppress(httpx.TransportError):
                sending = TypeAdapter(Sending).validate_json(self.served.client.get(path).content)
                if fits(sending):
                    return sending
            time.sleep(POLL_S)
        raise TimeoutError("the provider did not see what was waited for")


async def _serve(port: int) -> None:
    sendings: list[Sending] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await _answer(reader, writer, sendings)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(connected, "127.0.0.1", port, backlog=500)
    await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sendings: list[Sending]) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    path = head.split(" ", 2)[1]
    if not path.endswith("/chat/completions"):
        writer.write(_HEAD % b"application/json" + _part(_told(path, sendings)) + b"0\r\n\r\n")
        return
    length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
    body = json.loads(await reader.readexactly(int(length[1]) if length else 0))
    sending = Sending(len(sendings) + 1, body["model"], time.time())
    sendings.append(sending)
    watch = asyncio.ensure_future(reader.read(1))
    answer = asyncio.ensure_future((_stream if body.get("stream") else _whole)(sending, writer))
    await asyncio.wait((watch, answer), return_when=asyncio.FIRST_COMPLETED)
    if not answer.done():
        sending.left = time.time()
    for task in (watch, answer):
        task.cancel()
    await asyncio.gather(watch, answer, return_exceptions=True)


def _told(path: str, sendings: list[Sending]) -> bytes:
    if path.endswith("/models"):
        return b'{"object":"list","data":[{"id":"silent","object":"model"}]}'
    told = asdict(sendings[-1] if sendings else Sending(0))
    if path.startswith("/left"):
        del told["sent"]
    return json.dumps(told).encode()


async def _stream(sending: Sending, writer: asyncio.StreamWriter) -> None:
    writer.write(_HEAD % b"text/event-stream" + _event(sending, {"role": "assistant", "content": ""}))
    pauses = sending.model.endswith("-wait")
    await asyncio.sleep(BEFORE_S if pauses else 0)
    await _tokens(sending, writer)
    await asyncio.sleep(AFTER_S if pauses else 0)
    usage = {"prompt_tokens": 5, "completion_tokens": len(sending.sent), "total_tokens": len(sending.sent) + 5}
    writer.write(_event(sending, {}, finish="stop"))
    writer.write(_part(b"data: " + _json(sending, [], usage) + b"\n\n") + _part(b"data: [DONE]\n\n") + b"0\r\n\r\n")
    await writer.drain()


async def _tokens(sending: Sending, writer: asyncio.StreamWriter) -> None:
    count, rate = await _plan(sending)
    events = [_event(sending, {"content": f"w{n:05d} "}) for n in range(count)]
    if not rate:
        sending.sent = [time.time()] * count
        writer.write(b"".join(events))
        await writer.drain()
        return
    began = time.perf_counter()
    for n, event in enumerate(events):
        wait = began + n / rate - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        sending.sent.append(time.time())
        writer.write(event)


async def _whole(sending: Sending, writer: asyncio.StreamWriter) -> None:
    count, rate = await _plan(sending)
    await asyncio.sleep(count / rate if rate else 0)
    text = "".join(f"w{n:05d} " for n in range(count))
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    writer.write(_HEAD % b"application/json" + _part(_json(sending, [choice], None)) + b"0\r\n\r\n")


async def _plan(sending: Sending) -> tuple[int, int]:
    """Tokens, and tokens a second (0 for all at once); does not return for the silent model."""
    behaviour = _BEHAVIOUR.fullmatch(sending.model)
    if behaviour is None:
        await asyncio.Event().wait()
        raise AssertionError
    return int(behaviour[2]), int(behaviour[3] or 0)


def _event(sending: Sending, delta: dict[str, str], finish: str | None = None) -> bytes:
    return _part(b"data: " + _json(sending, [{"index": 0, "delta": delta, "finish_reason": finish}], None) + b"\n\n")


def _json(sending: Sending, choices: list[dict[str, object]], usage: dict[str, int] | None) -> bytes:
    head = {"id": f"chatcmpl-{sending.number}", "object": "chat.completion.chunk", "created": int(sending.came)}
    body = {**head, "model": sending.model, "choices": choices, **({"usage": usage} if usage else {})}
    return json.dumps(body, separators=(",", ":")).encode()


def _part(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
