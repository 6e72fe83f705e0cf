"""Rows behind the charts, recomputed from the wire by other means."""

import json
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.events import (
    Chunk,
    Event,
    Happening,
    ItemEnded,
    ItemStarted,
    Retry,
    RunEnded,
    RunStarted,
    StepEnded,
    StepStarted,
    Usage,
    encode_json,
    to_wire,
)
from chains.figures.timings import chunk_rows, in_flight, item_rows, item_status, lanes_of, step_events
from chains.metrics import batch_metrics, times_by_item


def events(*timed: tuple[float, Happening]) -> list[Event]:
    return [Event(seq, at, what) for seq, (at, what) in enumerate(timed)]


BATCH = events(
    (0.0, RunStarted("batch", 5, "")),
    (1.0, ItemStarted(0)),
    (2.0, ItemStarted(1)),
    (20.0, Chunk(0, "text", "a")),
    (40.0, ItemEnded(0, "done", last_attempt_at=1.0)),
    (41.0, ItemStarted(2)),
    (60.0, Chunk(1, "text", "b")),
    (70.0, ItemEnded(1, "failed", attempts=2, last_attempt_at=30.0)),
    (71.0, ItemStarted(3)),
    (90.0, ItemEnded(2, "failed", last_attempt_at=41.001)),
    (100.0, RunEnded("stopped")),
)


def test_a_row_a_chunk_with_its_gap_and_its_kind() -> None:
    rows = chunk_rows(
        events(
            (10.0, ItemStarted(0)),
            (13.0, Chunk(0, "role", "")),
            (110.0, Chunk(0, "reasoning", "hm")),
            (110.4, Chunk(0, "text", "Yes")),
            (111.0, Chunk(1, "text", "another item's")),
            (120.0, Chunk(0, "tool", "{}")),
            (150.4, Chunk(0, "text", ".")),
            (900.0, Chunk(0, "text", "!")),
        )
    )
    assert [(row.number, row.at, row.gap, row.characters, row.kind) for row in rows] == [
        (1, 3.0, None, 0, "role"),
        (2, 100.0, None, 2, "reasoning"),
        (3, 100.4, 0.4, 3, "text"),
        (4, 110.0, None, 2, "tool"),
        (5, 140.4, 40.0, 1, "text"),
        (6, 890.0, 749.6, 1, "text"),
    ]
    assert [row.number for row in rows if row.same_packet] == [3]
    assert [row.number for row in rows if row.stall] == [6]
    assert [row.number for row in rows if not row.timed] == [1, 4]


def test_a_row_an_input_also_of_one_that_failed_and_one_that_never_began() -> None:
    rows = item_rows(BATCH)
    assert [(row.index, row.lane, row.status, row.end) for row in rows] == [
        (0, 1, "done", 40.0),
        (1, 2, "failed", 70.0),
        (2, 1, "failed", 90.0),
        (3, 2, "stopped", 100.0),
        (4, None, "stopped", None),
    ]
    assert [(row.queue_wait_ms, row.ttft_ms, row.e2e_ms) for row in rows[:3]] == [
        (1.0, 19.0, 19.0),
        (2.0, 58.0, 58.0),
        (41.0, None, None),
    ]
    assert [row.last_attempt for row in rows] == [1.0, 30.0, 41.0, 71.0, None]


def test_in_flight_counts_those_that_go_on() -> None:
    assert in_flight(item_rows(BATCH)) == [(1, 1), (2, 2), (40, 1), (41, 2), (70, 1), (71, 2), (90, 1), (100, 0)]


def test_an_item_that_never_ended_shares_its_run_s_fate() -> None:
    assert item_status(None, begun=False, run_status="running") == "queued"
    assert item_status(None, begun=True, run_status="running") == "running"
    assert item_status(None, begun=True, run_status="interrupted") == "interrupted"
    assert item_status(None, begun=True, run_status="failed") == "stopped"


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=40)


