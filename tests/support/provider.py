"""A scripted OpenAI-compatible server on loopback, in a thread of its own.

Each request is answered by the behaviour that stands in `script` under the model's name (or under the path, for what
is no chat completion). One connection carries one request, so that a connection that ends is a request that ends:
`Request.closed_at` is the instant at which the client was seen to leave.
"""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from pydantic import JsonValue


@dataclass(slots=True)
class Request:
    """What a client sent. Instants are `perf_counter` seconds."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: dict[str, JsonValue]
    came_at: float
    closed: threading.Event = field(default_factory=threading.Event)
    closed_at: float = 0.0

    def closing(self, since: float, within: float = 5.0) -> float:
        """Seconds from the instant `since` until the client left; fails when it stays longer than `within`."""
        assert self.closed.wait(within), "the client is still connected"
        return self.closed_at - since


@dataclass(slots=True)
class Exchange:
    """One request, and the means to answer it byte by byte."""

    request: Request
    writer: asyncio.StreamWriter
    number: int
    """How many requests of this model came before."""

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status: int, kind: str, **headers: str) -> None:
        """Status line and headers of an answer that lasts until the connection closes."""
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        await self.send(f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\n{more}connection: close\r\n\r\n".encode())

    async def json(self, status: int, body: JsonValue) -> None:
        await self.head(status, "application/json")
        await self.send(json.dumps(body).encode())

    async def begin(self) -> None:
        """Opens a stream, in chunked encoding: a connection that closes without `end` is seen to be cut."""
        await self.head(200, "text/event-stream", transfer_encoding="chunked")

    async def event(self, body: JsonValue | str) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        await self.part(f"data: {text}\n\n".encode())

    async def part(self, data: bytes) -> None:
        await self.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def end(self) -> None:
        await self.send(b"0\r\n\r\n")

    @property
    def streamed(self) -> bool:
        return bool(self.request.body.get("stream"))

    @property
    def model(self) -> str:
        return str(self.request.body.get("model", ""))


Behaviour = Callable[[Exchange], Awaitable[None]]


class Provider:
    """The server; `requests` holds whatever came, in order."""

    def __init__(self, script: Mapping[str, Behaviour]) -> None:
        self.script = dict(script)
        self.requests: list[Request] = []
        self.most_at_once = 0
        self._open = 0
        self._port = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="provider", daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def last(self) -> Request:
        return self.requests[-1]

    def wait_for(self, requests: int, within: float = 5.0) -> Request:
        """The request number `requests` (from 1), as soon as it has come."""
        until = time.perf_counter() + within
        while len(self.requests) < requests:
            assert time.perf_counter() < until, f"only {len(self.requests)} requests came"
            time.sleep(0.002)
        return self.requests[requests - 1]

    def start(self) -> None:
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=1_000))
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(self._give_up())
        self._loop.close()

    async def _give_up(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._exchange(await _read(reader), reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _exchange(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        model = str(request.body.get("model", request.path))
        number = sum(1 for earlier in self.requests if earlier.body.get("model", earlier.path) == model)
        self.requests.append(request)
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        watch = asyncio.create_task(_watch(reader, request))
        answer = asyncio.ensure_future(self.script[model](Exchange(request, writer, number)))
        try:
            await asyncio.wait((watch, answer), return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                answer.result()
        finally:
            self._open -= 1
            watch.cancel()
            answer.cancel()
            await asyncio.gather(watch, answer, return_exceptions=True)


async def _watch(reader: asyncio.StreamReader, request: Request) -> None:
    with suppress(ConnectionError):
        await reader.read(1)
    request.closed_at = time.perf_counter()
    request.closed.set()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", 0))
    body = json.loads(await reader.readexactly(length)) if length else {}
    return Request(method, path, headers, body, time.perf_counter())


@contextmanager
def serving(script: Mapping[str, Behaviour]) -> Iterator[Provider]:
    """A provider that answers by `script` while the block runs."""
    provider = Provider(script)
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()
