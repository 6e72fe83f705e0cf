"""Room for so many calls of models at once: first come, first served, several places in one go or none.

Whoever waits for more places than are free is overtaken by those who find theirs, so that none stays empty; but only by
so many as there are places, then its turn comes first.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class _Wait:
    """Someone who waits for `count` places, and how many places were taken by those who came later."""

    count: int
    turn: "asyncio.Future[None]"
    overtaken: int = 0


@dataclass(slots=True)
class Places:
    """`most` places, for one event loop. Who wants more than there are gets all of them."""

    most: int
    taken: int = 0
    _waiting: deque[_Wait] = field(default_factory=deque)

    async def take(self, count: int = 1) -> None:
        """Waits until so many are free; `give` gives them back."""
        count = min(count, self.most)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Wait(count, turn))
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.taken -= count
            self._admit()
            raise

    def give(self, count: int = 1) -> None:
        """Gives back what was taken with the same count; on the loop."""
        self.taken -= min(count, self.most)
        self._admit()

    @asynccontextmanager
    async def held(self, count: int = 1) -> AsyncIterator[None]:
        """Takes, and gives back at the end."""
        await self.take(count)
        try:
            yield
        finally:
            self.give(count)

    def _admit(self) -> None:
        passed: list[_Wait] = []
        while self._waiting and self.taken < self.most and all(wait.overtaken < self.most for wait in passed):
            wait = self._waiting.popleft()
            if wait.turn.done():
                continue
            if self.taken + wait.count > self.most:
                passed.append(wait)
                continue
            self.taken += wait.count
            wait.turn.set_result(None)
            for each in passed:
                each.overtaken += wait.count
        self._waiting.extendleft(reversed(passed))
