"""One item of a chain with parallel branches: every branch a call of its own, all at once, as in `RunnableParallel`.

What a branch tells carries its name as the step. Each has its attempts, its limits and a connection of its own; one
that fails stops no other, where LangChain would give up all of them.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace

from chains.build import Chain
from chains.calls import Call, Clock, Tell
from chains.events import Chunk, Happening, ItemEnded, ItemStarted, Retry, RunStatus, StepEnded, StepStarted, Usage
from chains.outcomes import Outcome
from chains.spec import Inputs

Connect = Callable[[], AbstractAsyncContextManager[None]]
"""A provider connection of the process, waited for and given back."""


@dataclass(slots=True)
class Branch:
    """One branch of one item, under way."""

    name: str
    call: Call
    started_ns: int = 0
    """When its first attempt began; 0 before."""
    status: RunStatus | None = None
    """How it ended; None before."""

    async def run(self, tell: Tell, connect: Connect) -> None:
        """Raises only `CancelledError`, and then has told no end."""

        def tell_step(instant: int, what: Happening) -> None:
            self.started_ns = self.started_ns or instant
            tell(instant, of_step(what, self.name))

        async with connect():
            self.status = await self.call.run(tell_step)

    def cut_short(self, status: RunStatus) -> tuple[Happening, ...]:
        """The end of a branch that was cancelled after it had begun; nothing of any other."""
        if not self.started_ns or self.status is not None:
            return ()
        return tuple(of_step(what, self.name) for what in self.call.cut_short(status))


@dataclass(slots=True)
class ParallelCall:
    """One item to run, once: `Call` for a chain with branches."""

    chain: Chain
    inputs: Inputs
    item: int
    streamed: bool
    clock: Clock
    connect: Connect
    branches: list[Branch] = field(init=False)
    started_ns: int = field(default=0, init=False)
    """When the first branch began; 0 before."""

    def __post_init__(self) -> None:
        self.branches = [
            Branch(name, Call(chain, self.inputs, self.item, self.streamed, self.clock))
            for name, chain in self.chain.branches.items()
        ]

    async def run(self, tell: Tell) -> RunStatus:
        """Tells what happens, from `item_started` to `item_ended`, and returns the item's status.

        Raises only `CancelledError`: then the ends are the caller's to tell; see `cut_short`.
        """

        def tell_start_first(instant: int, what: Happening) -> None:
            if not self.started_ns:
                self.started_ns = instant
                tell(instant, ItemStarted(self.item))
            tell(instant, what)

        async with asyncio.TaskGroup() as group:
            for branch in self.branches:
                group.create_task(branch.run(tell_start_first, self.connect))
        status, outcome = together({branch.name: branch.status for branch in self.branches})
        tell(self.clock.now_ns(), self._ended(status, outcome))
        return status

    def cut_short(self, status: RunStatus) -> tuple[Happening, ...]:
        """What is left to tell of an item whose `run` was cancelled; nothing of one that had not begun."""
        if not self.started_ns:
            return ()
        ends = [what for branch in self.branches for what in branch.cut_short(status)]
        return (*ends, self._ended(status))

    def _ended(self, status: RunStatus, outcome: Outcome | None = None) -> ItemEnded:
        at = self.clock.since_ms(self.started_ns)
        return ItemEnded(self.item, status, error=outcome.as_json() if outcome else None, last_attempt_at=at)


def together(statuses: Mapping[str, RunStatus | None]) -> tuple[RunStatus, Outcome | None]:
    """How an item ended whose branches ended so: done when all are, failed when all have, else incomplete."""
    failed = [name for name, status in statuses.items() if status == "failed"]
    if failed:
        outcome = Outcome("branches_failed", {"names": ", ".join(failed)})
        return ("failed" if len(failed) == len(statuses) else "incomplete"), outcome
    if all(status == "done" for status in statuses.values()):
        return "done", None
    return "incomplete", Outcome("incomplete")


def of_step(what: Happening, step: str) -> Happening:
    """What a call told of an item, told of a step of that item."""
    match what:
        case Chunk(item=item, kind=kind, text=text):
            return Chunk(item, kind, text, step)
        case Retry() | Usage():
            return replace(what, step=step)
        case ItemStarted(item=item):
            return StepStarted(item, step)
        case ItemEnded():
            fields = {name: getattr(what, name) for name in ItemEnded.__slots__ if name != "item"}
            return StepEnded(what.item, step, **fields)
    return what
