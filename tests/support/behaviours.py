"""How a scripted provider answers: one behaviour a way to be right or wrong. `SCRIPT` names them all as models."""

import asyncio
import zlib
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from tests.support.provider import Behaviour, Exchange

TEXTS = ("One", " two", " three", ".")
USAGE: dict[str, JsonValue] = {"prompt_tokens": 7, "completion_tokens": 4, "total_tokens": 11}


def delta(content: str = "", *, finish: str | None = None, **more: JsonValue) -> JsonValue:
    """One `chat.completion.chunk`."""
    choice: dict[str, JsonValue] = {"index": 0, "delta": {"content": content, **more}, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def usage() -> JsonValue:
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": USAGE}


def completion(text: str, *, finish: str | None = "stop", **message: JsonValue) -> JsonValue:
    """A whole `chat.completion`."""
    said: dict[str, JsonValue] = {"role": "assistant", "content": text, **message}
    choice: dict[str, JsonValue] = {"index": 0, "message": said, "finish_reason": finish}
    body: dict[str, JsonValue] = {"id": "c1", "object": "chat.completion", "created": 1, "model": "m"}
    return {**body, "choices": [choice], "usage": USAGE}


def error(message: str, code: str, kind: str = "invalid_request_error") -> JsonValue:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def answers(
    texts: Sequence[str] = TEXTS, *, pause: float = 0.0, finish: str | None = "stop", reasoning: str = ""
) -> Behaviour:
    """A good answer of `texts`, streamed or whole, after some `reasoning`."""

    async def behave(exchange: Exchange) -> None:
        if not exchange.streamed:
            more: dict[str, JsonValue] = {"reasoning_content": reasoning} if reasoning else {}
            await asyncio.sleep(pause * len(texts))
            await exchange.json(200, completion("".join(texts), finish=finish, **more))
            return
        await exchange.begin()
        await exchange.event(delta(role="assistant"))
        if reasoning:
            await exchange.event(delta(reasoning_content=reasoning))
        for text in texts:
            await asyncio.sleep(pause)
            await exchange.event(delta(text))
        if finish is not None:
            await exchange.event(delta(finish=finish))
        if exchange.request.body.get("stream_options"):
            await exchange.event(usage())
        await exchange.event("[DONE]")
        await exchange.end()

    return behave


def fails(status: int, body: JsonValue, *, times: int = 10_000, then: Behaviour | None = None) -> Behaviour:
    """The error for the first `times` requests, after that `then`."""

    async def behave(exchange: Exchange) -> None:
        if exchange.number < times:
            await exchange.json(status, body)
        else:
            await (then or answers())(exchange)

    return behave


def by_prompt(script: Mapping[str, Behaviour]) -> Behaviour:
    """Answers by what the last message says: for chains whose prompts differ and whose model is one."""

    async def behave(exchange: Exchange) -> None:
        messages = exchange.request.body["messages"]
        assert isinstance(messages, list)
        last = messages[-1]
        assert isinstance(last, dict)
        await script[str(last["content"])](exchange)

    return behave


def sends(status: int, kind: str, body: bytes, **headers: str) -> Behaviour:
    """Exactly these bytes."""

    async def behave(exchange: Exchange) -> None:
        await exchange.head(status, kind, **headers)
        await exchange.send(body)

    return behave


def breaks_after(chunks: int, then: Behaviour) -> Behaviour:
    """A stream of some chunks, and then something else; whole answers are broken off at once."""

    async def behave(exchange: Exchange) -> None:
        if not exchange.streamed:
            await exchange.head(200, "application/json", content_length="1000")
            await exchange.send(b'{"id": "c1", "choices": [')
        else:
            await exchange.begin()
            await exchange.event(delta(role="assistant"))
            for text in TEXTS[:chunks]:
                await exchange.event(delta(text))
        await then(exchange)

    return behave


async def silent(exchange: Exchange) -> None:
    await asyncio.sleep(600)


async def nothing(exchange: Exchange) -> None:
    """Returns, and the connection closes."""


async def speaks_ssh(exchange: Exchange) -> None:
    await exchange.send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")


async def refuses_stream_options(exchange: Exchange) -> None:
    if exchange.request.body.get("stream_options"):
        await exchange.json(400, error("Unrecognized request argument supplied: stream_options", "unknown_parameter"))
    else:
        await answers()(exchange)


async def endless(exchange: Exchange) -> None:
    if not exchange.streamed:
        await silent(exchange)
    await exchange.begin()
    while True:
        await exchange.event(delta("on "))
        await asyncio.sleep(0.005)


async def huge(exchange: Exchange) -> None:
    """2.5 MB; a stream of it then goes on without a word."""
    texts = ["x" * 100_000] * 25
    if not exchange.streamed:
        await answers(texts)(exchange)
        return
    await exchange.begin()
    for text in texts:
        await exchange.event(delta(text))
    await silent(exchange)


def floods(status: int, *, zipped: bool = False) -> Behaviour:
    """Spaces without end, maybe packed a thousandfold."""

    async def behave(exchange: Exchange) -> None:
        if not zipped:
            await exchange.head(status, "application/json")
            while True:
                await exchange.send(b" " * 1_000_000)
        await exchange.head(status, "application/json", content_encoding="gzip")
        packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
        while True:
            await exchange.send(packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_SYNC_FLUSH))

    return behave


def _mid_stream(text: str) -> Behaviour:
    async def then(exchange: Exchange) -> None:
        if exchange.streamed:
            await exchange.event(text)
            await exchange.end()

    return breaks_after(2, then)


_OVERFLOW = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens."

SCRIPT: Mapping[str, Behaviour] = {
    "good": answers(),
    "slow": answers(["tick "] * 500, pause=0.02),
    "reasons": answers(reasoning="Let me think."),
    "no-finish": answers(finish=None),
    "wrong-key": fails(401, error("Incorrect API key provided", "invalid_api_key")),
    "not-permitted": fails(403, error("You may not use this model", "forbidden")),
    "unknown": fails(404, error("The model `unknown` does not exist", "model_not_found")),
    "lost-page": sends(404, "text/html", b"<html>no such page</html>"),
    "too-long": fails(400, error(_OVERFLOW, "context_length_exceeded")),
    "bad-parameter": fails(400, error("Unsupported parameter: 'temperature'", "unsupported_parameter")),
    "limited": fails(429, error("Rate limit reached", "rate_limit_exceeded", "requests")),
    "limited-once": fails(429, error("Rate limit reached", "rate_limit_exceeded", "requests"), times=1),
    "limited-twice": fails(429, error("Rate limit reached", "rate_limit_exceeded", "requests"), times=2),
    "used-up": fails(429, error("You exceeded your current quota", "insufficient_quota", "insufficient_quota")),
    "unpaid": fails(402, error("Insufficient credits", "payment_required")),
    "closes": nothing,
    "speaks-ssh": speaks_ssh,
    "broken": fails(500, error("The server had an error", "server_error", "server_error")),
    "page": sends(200, "text/html", b"<html>welcome</html>"),
    "moved": sends(302, "text/plain", b"", location="/v1/elsewhere"),
    "silent": silent,
    "stalls": breaks_after(2, silent),
    "cut": breaks_after(2, nothing),
    "malformed": _mid_stream('{"id": "c1", "choices": [{"ind'),
    "mid-error": _mid_stream('{"error": {"message": "The server is overloaded", "type": "server_error"}}'),
    "no-stream-options": refuses_stream_options,
    "endless": endless,
    "huge": huge,
}
