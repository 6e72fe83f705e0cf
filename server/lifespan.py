"""What happens around serving: settings are checked, imports are warmed, and a signal ends runs before the server waits
for its clients.
"""

import gc
import importlib
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from runs.opened import endpoints, engine, opened
from server.pauses import short_pauses
from settings import SettingsError

WARMED = ("chains.templates.prompt", "chains.models.simulated", "langchain_core.messages", "chains.build")
SIGNALS = (signal.SIGTERM, signal.SIGINT)


class CheckedSettings:
    """ASGI middleware: with a setting that does not fit the server does not start, and says which in one line.

    A middleware and not the lifespan below: what is raised there is logged with its traceback.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            try:
                endpoints()
            except SettingsError as error:
                await receive()
                await send({"type": "lifespan.startup.failed", "message": f"A setting does not fit: {error}"})
                return
        await self._app(scope, receive, send)


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """For `st.App`: opens the engine and the imports beside the first visit; ends the engine with the server."""
    warming = threading.Thread(target=_warm, name="warm", daemon=True)
    warming.start()
    _end_runs_at_signals()
    with short_pauses():
        yield
    await run_in_threadpool(_close, warming)


def _warm() -> None:
    engine()
    for module in WARMED:
        importlib.import_module(module)
    # Streamlit collects garbage after every script run; what is imported for good need not be walked each time.
    gc.collect()
    gc.freeze()


def _close(warming: threading.Thread) -> None:
    warming.join()
    if (made := opened()) is not None:
        made.close()


def _end_runs_at_signals() -> None:
    """Before the server's own reaction: it would wait for followers, who wait for runs, which wait for models."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in SIGNALS:
        before = signal.getsignal(number)

        def react(number: int, frame: FrameType | None, before: Any = before) -> None:
            try:
                if (made := opened()) is not None:
                    made.begin_close()
            finally:
                if callable(before):
                    before(number, frame)

        signal.signal(number, react)
