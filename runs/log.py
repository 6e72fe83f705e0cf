"""The append-only log of one run, and the one crossing from the engine's thread to whoever follows.

The engine's loop appends; any number of followers on other loops read what is new. A follower is woken only if it has
looked since it was last woken, so that a burst of chunks costs one wake-up and not one each.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from chains.events import Event, Happening, RunEnded, encode_short


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


@dataclass(slots=True, eq=False, weakref_slot=True)
class RunLog:
    """The events of one run, in order; `events[n].seq == n`. Written by one thread, read by all."""

    run: str
    began_ns: int = 0
    events: list[Event] = field(default_factory=list)
    ended: bool = False
    _lines: list[str] = field(default_factory=list)
    _followers: set[_Follower] = field(default_factory=set)

    def tell(self, instant_ns: int, what: Happening) -> None:
        """Appends what happened at `instant_ns` (`perf_counter_ns`) and wakes whoever waits; engine's thread only."""
        events = self.events
        events.append(Event(len(events), round((instant_ns - self.began_ns) / 1e6, 3), what))
        if type(what) is RunEnded:
            self.ended = True
        for follower in tuple(self._followers):
            if follower.waits:
                follower.wake()

    def lines(self, start: int, stop: int) -> list[str]:
        """The short JSON of events `start` to `stop`, each encoded once however many read it."""
        lines = self._lines
        while len(lines) < stop:
            # Two threads may encode the same event; both write the same text to the same place.
            position = len(lines)
            lines[position : position + 1] = [encode_short(self.events[position])]
        return lines[start:stop]

    def take_lines(self, lines: list[str]) -> None:
        """Takes the encoded lines of all events, so that what the store gave is not encoded again."""
        self._lines = lines

    def now_ms(self) -> float:
        """Milliseconds since the run began; 0 before."""
        return (time.perf_counter_ns() - self.began_ns) / 1e6 if self.began_ns else 0.0

    @property
    def followed(self) -> bool:
        return bool(self._followers)

    async def follow(self, after: int = -1) -> AsyncIterator[Sequence[Event]]:
        """Yields what is new after number `after`, many events at once, until the run has ended and all is given."""
        follower = _Follower(asyncio.get_running_loop(), asyncio.Event())
        self._followers.add(follower)
        position = after + 1
        try:
            while True:
                follower.news.clear()
                follower.waits = True
                ended, length = self.ended, len(self.events)
                if length > position:
                    follower.waits = False
                    yield self.events[position:length]
                    position = length
                elif ended:
                    return
                else:
                    await follower.news.wait()
        finally:
            self._followers.discard(follower)
