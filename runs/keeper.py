"""Writes behind: what logs have gathered goes to the store every quarter of a second, and at once when a run ends."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from chains.events import RunEnded
from runs.log import RunLog
from runs.record import SummaryState
from runs.store.store import Ending, Segment, Store, Summary

PERIOD_S = 0.25
PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
"""So long a log that alone cannot be kept is left out: twice as long with every failure."""
PATIENCE_S = 5.0
"""Runs are tried one by one no longer than so, where the store takes none."""
SHORTEST_S = 0.02
"""Those in a hurry wait so long for others to join them."""

_T = TypeVar("_T")
_R = TypeVar("_R")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _News:
    """Events `first` to before `stop` of a log, not kept yet."""

    log: RunLog
    first: int
    stop: int

    @property
    def ended(self) -> RunEnded | None:
        last = self.log.slice(self.stop - 1, self.stop)[0].what
        return last if isinstance(last, RunEnded) else None


@dataclass(slots=True)
class _Summing:
    """A run's summary so far, up to before event `upto`: an append that is tried again counts nothing twice."""

    state: SummaryState = field(default_factory=SummaryState)
    upto: int = 0

    def take(self, new: _News) -> None:
        for event in new.log.slice(self.upto, new.stop):
            self.state.note(event)
        self.upto = new.stop


@dataclass(slots=True)
class _Pause:
    """How long, and until when on the loop's clock, nothing of a log is tried again."""

    seconds: float
    until: float


@dataclass(slots=True)
class Keeper:
    """Holds each log until all of it is kept. Used on the engine's loop; a thread of its own touches the database.

    `most` is the size limit of the store in bytes.
    """

    store: Store
    most: int
    kept: dict[str, int] = field(default_factory=dict)
    """How many events of each held run are in the store."""
    logs: dict[str, RunLog] = field(default_factory=dict)
    _summing: dict[str, _Summing] = field(default_factory=dict)
    _pauses: dict[str, _Pause] = field(default_factory=dict)
    _said: dict[Callable[[], Awaitable[None]], str] = field(default_factory=dict)
    """The failure of some work that was logged last, until the work succeeds."""
    _hurry: asyncio.Event = field(default_factory=asyncio.Event)
    _flushing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _crowded: bool = False
    """Whether a run has ended since the store was last seen to be within its limit."""
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "runs-store"))

    def hold(self, log: RunLog) -> None:
        self.logs[log.run], self.kept[log.run], self._summing[log.run] = log, 0, _Summing()

    def hurry(self) -> None:
        """Asks for the next flush at once."""
        self._hurry.set()

    async def keep(self) -> None:
        """Flushes for ever; a failure is logged and tried again at the next turn, nothing is let go meanwhile."""
        while True:
            with suppress(TimeoutError):
                # Not `wait_for`: in Python 3.11 it forgets a cancellation that comes with what it waits for.
                async with asyncio.timeout(PERIOD_S):
                    await self._hurry.wait()
                await asyncio.sleep(SHORTEST_S)
            self._hurry.clear()
            if not await self.try_to_flush():
                for log in self.logs.values():
                    log.note_unkept()
            else:
                await self._survives(self.make_room)

    async def try_to_flush(self, *, at_last: bool = False) -> bool:
        """`flush`; False when the store failed, which is logged. `at_last` leaves out no log."""
        if at_last:
            self._pauses.clear()
        return await self._survives(self.flush)

    async def make_room(self) -> None:
        """Deletes the oldest runs over the limit, portion by portion; what is new meanwhile is kept in between."""
        while self._crowded:
            self._crowded = await self._in_thread(self.store.prune, self.most)
            await self.flush()

    async def flush(self) -> None:
        """Keeps what is new, lets go of what is kept and ended. One at a time: no event is written twice."""
        async with self._flushing:
            news = [_News(log, self.kept[run], log.length) for run, log in self.logs.items()]
            now = asyncio.get_running_loop().time()
            news = [new for new in news if new.stop > new.first and not self._is_paused(new, now)]
            if not news:
                return
            done = await self._in_thread(self._write, news)
            for new in news:
                if new.log.run in done:
                    self._note_kept(new)
                else:
                    self._pause(new)

    def _note_kept(self, new: _News) -> None:
        self.kept[new.log.run] = new.stop
        self._pauses.pop(new.log.run, None)
        new.log.note_kept(new.stop)
        if new.ended:
            self._crowded = True
            del self.logs[new.log.run], self.kept[new.log.run], self._summing[new.log.run]

    def _pause(self, new: _News) -> None:
        before = self._pauses.get(new.log.run)
        seconds = min(2 * before.seconds, LONGEST_PAUSE_S) if before else PAUSE_S
        self._pauses[new.log.run] = _Pause(seconds, asyncio.get_running_loop().time() + seconds)
        new.log.note_unkept()

    def _is_paused(self, new: _News, now: float) -> bool:
        pause = self._pauses.get(new.log.run)
        return pause is not None and now < pause.until

    def close(self) -> None:
        self._crowded = False
        self._thread.shutdown()

    async def _survives(self, work: Callable[[], Awaitable[None]]) -> bool:
        try:
            await work()
        # A database's driver may raise anything; whoever keeps must outlive it, or nothing is ever kept again.
        except Exception as error:  # noqa: BLE001
            if (said := repr(error)) != self._said.get(work):
                _log.exception("the store failed; what is new is held and tried again")
                self._said[work] = said
            return False
        self._said.pop(work, None)
        return True

    async def _in_thread(self, work: Callable[[_T], _R], what: _T) -> _R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, what)

    def _write(self, news: Sequence[_News]) -> set[str]:
        """Keeps what it can and gives those runs. Raises what the store raises where it takes nothing at all."""
        try:
            self._append(news)
        # As in `_survives`: one run that the store cannot take must not hold up the others.
        except Exception as error:
            if len(news) == 1 and not isinstance(error, IntegrityError):
                raise
            if done := self._append_each(news):
                return done
            raise
        return {new.log.run for new in news}

    def _append(self, news: Sequence[_News]) -> None:
        segments = [Segment(new.log.run, new.first, new.log.lines(new.first, new.stop)) for new in news]
        for new in news:
            self._summing[new.log.run].take(new)
        endings = [Ending(new.log.run, new.ended.status, self._summary(new)) for new in news if new.ended]
        self.store.append(segments, endings)

    def _summary(self, new: _News) -> Summary:
        return self._summing[new.log.run].state.summary()

    def _append_each(self, news: Sequence[_News]) -> set[str]:
        """Keeps one run after the other and gives those that are done with; none where the store takes too long."""
        done: set[str] = set()
        failed: dict[str, Exception] = {}
        began = time.monotonic()
        for new in news:
            if not done and time.monotonic() - began > PATIENCE_S:
                break
            run = new.log.run
            try:
                self._append([new])
                done.add(run)
            except IntegrityError:
                _log.exception("the store has no place for events of run %s; they are let go", run)
                done.add(run)
            # Again: the next run is tried whatever the driver says of this one.
            except Exception as error:  # noqa: BLE001
                failed[run] = error
        if done:
            for run in failed.keys() - self._pauses.keys():
                _log.error("the store does not take run %s; it is held and tried again", run, exc_info=failed[run])
        return done
