"""The server's own routes behind the guard, served by a real uvicorn in a thread, without Streamlit."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import cast

import httpx
import pytest
import uvicorn
from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

import settings
from chains.spec import ChainSpec
from runs import opened
from runs.engine import Engine
from server import MIDDLEWARE, routes
from tests.support.engines import until

Json = dict[str, JsonValue]


class Served:
    """The served app over one engine at a time; `page` and `html` stand for what Streamlit serves beside our routes."""

    engine: Engine

    def __init__(self) -> None:
        pages = [Route("/page", _page, methods=["GET", "POST"]), Route("/html", _html)]
        app = Starlette(routes=[*routes(""), *pages], middleware=MIDDLEWARE)
        self.server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=5))
        self._thread = threading.Thread(target=self.server.run, name="server", daemon=True)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def live(self) -> str:
        return f"ws://{self.host}/api/live"

    def start(self) -> None:
        self._thread.start()
        until(lambda: self.server.started)

    def stop(self) -> float:
        """Seconds until the server has ended."""
        began = time.perf_counter()
        self.server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive(), "the server does not end"
        return time.perf_counter() - began

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, timeout=10, trust_env=False)

    async def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        async with self.client() as client:
            content = body if isinstance(body, str | bytes) else json.dumps(body)
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.post(path, content=content, headers={"content-type": "application/json", **named})

    async def get(self, path: str, **headers: str) -> httpx.Response:
        async with self.client() as client:
            return await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


async def _html(request: Request) -> HTMLResponse:
    return HTMLResponse("<p>a page</p>")


async def _page(request: Request) -> PlainTextResponse:
    return PlainTextResponse("a page")


@contextmanager
def serving() -> Iterator[Served]:
    """The app while the block runs; it may stop the server itself."""
    served = Served()
    served.start()
    try:
        yield served
    finally:
        served.stop()


@contextmanager
def over(served: Served, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The app over `engine`, with settings of its own."""
    for name in ("PLAYGROUND_ALLOWED_HOSTS", "PLAYGROUND_PROVIDERS", "PLAYGROUND_DATABASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    settings.settings.cache_clear()
    monkeypatch.setattr(opened, "_engine", lambda: engine)
    served.engine = engine
    yield served
    settings.settings.cache_clear()


def body(chain: ChainSpec, **more: JsonValue) -> Json:
    """The JSON of a run's request, to be bent by a test."""
    wire: Json = {"chain": chain.model_dump(mode="json", exclude_none=True), "inputs": [{"topic": "rain"}]}
    return {**wire, **more}


def error(answer: httpx.Response) -> Mapping[str, JsonValue]:
    """The error of an answer, in the contract's form."""
    wire = answer.json()
    assert wire.keys() == {"error"}
    assert wire["error"].keys() >= {"code", "message", "hint"}
    assert answer.headers["content-type"] == "application/json"
    return cast(Mapping[str, JsonValue], wire["error"])
