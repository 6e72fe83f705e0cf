"""Threads for what cannot be cancelled: left behind when their run is over, and at an exit."""

import asyncio
import concurrent.futures.thread
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TypeVar

_T = TypeVar("_T")


async def in_thread(work: Callable[[], _T], ended: Callable[[], None]) -> _T:
    """What `work` returns or raises; the loop calls `ended` when it does, or when no thread can be had.

    Cancelling leaves the work alone: it goes on until it ends by itself.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_T] = loop.create_future()

    def finish(result: _T | None, error: BaseException | None) -> None:
        ended()
        if done.done():
            return
        if error is None:
            done.set_result(result)  # type: ignore[arg-type]
        else:
            done.set_exception(error)

    def carry() -> None:
        result, error = None, None
        try:
            result = work()
        # Whatever it is, it is raised where the work is awaited.
        except BaseException as raised:  # noqa: BLE001
            error = raised
        post(loop, lambda: finish(result, error))

    thread = threading.Thread(target=carry, name="method", daemon=True)
    try:
        thread.start()
    except RuntimeError:
        ended()
        raise
    return await done


def post(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    """Has the loop do something soon, from any thread; nothing when it has closed."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(what)


def leave_at_exit(workers: Iterable[threading.Thread]) -> None:
    """Lets the process end without these threads, where they belong to a pool.

    The interpreter joins the threads of every pool at its exit, daemons too, and LangChain's `batch` makes a pool of
    its own: a provider that says nothing would hold the process for minutes.
    """
    joined = getattr(concurrent.futures.thread, "_threads_queues", {})
    for worker in workers:
        joined.pop(worker, None)
