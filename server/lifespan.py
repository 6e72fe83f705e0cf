"""What happens around serving: imports are warmed, and a signal ends runs before the server waits for its clients."""

import gc
import importlib
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType
from typing import Any

from starlette.concurrency import run_in_threadpool

from runs.opened import engine

WARMED = ("chains.templates.prompt", "chains.models.simulated", "langchain_core.messages", "chains.build")
SIGNALS = (signal.SIGTERM, signal.SIGINT)


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """For `st.App`: opens the engine and the imports beside the first visit; ends the engine with the server."""
    threading.Thread(target=_warm, name="warm", daemon=True).start()
    _end_runs_at_signals()
    yield
    await run_in_threadpool(engine().close)


def _warm() -> None:
    engine()
    for module in WARMED:
        importlib.import_module(module)
    # Streamlit collects garbage after every script run; what is imported for good need not be walked each time.
    gc.collect()
    gc.freeze()


def _end_runs_at_signals() -> None:
    """Before the server's own reaction: it would wait for followers, who wait for runs, which wait for models."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in SIGNALS:
        before = signal.getsignal(number)

        def react(number: int, frame: FrameType | None, before: Any = before) -> None:
            engine().begin_close()
            if callable(before):
                before(number, frame)

        signal.signal(number, react)
