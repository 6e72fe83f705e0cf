"""The clients of OpenAI's API: one transport for the engine's loop and one for threads, each shared by all models.

They follow no redirect, repeat nothing, read no answer without end and send no header of the environment.
"""

import os
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from functools import partial
from typing import cast

import httpx2
import openai
from pydantic import SecretStr

from chains.models.provider import Pool

MAX_CONNECTIONS = 200
"""Of each transport; the engine bounds those of both together, so that no run waits in here with its clock running."""

READ_S = 86_400.0
"""Longer than any limit of ours: `chains/calls.py` watches the gap between chunks and the whole."""

SYNC_READ_S = 600.0
"""After so much silence a call in a thread is given up: nobody can cancel it."""

MAX_RESPONSE_BYTES = 64_000_000
"""Of any response, unpacked: a stream, a whole answer, a list of models or an error."""


class ResponseTooLarge(httpx2.TransportError):
    """A response passed `MAX_RESPONSE_BYTES`; the rest of it is not read."""


class _SyncTransport(openai.DefaultHttpxClient):
    async def aclose(self) -> None:
        """Closes what is idle; a connection that a thread still reads ends with it."""
        self.close()


def timeout(connect_s: float, read_s: float = READ_S) -> httpx2.Timeout:
    return httpx2.Timeout(read_s, connect=connect_s, write=60.0, pool=read_s)


def client(base_url: str, key: SecretStr, connect_s: float, pool: Pool) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(
        api_key=key.get_secret_value(),
        base_url=base_url,
        http_client=pool.client("openai", openai.DefaultAsyncHttpxClient, _transport),
        timeout=timeout(connect_s),
        max_retries=0,
        default_headers=_headers(key),
    )


def sync_client(base_url: str, key: SecretStr, connect_s: float, pool: Pool) -> openai.OpenAI:
    """`client` for threads."""
    return openai.OpenAI(
        api_key=key.get_secret_value(),
        base_url=base_url,
        http_client=pool.client("openai in threads", _SyncTransport, _sync_transport),
        timeout=timeout(connect_s, SYNC_READ_S),
        max_retries=0,
        default_headers=_headers(key),
    )


def _headers(key: SecretStr) -> dict[str, str]:
    """The key, and the headers that OpenAI's client would take from the environment, each to be left out."""
    lines = os.environ.get("OPENAI_CUSTOM_HEADERS", "").split("\n")
    custom = (line.partition(":")[0].strip() for line in lines if ":" in line)
    names = (name for name in custom if name.lower() != "authorization")
    omitted = {name: openai.Omit() for name in (*names, "OpenAI-Organization", "OpenAI-Project")}
    return cast(dict[str, str], {**omitted, "Authorization": f"Bearer {key.get_secret_value()}"})


def _transport() -> openai.DefaultAsyncHttpxClient:
    hooks = {"response": [_limit_response]}
    return openai.DefaultAsyncHttpxClient(limits=_limits(), follow_redirects=False, event_hooks=hooks)


def _sync_transport() -> _SyncTransport:
    hooks = {"response": [_limit_sync_response]}
    return _SyncTransport(limits=_limits(), follow_redirects=False, event_hooks=hooks)


def _limits() -> httpx2.Limits:
    return httpx2.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=20)


async def _limit_response(response: httpx2.Response) -> None:
    # A transport of our own would count what is sent, not what it unpacks to, and would know no proxy.
    response.aiter_bytes = partial(_limited, response.aiter_bytes)  # type: ignore[method-assign]


def _limit_sync_response(response: httpx2.Response) -> None:
    response.iter_bytes = partial(_limited_sync, response.iter_bytes)  # type: ignore[method-assign]


async def _limited(
    read: Callable[[int | None], AsyncGenerator[bytes, None]], chunk_size: int | None = None
) -> AsyncGenerator[bytes, None]:
    size = 0
    async with aclosing(read(chunk_size)) as parts:
        async for part in parts:
            size += len(part)
            _check(size)
            yield part


def _limited_sync(read: Callable[[int | None], Iterator[bytes]], chunk_size: int | None = None) -> Iterator[bytes]:
    size = 0
    for part in read(chunk_size):
        size += len(part)
        _check(size)
        yield part


def _check(size: int) -> None:
    if size > MAX_RESPONSE_BYTES:
        raise ResponseTooLarge(f"more than {MAX_RESPONSE_BYTES} bytes")