@settings(deadline=None, derandomize=True)
@given(SPANS)
def test_lanes_never_overlap_and_are_as_few_as_can_be(spans: Sequence[tuple[int, int]]) -> None:
    times = {index: (float(start), float(start + length)) for index, (start, length) in enumerate(spans)}
    lanes = lanes_of(times)
    for lane in set(lanes.values()):
        mine = sorted(times[index] for index in times if lanes[index] == lane)
        assert all(before[1] <= after[0] for before, after in pairwise(mine))
    most = max((sum(s <= at < e for s, e in times.values()) for at in range(81)), default=0)
    assert max(lanes.values(), default=0) == most


KINDS = st.sampled_from(["role", "text", "text", "text", "reasoning", "tool"])


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.floats(0, 900), KINDS, st.text(max_size=5)), max_size=25))
def test_the_rows_are_those_that_another_reading_of_the_wire_gives(steps: Sequence[tuple[float, str, str]]) -> None:
    at, timed = 10.0, []
    for gap, kind, said in steps:
        at = round(at + gap, 3)
        timed.append((at, Chunk(0, kind, said)))  # type: ignore[arg-type]
    happened = events((10.0, ItemStarted(0)), *timed)
    wire = [json.loads(encode_json(to_wire(event))) for event in happened]
    chunks = [event for event in wire if event["type"] == "chunk"]
    before: float | None = None
    for row, chunk in zip(chunk_rows(happened), chunks, strict=True):
        assert row.at == pytest.approx(chunk["at"] - 10.0, abs=0.1)
        counts = bool(chunk["text"]) and chunk["kind"] in ("text", "reasoning")
        wanted = None if before is None or not counts else pytest.approx(chunk["at"] - before, abs=0.1)
        assert row.gap == wanted
        before = chunk["at"] if counts else before


def test_a_batch_s_figures_can_be_had_from_its_rows() -> None:
    rows = [row for row in item_rows(BATCH) if row.e2e_ms is not None and row.start is not None]
    figures = batch_metrics(times_by_item(BATCH).values(), 2)
    lasts = [(row.start or 0.0) + (row.e2e_ms or 0.0) for row in rows]
    assert figures["makespan_ms"] == pytest.approx(max(lasts) - min(row.start or 0.0 for row in rows), abs=0.1)
    assert figures["sum_ms"] == pytest.approx(sum(row.e2e_ms or 0.0 for row in rows), abs=0.1)


def test_a_step_is_told_as_an_item_that_has_no_other() -> None:
    told = events(
        (0.0, RunStarted("stream", 1, "")),
        (1.0, ItemStarted(0)),
        (1.0, StepStarted(0, "use")),
        (2.0, StepStarted(0, "buy")),
        (5.0, Retry(0, 1, 10.0, {}, "buy")),
        (20.0, Chunk(0, "text", "a", "use")),
        (31.0, Chunk(0, "text", "b", "buy")),
        (45.0, Chunk(0, "text", "c", "use")),
        (46.0, Usage(0, 1, 2, 3, step="use")),
        (50.0, StepEnded(0, "use", "done", "stop")),
        (60.0, StepEnded(0, "buy", "failed", error={"code": "cut"}, attempts=2, last_attempt_at=17.0)),
        (60.0, ItemEnded(0, "incomplete")),
        (61.0, RunEnded("incomplete")),
    )
    use, buy = (list(step_events(told, name)) for name in ("use", "buy"))
    assert [(row.text, row.at, row.gap) for row in chunk_rows(use)] == [("a", 19.0, None), ("c", 44.0, 25.0)]
    assert [(row.text, row.at) for row in chunk_rows(buy)] == [("b", 29.0)]
    assert [(row.status, row.start, row.end) for row in item_rows(use)] == [("done", 1.0, 50.0)]
    assert [(row.status, row.last_attempt, row.end) for row in item_rows(buy)] == [("failed", 17.0, 60.0)]
    assert [type(event.what) for event in buy] == [RunStarted, ItemStarted, Retry, Chunk, ItemEnded, RunEnded]
    assert all(getattr(event.what, "step", None) is None for event in (*use, *buy))
    assert list(step_events(told, "see")) == [told[0], told[-1]]
