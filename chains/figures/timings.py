"""The rows behind the latency charts: what came when, chunk by chunk and item by item. All times are ms."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

from chains.events import (
    Chunk,
    ChunkKind,
    Event,
    ItemEnded,
    ItemStarted,
    Retry,
    RunEnded,
    RunStarted,
    RunStatus,
    StepEnded,
    StepStarted,
    Usage,
)
from chains.metrics import ItemTimes, gaps, item_metrics, stalls

SAME_PACKET_MS = 1.0
"""Chunks that follow sooner than this came together."""


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """One chunk of an item.

    `number` counts all chunks of the item from 1. `at` is since the item's start. `gap` is since the chunk with text
    before it; None for the first and for chunks without text or reasoning, which `timed` says.
    """

    number: int
    at: float
    gap: float | None
    characters: int
    kind: ChunkKind
    text: str
    timed: bool = True
    same_packet: bool = False
    stall: bool = False


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One input of a run, its instants since the run began; `end` is its close time, `lane` counts from 1.

    Without `start` the item never began, without `first_text` no text came. `last_attempt` is `start` unless attempts
    before it failed.
    """

    index: int
    lane: int | None
    planned: float | None
    start: float | None
    last_attempt: float | None
    first_text: float | None
    end: float | None
    status: RunStatus
    queue_wait_ms: float | None
    ttft_ms: float | None
    e2e_ms: float | None


def chunk_rows(events: Iterable[Event], item: int = 0) -> list[ChunkRow]:
    """A row a chunk of that item, empty chunks too."""
    times, chunks = ItemTimes(), []
    for event in events:
        if getattr(event.what, "item", None) == item:
            times.note(event)
            if isinstance(event.what, Chunk):
                chunks.append((event.at, event.what))
    waits, stalled = iter((None, *gaps(times.texts))), set(stalls(times.texts))
    rows, start, counted = [], times.start or 0.0, -1
    for number, (at, chunk) in enumerate(chunks, 1):
        timed = bool(chunk.text) and chunk.kind in ("text", "reasoning")
        gap = next(waits) if timed else None
        counted += timed
        row = ChunkRow(
            number=number,
            at=round(at - start, 3),
            gap=None if gap is None else round(gap, 3),
            characters=len(chunk.text),
            kind=chunk.kind,
            text=chunk.text,
            timed=timed,
            same_packet=gap is not None and gap < SAME_PACKET_MS,
            stall=gap is not None and counted - 1 in stalled,
        )
        rows.append(row)
    return rows


def step_events(events: Iterable[Event], step: str) -> Iterator[Event]:
    """What happened in one step, such as a parallel branch, told as of an item that has no other; and the run's own."""
    for event in events:
        match event.what:
            case RunStarted() | RunEnded():
                yield event
            case StepStarted(item=item, step=name) if name == step:
                yield replace(event, what=ItemStarted(item))
            case StepEnded(step=name) as ended if name == step:
                kept = {field.name: getattr(ended, field.name) for field in fields(ItemEnded)}
                yield replace(event, what=ItemEnded(**kept))
            case (Chunk() | Retry() | Usage()) as what if what.step == step:
                yield replace(event, what=replace(what, step=None))


def item_rows(events: Iterable[Event]) -> list[ItemRow]:
    """A row an input of the run, also of those that never began."""
    times: dict[int, ItemTimes] = {}
    ends: dict[int, ItemEnded] = {}
    count, over = 0, 0.0
    run_status: RunStatus = "running"
    for event in events:
        over = event.at
        match event.what:
            case RunStarted(items=items):
                count = items
            case RunEnded(status=status):
                run_status = status
            case what:
                times.setdefault(what.item, ItemTimes()).note(event)
                if isinstance(what, ItemEnded):
                    ends[what.item] = what
    indices = range(max(count, 1 + max(times, default=-1)))
    spans = {index: _span(times[index], over) for index in indices if index in times}
    lanes = lanes_of({index: span for index, span in spans.items() if span})
    return [
        _item_row(index, times.get(index, ItemTimes()), lanes.get(index), spans.get(index), ends.get(index), run_status)
        for index in indices
    ]


def lanes_of(spans: dict[int, tuple[float, float]]) -> dict[int, int]:
    """Gives each span (start, end) the lowest lane, from 1, that is free at its start; as few lanes as can be."""
    lanes: dict[int, int] = {}
    free: list[int] = []
    busy: list[tuple[float, int]] = []
    for index, (start, end) in sorted(spans.items(), key=lambda named: (named[1], named[0])):
        while busy and busy[0][0] <= start:
            heapq.heappush(free, heapq.heappop(busy)[1])
        lanes[index] = heapq.heappop(free) if free else len(busy) + 1
        heapq.heappush(busy, (end, lanes[index]))
    return lanes


def in_flight(rows: Sequence[ItemRow]) -> list[tuple[float, int]]:
    """How many items went on, from each instant at which that changed."""
    changes: dict[float, int] = {}
    for row in rows:
        if row.start is not None and row.end is not None:
            changes[row.start] = changes.get(row.start, 0) + 1
            changes[row.end] = changes.get(row.end, 0) - 1
    steps, now = [], 0
    for at in sorted(changes):
        now += changes[at]
        steps.append((at, now))
    return steps


def item_status(ended: ItemEnded | StepEnded | None, *, begun: bool, run_status: RunStatus) -> RunStatus:
    """The status of an item, or of a step; one that never came to its end shares the fate of its run."""
    if ended is not None:
        return ended.status
    if run_status in ("queued", "running"):
        return "running" if begun else "queued"
    return "stopped" if run_status in ("done", "failed", "incomplete") else run_status


def _span(times: ItemTimes, over: float) -> tuple[float, float] | None:
    if times.start is None:
        return None
    return times.start, over if times.closed is None else times.closed


def _item_row(
    index: int,
    times: ItemTimes,
    lane: int | None,
    span: tuple[float, float] | None,
    ended: ItemEnded | None,
    run_status: RunStatus,
) -> ItemRow:
    figures = item_metrics(times)
    return ItemRow(
        index=index,
        lane=lane,
        planned=times.planned,
        start=times.start,
        last_attempt=times.last_attempt if ended is not None and ended.attempts > 1 else times.start,
        first_text=times.first_text,
        end=span[1] if span else None,
        status=item_status(ended, begun=times.start is not None, run_status=run_status),
        queue_wait_ms=figures.queue_wait_ms,
        ttft_ms=figures.ttft_ms,
        e2e_ms=figures.e2e_ms,
    )
