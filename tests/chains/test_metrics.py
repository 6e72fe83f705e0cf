"""The figures of METRICS.md, on streams made by hand and recomputed from the wire by other means."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.events import (
    Chunk,
    Event,
    Happening,
    ItemEnded,
    ItemStarted,
    StepEnded,
    StepStarted,
    Usage,
    encode_json,
    to_wire,
)
from chains.metrics import ItemMetrics, as_json, batch_metrics, gaps, item_metrics, stalls, times_by_item

START = 10.0


def stream(*timed: tuple[float, Happening], item: int = 0) -> list[Event]:
    """Events with instants in ms since the item's start, which is 10 ms after the run's."""
    begun: list[tuple[float, Happening]] = [(0.0, ItemStarted(item)), *timed]
    return [Event(seq, START + at, what) for seq, (at, what) in enumerate(begun)]


def text(at: float, said: str) -> tuple[float, Happening]:
    return at, Chunk(0, "text", said)


def figures(*timed: tuple[float, Happening]) -> ItemMetrics:
    return item_metrics(times_by_item(stream(*timed))[0])


def usage(at: float, tokens: int) -> tuple[float, Happening]:
    return at, Usage(0, 5, tokens, 5 + tokens)


EXAMPLE = (
    (3.0, Chunk(0, "role", "")),
    *(
        text(500.0 + 30 * number, "four" if number == 0 else "sevenn " if number < 6 else "five.")
        for number in range(7)
    ),
    (690.0, Chunk(0, "finish", "")),
    usage(691.0, 11),
    (692.0, ItemEnded(0, "done", "stop", last_attempt_at=START)),
)


def test_the_example_that_the_common_tools_disagree_on() -> None:
    found = figures(*EXAMPLE)
    assert (found.ttfc_ms, found.ttft_ms, found.ttat_ms, found.e2e_ms, found.close_ms) == (3, 500, 500, 680, 692)
    assert (found.chunks, found.tokens, found.tokens_estimated) == (7, 11, False)
    assert (found.tpot_ms, found.tokens_per_second) == (18.0, 55.556)
    assert found.overall_tokens_per_second == pytest.approx(11 / 0.68, abs=0.001)


def test_empty_chunks_are_never_counted_as_text() -> None:
    found = figures((1.0, Chunk(0, "role", "")), (2.0, Chunk(0, "text", "")), (9.0, Chunk(0, "finish", "")))
    assert (found.ttfc_ms, found.ttft_ms, found.chunks, found.e2e_ms) == (1.0, None, 0, None)


def test_a_tool_call_s_arguments_are_no_text() -> None:
    found = figures((1.0, Chunk(0, "tool", '{"a"')), text(5.0, "x"))
    assert (found.ttft_ms, found.chunks) == (5.0, 1)


def test_reasoning_ends_the_wait_for_the_first_token_but_not_for_the_first_answer() -> None:
    found = figures((100.0, Chunk(0, "reasoning", "hm")), text(400.0, "yes"))
    assert (found.ttft_ms, found.ttat_ms, found.chunks) == (100.0, 400.0, 2)


def test_without_usage_tokens_are_an_estimate_and_marked() -> None:
    found = figures(text(100.0, "x" * 40), text(200.0, "x" * 40))
    assert (found.tokens, found.tokens_estimated) == (20, True)
    assert found.tpot_ms == pytest.approx(10.0)


def test_without_text_and_usage_tokens_are_absent() -> None:
    assert figures((1.0, Chunk(0, "role", ""))).tokens is None


@pytest.mark.parametrize("tokens", [0, 1])
def test_time_per_token_is_undefined_and_not_0_without_a_second_token(tokens: int) -> None:
    found = figures(text(100.0, "x"), usage(110.0, tokens))
    assert (found.tpot_ms, found.tokens_per_second) == (None, None)


def test_one_chunk_with_all_the_tokens_has_no_time_per_token() -> None:
    assert figures(text(100.0, "a whole answer"), usage(110.0, 50)).tpot_ms is None


def test_the_tokens_of_the_first_chunk_are_not_timed() -> None:
    found = figures(text(100.0, "x" * 30), text(200.0, "x" * 10), usage(210.0, 4))
    assert found.tpot_ms == pytest.approx(100.0 / (4 - 3))


def test_the_second_first_token_figure_is_that_of_the_last_attempt() -> None:
    found = figures(text(900.0, "x"), (950.0, ItemEnded(0, "done", "stop", attempts=2, last_attempt_at=START + 600)))
    assert (found.ttft_ms, found.ttft_last_attempt_ms) == (900.0, 300.0)


def test_queue_wait_runs_from_the_planned_start() -> None:
    events = [Event(0, 25.0, ItemStarted(3, planned=5.0))]
    assert item_metrics(times_by_item(events)[3]).queue_wait_ms == 20.0


def test_a_stall_is_longer_than_five_medians_and_than_300_ms() -> None:
    assert stalls([0, 10, 20, 30, 330]) == []
    assert stalls([0, 10, 20, 30, 331]) == [3]
    assert stalls([0, 100, 200, 300, 800]) == []
    assert stalls([0, 100, 200, 300, 801]) == [3]
    assert stalls([5]) == []
    assert gaps([1, 3, 7]) == [2, 4]


def test_a_batch_s_figures_are_makespan_sum_speed_up_and_efficiency() -> None:
    spans = [(0.0, 100.0), (0.0, 300.0), (100.0, 400.0)]
    events: list[Event] = []
    for item, (start, last) in enumerate(spans):
        events += [Event(0, start, ItemStarted(item)), Event(1, last, Chunk(item, "text", "x"))]
    assert batch_metrics(times_by_item(events).values(), 2) == {
        "makespan_ms": 400.0,
        "sum_ms": 700.0,
        "speed_up": 1.75,
        "efficiency": 0.875,
        "ideal_ms": 350.0,
    }


def test_a_batch_without_a_text_has_no_figures() -> None:
    assert set(batch_metrics([], 2).values()) == {None}


def test_every_figure_of_the_contract_is_given_under_its_name() -> None:
    assert as_json(ItemMetrics()).keys() >= {
        "ttfc_ms", "ttft_ms", "ttat_ms", "e2e_ms", "tpot_ms", "chunks", "tokens", "tokens_estimated",
        "tokens_per_second",
    }  # fmt: skip


KINDS = st.sampled_from(["role", "text", "text", "text", "reasoning", "finish"])
STEPS = st.lists(st.tuples(st.floats(0, 900), KINDS, st.text(max_size=6)), max_size=30)


@settings(deadline=None, derandomize=True)
@given(STEPS, st.none() | st.integers(0, 60))
def test_the_figures_are_those_that_another_reading_of_the_wire_gives(
    steps: Sequence[tuple[float, str, str]], tokens: int | None
) -> None:
    at, timed = 0.0, []
    for gap, kind, said in steps:
        at = round(at + gap, 3)
        timed.append((at, Chunk(0, kind, said if kind in ("text", "reasoning") else "")))  # type: ignore[arg-type]
    happened: list[tuple[float, Happening]] = [*timed]
    happened += [usage(at, tokens)] if tokens is not None else []
    wire = [json.loads(encode_json(to_wire(event))) for event in stream(*happened)]
    found, wanted = as_json(figures(*happened)), recomputed(wire)
    for name, value in wanted.items():
        assert found[name] == (None if value is None else pytest.approx(value, abs=0.1)), name


def recomputed(wire: Sequence[dict[str, object]]) -> dict[str, float | None]:
    """The same figures, from JSON alone and without our code."""
    (start,) = (float(str(event["at"])) for event in wire if event["type"] == "item_started")
    chunks = [(float(str(e["at"])) - start, str(e["kind"]), str(e["text"])) for e in wire if e["type"] == "chunk"]
    said = [(at, len(words)) for at, kind, words in chunks if words and kind in ("text", "reasoning")]
    answers = [at for at, kind, words in chunks if words and kind == "text"]
    sent = [int(str(event["output_tokens"])) for event in wire if event["type"] == "usage"]
    length = sum(size for _, size in said)
    tokens = sent[-1] if sent else max(1, round(length / 4)) if length else None
    tpot = None
    if said and tokens is not None:
        first = 1 if len(said) >= tokens else max(1, round(tokens * said[0][1] / length))
        tpot = (said[-1][0] - said[0][0]) / (tokens - first) if tokens - first >= 1 else None
    return {
        "ttfc_ms": chunks[0][0] if chunks else None,
        "ttft_ms": said[0][0] if said else None,
        "ttat_ms": answers[0] if answers else None,
        "e2e_ms": said[-1][0] if said else None,
        "tpot_ms": tpot,
        "chunks": len(said),
        "tokens": tokens,
    }


def test_a_step_has_figures_of_its_own_and_the_item_those_of_all() -> None:
    def said(at: float, step: str, text: str) -> tuple[float, Happening]:
        return at, Chunk(0, "text", text, step)

    events = stream(
        (5.0, StepStarted(0, "use")),
        (10.0, StepStarted(0, "buy")),
        said(40.0, "buy", "four"),
        said(105.0, "use", "four"),
        said(140.0, "buy", "four"),
        said(205.0, "use", "four"),
        (206.0, Usage(0, 5, 3, 8, step="use")),
        (207.0, StepEnded(0, "use", last_attempt_at=START + 5)),
        (240.0, StepEnded(0, "buy", last_attempt_at=START + 110)),
        (241.0, ItemEnded(0, "done", last_attempt_at=START)),
    )
    times = times_by_item(events)[0]
    use, buy, whole = item_metrics(times.steps["use"]), item_metrics(times.steps["buy"]), item_metrics(times)
    assert (use.ttft_ms, use.e2e_ms, use.close_ms, use.chunks) == (100, 200, 202, 2)
    assert (use.tokens, use.tokens_estimated, use.tpot_ms) == (3, False, 100.0 / (3 - 2))
    assert (buy.ttft_ms, buy.ttft_last_attempt_ms, buy.tokens, buy.tokens_estimated) == (30, -70, 2, True)
    assert (whole.ttft_ms, whole.e2e_ms, whole.close_ms, whole.chunks) == (40, 205, 241, 4)
    assert (whole.tokens, whole.tokens_estimated) == (5, True)
