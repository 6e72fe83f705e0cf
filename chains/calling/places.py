"""Room for so many calls of models at once: first come, first served, several places in one go or none."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Places:
    """`most` places, for one event loop. Who wants more than there are gets all of them."""

    most: int
    taken: int = 0
    _waiting: deque[tuple[int, "asyncio.Future[None]"]] = field(default_factory=deque)

    async def take(self, count: int = 1) -> None:
        """Waits until so many are free; `give` gives them back."""
        count = min(count, self.most)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((count, turn))
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
        while self._waiting and (self._waiting[0][1].done() or self.taken + self._waiting[0][0] <= self.most):
            count, turn = self._waiting.popleft()
            if not turn.done():
                self.taken += count
                turn.set_result(None)
