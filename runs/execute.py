"""One run as a task: items, workers, and how it ends."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chains.build import Chain
from chains.calling.parallel import ParallelCall
from chains.calling.places import Places
from chains.calls import Call, Clock
from chains.events import Fault, RunEnded, RunStarted, RunStatus
from chains.methods.names import Method, method_of_request
from chains.methods.run import MethodRun, pipe
from chains.outcomes import Outcome
from chains.spec import RunRequest
from runs.log import RunLog


@dataclass(slots=True)
class Execution:
    """A run in progress.

    `cut_short` is what a cancellation means: stopped by a person, or interrupted with the process.
    """

    request: RunRequest
    chain: Chain
    log: RunLog
    connections: Places
    """To providers, of the whole process, over all runs."""
    local_calls: Places
    """The same for LangChain's methods on a model without connections: they may take a thread each."""
    clock: Clock
    item_ended: Callable[[], None]
    """Called after each item of a batch: its end is told to nobody before it is kept."""
    cut_short: RunStatus = "stopped"

    async def run(self) -> None:
        """Runs every item and tells all of it, `run_ended` last, also when cancelled. Raises nothing."""
        self._begin()
        statuses: list[RunStatus] = []
        try:
            await self._items(statuses)
        except asyncio.CancelledError:
            self._end(self.cut_short)
        else:
            self._end(_together(statuses) if self.request.mode == "batch" else statuses[0])

    async def _items(self, statuses: list[RunStatus]) -> None:
        if method := method_of_request(self.request):
            statuses += await self._by(method)
            if self.log.sure:
                self.item_ended()
            return
        queue = iter(range(self.request.items))
        lanes = min(self.request.at_once, self.request.items)
        if lanes == 1:
            await self._lane(queue, statuses)
            return
        async with asyncio.TaskGroup() as group:
            for _ in range(lanes):
                group.create_task(self._lane(queue, statuses))

    async def _lane(self, queue: Iterator[int], statuses: list[RunStatus]) -> None:
        for index in queue:
            statuses.append(await self._item(index))
            if self.log.sure:
                self.item_ended()

    async def _item(self, index: int) -> RunStatus:
        streamed, inputs = self.request.mode != "invoke", self.request.values_of(index)
        if self.chain.branches:
            # Each branch waits for a connection of its own: an item that held one meanwhile could wait for itself.
            return await self._call(ParallelCall(self.chain, inputs, index, streamed, self.clock, self._connection))
        variant = self.request.variant_of(index)
        chain = self.chain if variant is None else self.chain.variants[variant]
        async with self._connection():
            return await self._call(Call(chain, inputs, index, streamed, self.clock))

    async def _call(self, call: Call | ParallelCall) -> RunStatus:
        try:
            return await call.run(self.log.tell)
        except asyncio.CancelledError:
            now = self.clock.now_ns()
            for what in call.cut_short(self.cut_short):
                self.log.tell(now, what)
            raise

    async def _by(self, method: Method) -> list[RunStatus]:
        request, made = self.request, pipe(self.chain, self.request.chain.parser)
        places = self.connections if self.chain.remote else self.local_calls
        called = MethodRun(self.chain, made, method, request.inputs, request.at_once, self.clock, places)
        try:
            return await called.run(self.log.tell)
        except asyncio.CancelledError:
            for ended in called.cut_short(self.cut_short):
                self.log.tell(self.clock.now_ns(), ended)
            raise

    def _connection(self) -> AbstractAsyncContextManager[None]:
        return self.connections.held() if self.chain.remote else nullcontext()

    def make_sure_it_ended(self, *, cancelled: bool) -> None:
        """Tells the end of a run that broke before it could, or was cancelled before it began."""
        if self.log.ended:
            return
        if not self.log.length:
            self._begin()
        if cancelled:
            self._end(self.cut_short)
        else:
            self._end("failed", Outcome("internal").as_json())

    def _begin(self) -> None:
        began = self.log.began_ns = self.clock.now_ns()
        self.clock = replace(self.clock, began_ns=began)
        started = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.log.tell(began, RunStarted(self.request.mode, self.request.items, started))

    def _end(self, status: RunStatus, error: Fault | None = None) -> None:
        self.log.tell(self.clock.now_ns(), RunEnded(status, error))


def _together(statuses: list[RunStatus]) -> RunStatus:
    """How a batch ended: done when one item is, else failed."""
    return "done" if "done" in statuses else "failed"
