"""A run by one of LangChain's own methods: `prompt | model | parser`, called as a program would call it.

Sync methods run in a thread that nobody can stop; a run that is over hears nothing of it any more. Nothing is tried
again. What a run needs to know beside the method's results comes from LangChain's callbacks.
"""

import asyncio
import math
import threading
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from langchain_core.output_parsers import StrOutputParser
from langchain_core.runnables import Runnable, RunnableConfig

from chains.build import Chain
from chains.calling.json_parser import GrowingJsonParser
from chains.calling.places import Places
from chains.calls import Clock, Tell
from chains.events import Chunk, Happening, ItemEnded, ItemStarted, RunStatus
from chains.methods.items import GivenUp, Item, Seen
from chains.methods.names import BATCHES, STREAMS, SYNC, Method
from chains.methods.shown import Reading
from chains.methods.threads import in_thread, leave_at_exit, post
from chains.outcomes import Outcome, Refused
from chains.spec import Inputs, Parser

Pipe = Runnable[dict[str, object], Any]


def pipe(chain: Chain, parser: Parser) -> Pipe:
    """The chain as LangChain's users write it; the `message` parser is none."""
    rendered = chain.prompt.template | chain.model
    match parser:
        case "text":
            return cast(Pipe, rendered | StrOutputParser())
        case "json":
            return cast(Pipe, rendered | GrowingJsonParser())
    return cast(Pipe, rendered)


