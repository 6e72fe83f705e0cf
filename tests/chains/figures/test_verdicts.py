"""Verdicts by cases: each says what the rows bear out, and no more."""

from collections.abc import Sequence

import pytest

from chains.events import Chunk, Event, ItemEnded, ItemStarted, RunEnded, RunStarted
from chains.figures.timings import ChunkRow, chunk_rows, item_rows
from chains.figures.verdicts import Verdict, of_arrival, of_batch, of_gaps, of_pace
from chains.metrics import batch_metrics, times_by_item
from chains.words import fill


def rows(*instants: float) -> list[ChunkRow]:
    """Chunks of four characters at these ms since the start."""
    chunks = [Event(seq, at, Chunk(0, "text", "four")) for seq, at in enumerate(instants, 1)]
    return chunk_rows([Event(0, 0.0, ItemStarted(0)), *chunks])


def sentence(verdict: Verdict) -> str:
    number = {"count": str(verdict.count)}
    counted = verdict.one if verdict.count == 1 or verdict.other is None else verdict.other
    said = fill(counted, verdict.values if verdict.other is None else {**number, **verdict.values})
    assert "{" not in said
    return said


EVEN = [312.0 + 20 * n for n in range(20)]
BURST = [1000 + n * 0.2 for n in range(20)]


@pytest.mark.parametrize(
    ("instants", "said"),
    [
        ([], "No text came."),
        ([312], "The whole text came in one chunk, after 312 ms."),
        ([312, 332], "First text after 312 ms, then too few chunks to speak of a pace."),
        (EVEN, "First text after 312 ms; even pace, no stall."),
        ([*EVEN, 1492], "First text after 312 ms; even pace, one stall of 800 ms."),
        ([*EVEN, 1492, 2992], "First text after 312 ms; even pace, 2 stalls, the longest of 1.50 s."),
        ([0.4 * n * n + 100 for n in range(40)], "First text after 100 ms; uneven pace, no stall."),
        ([*(0.4 * n * n + 100 for n in range(40)), 2700], "First text after 100 ms; uneven pace, one stall of 1.99 s."),
        (
            [*BURST, *(at + 1500 for at in BURST)],
            "100 % of the text came in 2 bursts: something between the model and here buffers.",
        ),
        (
            [900, *BURST, *(at + 1500 for at in BURST)],
            "98 % of the text came in 2 bursts: something between the model and here buffers.",
        ),
        (BURST, "100 % of the text came in one burst, after 1.00 s: a buffer on the way, or a very fast model."),
    ],
)
def test_the_pace(instants: Sequence[float], said: str) -> None:
    assert sentence(of_pace(rows(*instants))) == said


def test_a_fast_and_even_stream_is_no_burst() -> None:
    assert sentence(of_pace(rows(*(100 + 0.9 * n for n in range(2000))))).endswith("even pace, no stall.")


def test_a_failure_is_told_with_what_came_before_it() -> None:
    assert sentence(of_pace([], failed_after=1200.0)) == "No text came: it failed after 1.20 s."
    assert (
        sentence(of_pace(rows(300), failed_after=500.0))
        == "First text after 300 ms; it failed after 500 ms, one chunk in."
    )
    assert sentence(of_pace(rows(*EVEN), failed_after=900.0)).endswith("it failed after 900 ms, 20 chunks in.")


def test_percentiles_are_told_from_the_sample_on_that_bears_them() -> None:
    assert sentence(of_gaps(rows(1, 3))) == "1 gap is too few to tell p50 (needs n ≥ 6)."
    assert sentence(of_gaps(rows(*range(0, 40, 10)))) == "3 gaps are too few to tell p50 (needs n ≥ 6)."
    few = sentence(of_gaps(rows(*range(0, 200, 10))))
    assert few == "Half of the gaps are 10 ms or shorter; 19 gaps are too few to tell p95 (needs n ≥ 59)."
    enough = sentence(of_gaps(rows(*range(0, 600, 10))))
    assert enough == "Half of the gaps are 10 ms or shorter, 95 % are 10 ms or shorter."


def test_the_arrival_of_half_and_of_all() -> None:
    said = sentence(of_arrival(rows(100, 200, 300, 1400)))
    assert said == "16 characters: half of the text was there after 200 ms, all of it after 1.40 s."
    assert sentence(of_arrival([])) == "No text came."


def batch(spans: Sequence[tuple[float, float]], lanes: int, statuses: Sequence[str] = ()) -> str:
    told: list[tuple[float, object]] = [(0.0, RunStarted("batch", len(spans), ""))]
    for item, (start, last) in enumerate(spans):
        status = statuses[item] if statuses else "done"
        told += [(start, ItemStarted(item)), (last, ItemEnded(item, status, last_attempt_at=start))]  # type: ignore[arg-type]
        if status != "failed silently":
            told.append((last, Chunk(item, "text", "x")))
    told.append((max(last for _, last in spans), RunEnded("done")))
    events = [Event(seq, at, what) for seq, (at, what) in enumerate(told)]  # type: ignore[arg-type]
    return sentence(of_batch(item_rows(events), batch_metrics(times_by_item(events).values(), lanes), lanes))


@pytest.mark.parametrize(
    ("spans", "lanes", "said"),
    [
        (
            [(0, 1330), (0, 970), (0, 800)],
            3,
            "3 inputs in 1.33 s instead of 3.10 s one after the other: 2.3× as fast, 78 % of what 3 lanes could give.",
        ),
        (
            [(0, 1000), (0, 1000)],
            10,
            "2 inputs in 1.00 s instead of 2.00 s one after the other: 2.0× as fast; 10 lanes were open.",
        ),
        ([(0, 1000)], 5, "One input in 1.00 s: there was nothing to run beside it."),
        ([(0, 500), (500, 1000)], 1, "2 inputs in 1.00 s, one after the other."),
        ([(0, 500), (500, 1000)], 2, "2 inputs in 1.00 s: no faster than one after the other, with 2 lanes."),
    ],
)
def test_what_running_at_once_has_gained(spans: Sequence[tuple[float, float]], lanes: int, said: str) -> None:
    assert batch(spans, lanes) == said


def test_failed_inputs_are_not_praised() -> None:
    said = batch([(0, 1000), (0, 1000), (0, 1000)], 3, ["done", "failed", "done"])
    assert said == "2 of 3 inputs came to their end; the text took 1.00 s instead of 3.00 s: 3.0× as fast."
    assert batch([(0, 9), (0, 9)], 2, ["failed silently"] * 2) == "No text came for any of 2 inputs."
    assert batch([(0, 9)], 2, ["failed silently"]) == "No text came for the only input."
