"""The append-only log of one run, and the one crossing from the engine's thread to whoever follows.

The engine's loop appends; any number of followers on other loops read what is new. A follower is woken only if it has
looked since it was last woken, so that a burst of chunks costs one wake-up and not one each. A long run's early events
leave memory once they are kept; whoever still wants them gets them from the store.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from chains.events import Event, Happening, ItemEnded, RunEnded, decode_lines, encode_short

HELD = 4_000
"""So many events of a run stay in memory, however long it is; twice as many before the rest goes.

Each of them is walked by every full collection of garbage, which holds up the whole process: 40,000 cost 40 ms.
"""
STEP = 2_000
"""So many at once are read from the store."""
AT_ONCE = 500
"""So many are encoded on a follower's own loop, in a few ms; more of them in a thread."""

_T = TypeVar("_T")

ReadLines = Callable[[int, int], list[str]]
"""Gives the kept lines of events `start` to before `stop`."""


@dataclass(slots=True, eq=False)
class _Follower:
    loop: asyncio.AbstractEventLoop
    news: asyncio.Event
    waits: bool = False

    def wake(self) -> None:
        self.waits = False
        try:
            self.loop.call_soon_threadsafe(self.news.set)
        except RuntimeError:
            return  # The follower's loop has closed; it needs no waking.


@dataclass(frozen=True, slots=True)
class _Window:
    """What is in memory: the events from number `first` on, and those lines of them that were encoded by now.

    Replaced as a whole, so that a reader in another thread never sees half of a change.
    """

    first: int = 0
    events: list[Event] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def _nothing_kept(start: int, stop: int) -> list[str]:
    raise LookupError(f"events {start} to {stop} are neither in memory nor kept")


@dataclass(slots=True, eq=False, weakref_slot=True)
class RunLog:
    """The events of one run, in order, numbered from 0. Written by one thread, read by all.

    With `sure`, no follower is given the end of an item before it is kept: what was once said to be done stays done,
    whatever happens to the process.
    """

    run: str
    began_ns: int = 0
    ended: bool = False
    sure: bool = False
    read_kept: ReadLines = _nothing_kept
    _window: _Window = field(default_factory=_Window)
    _unsure: deque[int] = field(default_factory=deque)
    """Numbers of the ends of items that are not kept yet."""
    _followers: set[_Follower] = field(default_factory=set)

    @classmethod
    def of_kept(cls, run: str, length: int, read_kept: ReadLines) -> "RunLog":
        """The log of a run of which `length` events are kept and no more will come."""
        return cls(run, ended=True, read_kept=read_kept, _window=_Window(length))

    @property
    def length(self) -> int:
        """How many events there are by now."""
        window = self._window
        return window.first + len(window.events)

    def tell(self, instant_ns: int, what: Happening) -> None:
        """Appends what happened at `instant_ns` (`perf_counter_ns`) and wakes whoever waits; engine's thread only."""
        window = self._window
        number = window.first + len(window.events)
        if self.sure and type(what) is ItemEnded:
            self._unsure.append(number)
        window.events.append(Event(number, round((instant_ns - self.began_ns) / 1e6, 3), what))
        if type(what) is RunEnded:
            self.ended = True
        self._wake()

    def note_kept(self, length: int) -> None:
        """Takes note that the first `length` events are kept; engine's thread only."""
        while self._unsure and self._unsure[0] < length:
            self._unsure.popleft()
        window = self._window
        spare = min(length, self.length - HELD) - window.first
        if spare >= HELD:
            self._window = _Window(window.first + spare, window.events[spare:], window.lines[spare:])
        self._wake()

    def note_unkept(self) -> None:
        """Takes note that the store takes nothing at present: rather said and lost than never said."""
        self._unsure.clear()
        self._wake()

    @property
    def events(self) -> list[Event]:
        """All events by now."""
        return self.slice(0, self.length) if self._window.first else self._window.events

    def each(self) -> Iterator[Event]:
        """All events by now, not all of them in memory at once."""
        length = self.length
        for start in range(0, length, STEP):
            yield from self.slice(start, min(length, start + STEP))

    def slice(self, start: int, stop: int) -> list[Event]:
        """Events `start` to before `stop`; may wait for the store."""
        window = self._window
        older = decode_lines(self.read_kept(start, min(stop, window.first))) if start < window.first else []
        return older + window.events[max(0, start - window.first) : max(0, stop - window.first)]

    def lines(self, start: int, stop: int) -> list[str]:
        """The short JSON of events `start` to before `stop`, each encoded once; may wait for the store."""
        window = self._window
        lines = window.lines
        while len(lines) < stop - window.first:
            # Two threads may encode the same event; both write the same text to the same place.
            position = len(lines)
            lines[position : position + 1] = [encode_short(window.events[position])]
        older = self.read_kept(start, min(stop, window.first)) if start < window.first else []
        return older + lines[max(0, start - window.first) : max(0, stop - window.first)]

    def now_ms(self) -> float:
        """Milliseconds since the run began; 0 before."""
        return (time.perf_counter_ns() - self.began_ns) / 1e6 if self.began_ns else 0.0

    @property
    def followed(self) -> bool:
        return bool(self._followers)

    def follow(self, after: int = -1) -> AsyncIterator[Sequence[Event]]:
        """Yields what is new after number `after`, many events at once, until the run has ended and all is given."""
        return self._follow(after, self.slice)

    def follow_lines(self, after: int = -1) -> AsyncIterator[Sequence[str]]:
        """`follow`, each event as a line of short JSON."""
        return self._follow(after, self.lines)

    async def _follow(self, after: int, read: Callable[[int, int], list[_T]]) -> AsyncIterator[Sequence[_T]]:
        follower = _Follower(asyncio.get_running_loop(), asyncio.Event())
        self._followers.add(follower)
        position = after + 1
        try:
            while True:
                follower.news.clear()
                follower.waits = True
                ended, length = self.ended, self._sure_length()
                if length > position:
                    follower.waits = False
                    if position >= self._window.first and length - position <= AT_ONCE:
                        yield read(position, length)
                    else:
                        length = min(length, position + STEP)
                        yield await asyncio.to_thread(read, position, length)
                    position = length
                elif ended and position >= self.length:
                    return
                else:
                    await follower.news.wait()
        finally:
            self._followers.discard(follower)

    def _sure_length(self) -> int:
        try:
            return self._unsure[0]
        except IndexError:
            return self.length

    def _wake(self) -> None:
        for follower in tuple(self._followers):
            if follower.waits:
                follower.wake()
