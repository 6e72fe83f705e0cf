"""Threads for what cannot be cancelled: bounded in number, left behind when their run is over, and at an exit."""

import asyncio
import concurrent.futures.thread
import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

MOST_CALLS = 200
"""Calls of models in threads at once, over all runs, those included that nobody waits for any more."""

_T = TypeVar("_T")


@dataclass(slots=True)
class Threads:
    """Runs blocking work for one event loop, first come, first served."""

    most: int = MOST_CALLS
    busy: int = 0
    """Calls that have a thread now."""
    _waiting: deque[tuple[int, "asyncio.Future[None]"]] = field(default_factory=deque)

    async def place(self, calls: int = 1) -> None:
        """Waits until there is room for so many calls at once; `run` gives it back."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((calls, turn))
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.busy -= calls
            self._admit()
            raise

    async def run(self, work: Callable[[], _T], calls: int = 1) -> _T:
        """What `work` returns or raises, which has the `place` of so many calls.

        Cancelling leaves the work alone: it keeps its place until it ends by itself.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_T] = loop.create_future()

        def finish(result: _T | None, error: BaseException | None) -> None:
            self.busy -= calls
            self._admit()
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

        threading.Thread(target=carry, name="method", daemon=True).start()
        return await done

    def _admit(self) -> None:
        while self._waiting and (self._waiting[0][1].done() or self.busy + self._waiting[0][0] <= self.most):
            calls, turn = self._waiting.popleft()
            if not turn.done():
                self.busy += calls
                turn.set_result(None)


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