@dataclass(slots=True)
class MethodRun:
    """All items of a run, once. It waits for as many of `places` as it has calls at once."""

    chain: Chain
    pipe: Pipe
    method: Method
    inputs: Sequence[Inputs]
    max_concurrency: int
    clock: Clock
    places: Places
    over: bool = field(default=False, init=False)
    """Whether nobody waits any more; set on the loop, read in threads."""
    items: list[Item] = field(init=False)
    _loop: asyncio.AbstractEventLoop = field(init=False)
    _tell: Tell = field(init=False)
    _limit: asyncio.Timeout = field(init=False)
    _deadline: float = field(init=False)
    _workers: set[threading.Thread] = field(default_factory=set, init=False)
    _order: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        self.items = [Item(index, self.chain, self._say) for index in range(len(self.inputs))]

    async def run(self, tell: Tell) -> list[RunStatus]:
        """Tells what happens and returns the items' statuses.

        Raises only `CancelledError`: then the ends of items are the caller's to tell; see `cut_short`.
        """
        self._loop, self._tell = asyncio.get_running_loop(), tell
        ready = await self._rendered()
        if ready:
            results = await self._results([self.items[index] for index in ready], list(ready.values()))
            for index, result in zip(ready, results, strict=True):
                item = self.items[index]
                if not item.started_ns:
                    tell(self.clock.now_ns(), ItemStarted(index))
                for what in item.events(result, self.clock, streamed=self.method in STREAMS):
                    tell(self.clock.now_ns(), what)
        return [item.status for item in self.items]

    def cut_short(self, status: RunStatus) -> list[ItemEnded]:
        """The ends of the items that had begun when `run` was cancelled."""
        cut = [item for item in self.items if item.started_ns and item.status == "queued"]
        return [item.ended(status, self.clock) for item in cut]

    async def _rendered(self) -> dict[int, dict[str, object]]:
        """What each prompt is filled with, by item; an item that is refused has ended."""
        ready: dict[int, dict[str, object]] = {}
        for item, inputs in zip(self.items, self.inputs, strict=True):
            try:
                self.chain.prompt.render(inputs)
                ready[item.index] = self.chain.prompt.values(inputs)
            except Refused as refused:
                self._tell(self.clock.now_ns(), ItemStarted(item.index))
                self._tell(self.clock.now_ns(), item.ended("failed", self.clock, refused.outcome))
            await asyncio.sleep(0)
        return ready

    async def _results(self, items: list[Item], values: list[dict[str, object]]) -> Sequence[object]:
        """What the method gave for each item; an exception or an outcome where it failed."""
        at_once = min(self.max_concurrency, len(items))
        await self.places.take(at_once)
        free = partial(self.places.give, at_once)
        self._deadline = self._loop.time() + self.chain.limits.run_s * math.ceil(len(items) / at_once)
        try:
            async with asyncio.timeout_at(self._next_limit()) as self._limit:
                if self.method in SYNC:
                    return await in_thread(partial(self._blocking, items, values), free)
                return await self._awaited(items, values)
        # A model's class may raise anything, as in `chains/calls.py`.
        except Exception as error:  # noqa: BLE001
            return [self._too_late() if self._limit.expired() else error] * len(items)
        finally:
            if self.method not in SYNC:
                free()
            with self._order:
                self.over = True
                leave_at_exit(self._workers)

    def _blocking(self, items: list[Item], values: list[dict[str, object]]) -> Sequence[object]:
        configs = self._configs(items)
        if self.method in BATCHES:
            return self.pipe.batch(values, configs, return_exceptions=True)
        items[0].start()
        if self.method == "invoke":
            return [self.pipe.invoke(values[0], configs[0])]
        reading, at = self._reading(), 0
        for chunk in self.pipe.stream(values[0], configs[0]):
            at = self._take(items[0], reading, chunk)
        return [self._read(items[0], reading, at)]

    async def _awaited(self, items: list[Item], values: list[dict[str, object]]) -> Sequence[object]:
        configs = self._configs(items)
        if self.method in BATCHES:
            results = await self.pipe.abatch(values, configs, return_exceptions=True)
            # A cancellation is an exception like any other to `abatch`: it returns it.
            for cancelled in (result for result in results if isinstance(result, asyncio.CancelledError)):
                raise cancelled
            return results
        items[0].start()
        if self.method == "ainvoke":
            return [await self.pipe.ainvoke(values[0], configs[0])]
        reading, at = self._reading(), 0
        async with aclosing(cast(AsyncGenerator[object, None], self.pipe.astream(values[0], configs[0]))) as chunks:
            async for chunk in chunks:
                at = self._take(items[0], reading, chunk)
        return [self._read(items[0], reading, at)]

    def _configs(self, items: list[Item]) -> list[RunnableConfig]:
        streamed = self.method in STREAMS
        seen = [Seen(item, streamed=streamed, begin=self._begin, may_go_on=self._may_go_on) for item in items]
        return [RunnableConfig(callbacks=[each], max_concurrency=self.max_concurrency) for each in seen]

    def _begin(self) -> None:
        """Notes the thread of a call that begins. Raises `GivenUp` when the run is over."""
        with self._order:
            if self.over:
                raise GivenUp
            self._workers.add(threading.current_thread())

    def _may_go_on(self) -> bool:
        return not self.over or self._loop.time() < self._deadline

    def _reading(self) -> Reading:
        return Reading(grows=self.chain.parser is not None)

    @staticmethod
    def _take(item: Item, reading: Reading, chunk: object) -> int:
        at = 0
        for kind, text in reading.read(chunk):
            at = item.chunk(kind, text)
        return at

    @staticmethod
    def _read(item: Item, reading: Reading, at: int) -> object:
        """The value of a stream that has ended; its text is closed at the instant of its last chunk."""
        if reading.rest:
            item.chunk("text", reading.rest, at)
        item.rest(at)
        return reading.value

    def _say(self, what: Happening, at: int | None = None) -> int:
        # Threads of a batch tell in the order of their instants.
        with self._order:
            instant = at or self.clock.now_ns()
            if self.method in SYNC:
                post(self._loop, partial(self._hear, instant, what))
            else:
                self._hear(instant, what)
        return instant

    def _hear(self, instant: int, what: Happening) -> None:
        if self.over:
            return
        self._tell(instant, what)
        if type(what) is Chunk and self.method in STREAMS:
            self._limit.reschedule(self._next_limit())

    def _next_limit(self) -> float:
        if self.method not in STREAMS:
            return self._deadline
        return min(self._loop.time() + self.chain.limits.chunk_s, self._deadline)

    def _too_late(self) -> Outcome:
        limits = self.chain.limits
        if self._loop.time() >= self._deadline:
            return Outcome("timeout", {"seconds": f"{limits.run_s:g}"})
        return Outcome("stalled", {"seconds": f"{limits.chunk_s:g}"})
