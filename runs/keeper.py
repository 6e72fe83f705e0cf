"""Writes behind: what logs have gathered goes to the store every quarter of a second, and at once when a run ends."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from chains.events import RunEnded
from runs.log import RunLog
from runs.record import summarise
from runs.store.store import Segment, Store

PERIOD_S = 0.25

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Keeper:
    """Holds each log until all of it is kept. Used on the engine's loop; a thread of its own touches the database.

    `most` is the size limit of the store in characters.
    """

    store: Store
    most: int
    kept: dict[str, int] = field(default_factory=dict)
    """How many events of each held run are in the store."""
    logs: dict[str, RunLog] = field(default_factory=dict)
    _hurry: asyncio.Event = field(default_factory=asyncio.Event)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "runs-store"))

    def hold(self, log: RunLog) -> None:
        self.logs[log.run], self.kept[log.run] = log, 0

    def hurry(self) -> None:
        """Asks for the next flush at once."""
        self._hurry.set()

    async def keep(self) -> None:
        """Flushes for ever; a failure is logged and tried again at the next turn, nothing is let go meanwhile."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), PERIOD_S)
            self._hurry.clear()
            try:
                await self.flush()
            except SQLAlchemyError:
                _log.exception("the store did not take what is new; it is held and tried again")

    async def flush(self) -> None:
        """Keeps what is new, lets go of what is kept and ended."""
        new = [(log, self.kept[run], len(log.events)) for run, log in self.logs.items()]
        new = [(log, first, stop) for log, first, stop in new if stop > first]
        if not new:
            return
        await asyncio.get_running_loop().run_in_executor(self._thread, self._write, new)

    def close(self) -> None:
        self._thread.shutdown()

    def _write(self, new: list[tuple[RunLog, int, int]]) -> None:
        self.store.append(Segment(log.run, first, log.lines(first, stop)) for log, first, stop in new)
        ended = False
        for log, _, stop in new:
            self.kept[log.run] = stop
            last = log.events[stop - 1].what
            if isinstance(last, RunEnded):
                self.store.end(log.run, last.status, summarise(log.events))
                self.logs.pop(log.run)
                self.kept.pop(log.run)
                ended = True
        if ended:
            self.store.prune(self.most)
