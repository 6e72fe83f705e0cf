"""Charts as data: what goes in comes out as ticks, points and bars, and a model's text as text."""

import json
from typing import Any

import plotly.graph_objects as go
import pytest

from chains.events import Chunk, Event, ItemEnded, ItemStarted, RunEnded, RunStarted
from chains.figures.timings import ChunkRow, chunk_rows, item_rows
from chains.metrics import batch_metrics, times_by_item
from components.charts import look
from components.charts.arrival import arrival
from components.charts.gantt import gantt
from components.charts.gaps import gap_chart
from components.charts.timeline import timeline

KINDS = {kind: kind for kind in ("role", "text", "reasoning", "tool", "finish", "usage")}
STATUSES = {
    status: status for status in ("done", "failed", "stopped", "incomplete", "interrupted", "running", "queued")
}
Trace = dict[str, Any]


def rows(*chunks: tuple[float, str, str]) -> list[ChunkRow]:
    told = [Event(seq, at, Chunk(0, kind, text)) for seq, (at, kind, text) in enumerate(chunks, 1)]  # type: ignore[arg-type]
    return chunk_rows([Event(0, 0.0, ItemStarted(0)), *told])


def traces(chart: go.Figure) -> list[Trace]:
    """The traces as the browser gets them."""
    found: list[Trace] = json.loads(chart.to_json())["data"]
    return found


def named(chart: go.Figure, name: str) -> Trace:
    (found,) = [trace for trace in traces(chart) if trace.get("name") == name and trace.get("mode") != "lines"]
    return found


EXAMPLE = rows(
    (3, "role", ""),
    (100, "reasoning", "hm"),
    (120, "text", "Hello"),
    (120.5, "text", " you"),
    (140, "text", " there"),
    (900, "text", "!"),
    (901, "finish", ""),
)


def test_a_tick_a_chunk_at_its_time_and_as_high_as_its_characters() -> None:
    chart = timeline(EXAMPLE, say=str, kinds=KINDS)
    said = named(chart, "text")
    assert (said["x"], said["y"]) == ([120, 120.5, 140, 900], [5, 4, 6, 1])
    assert [point[0] for point in said["customdata"]] == [3, 4, 5, 6]
    (ticks,) = [trace for trace in traces(chart) if trace.get("name") == "text" and trace["mode"] == "lines"]
    assert ticks["x"] == [120, 120, None, 120.5, 120.5, None, 140, 140, None, 900, 900, None]
    assert ticks["y"] == [0, 5, None, 0, 4, None, 0, 6, None, 0, 1, None]
    assert named(chart, "empty chunk")["x"] == [3, 901]
    assert named(chart, "reasoning")["marker"]["symbol"] != said["marker"]["symbol"]


def test_the_wait_for_the_first_text_and_stalls_are_hatched_areas() -> None:
    areas = {trace["name"]: trace for trace in traces(timeline(EXAMPLE, say=str, kinds=KINDS)) if trace.get("fill")}
    assert {x for x in areas["TTFT 100 ms"]["x"] if x is not None} == {0, 100}
    assert {x for x in areas["stall"]["x"] if x is not None} == {140, 900}
    assert all(area["fillpattern"]["shape"] for area in areas.values())


def test_the_marked_chunk_stands_out() -> None:
    assert not [
        trace for trace in traces(timeline(EXAMPLE, say=str, kinds=KINDS)) if "chunk 5" in trace.get("name", "")
    ]
    ring = named(timeline(EXAMPLE, say=str, kinds=KINDS, marked=5), "chunk 5")
    assert (ring["x"], ring["y"]) == ([140], [6])


def test_the_gap_chart_tells_gaps_stalls_and_same_packets_apart() -> None:
    chart = gap_chart(EXAMPLE, say=str)
    assert (named(chart, "gap")["x"], named(chart, "gap")["y"]) == ([3, 5], [20, 19.5])
    assert (named(chart, "in the same packet")["x"], named(chart, "in the same packet")["y"]) == ([4], [0.5])
    assert (named(chart, "stall")["x"], named(chart, "stall")["y"]) == ([6], [760])
    symbols = {named(chart, name)["marker"]["symbol"] for name in ("gap", "in the same packet", "stall")}
    assert len(symbols) == 3


def test_percentiles_are_lines_from_the_sample_on_that_bears_them() -> None:
    few = {trace.get("name") for trace in traces(gap_chart(EXAMPLE, say=str))}
    assert {"p50 needs n ≥ 6", "p95 needs n ≥ 59"} <= few
    many = gap_chart(rows(*((10 * n, "text", "x") for n in range(1, 70))), say=str)
    labels = [label for trace in traces(many) if trace.get("text") for label in trace["text"] if label]
    assert labels == ["p50 10 ms", "p95 10 ms"]


def test_the_arrival_curve_counts_characters() -> None:
    curve = next(trace for trace in traces(arrival(EXAMPLE, say=str)) if trace["name"] == "arrived")
    assert (curve["x"], curve["y"]) == ([0, 100, 120, 120.5, 140, 900], [0, 2, 7, 11, 17, 18])


def test_charts_of_nothing_are_empty_charts() -> None:
    nothing = rows((3, "role", ""))
    for chart in (timeline(nothing, say=str, kinds=KINDS), gap_chart(nothing, say=str), arrival(nothing, say=str)):
        assert chart.layout.title.text


BATCH = [
    Event(0, 0.0, RunStarted("batch", 4, "")),
    Event(1, 0.0, ItemStarted(0)),
    Event(2, 0.0, ItemStarted(1)),
    Event(3, 30.0, Chunk(0, "text", "a")),
    Event(4, 50.0, ItemEnded(0, "done", last_attempt_at=0.0)),
    Event(5, 50.0, ItemStarted(2)),
    Event(6, 60.0, ItemEnded(1, "failed", attempts=2, last_attempt_at=20.0)),
    Event(7, 80.0, Chunk(2, "text", "b")),
    Event(8, 90.0, ItemEnded(2, "done", last_attempt_at=50.0)),
    Event(9, 90.0, RunEnded("stopped")),
]


def _gantt(*, by_input: bool = False) -> go.Figure:
    figures = batch_metrics(times_by_item(BATCH).values(), 2)
    return gantt(item_rows(BATCH), figures, say=str, statuses=STATUSES, by_input=by_input)


def _bars(chart: go.Figure, name: str) -> list[tuple[float, float, int]]:
    trace = named(chart, name)
    return list(zip(trace["base"], trace["x"], trace["y"], strict=True))


def test_a_bar_is_the_wait_for_the_first_text_and_then_the_text() -> None:
    chart = _gantt()
    assert _bars(chart, "TTFT") == [(0, 30, 1), (50, 30, 1)]
    assert _bars(chart, "text") == [(30, 20, 1), (80, 10, 1)]
    assert named(chart, "TTFT")["marker"]["pattern"]["shape"] != named(chart, "text")["marker"].get("pattern")


def test_failed_inputs_and_earlier_attempts_stay_in_the_chart_with_a_mark() -> None:
    chart = _gantt()
    assert _bars(chart, "earlier attempts") == [(0, 20, 2)]
    assert _bars(chart, "no text") == [(20, 40, 2)]
    assert (named(chart, "failed")["x"], named(chart, "failed")["y"]) == ([60], [2])


def test_a_row_an_input_has_room_for_its_queue_wait() -> None:
    chart = _gantt(by_input=True)
    assert _bars(chart, "text") == [(30, 20, 1), (80, 10, 3)]
    (wait,) = [trace for trace in traces(chart) if trace.get("name") == "queue wait"]
    assert (wait["x"], wait["y"]) == ([0, 50, None], [3, 3, None])


def test_the_ideal_the_makespan_and_how_many_at_once() -> None:
    found = {trace["name"]: trace for trace in traces(_gantt()) if trace.get("mode") == "lines"}
    assert found["makespan 80 ms"]["x"] == [80, 80]
    assert found["ideal 30 ms"]["x"] == [30, 30]
    assert found["makespan 80 ms"]["line"]["dash"] != found["ideal 30 ms"]["line"]["dash"]
    assert (found["inputs at once"]["x"], found["inputs at once"]["y"]) == ([0, 50, 60, 90], [2, 2, 1, 0])


@pytest.mark.parametrize("text", ["<a href='http://x'>x</a>", "<b>&amp;", "a\ud83db", "x" * 500])
def test_a_model_s_text_is_no_markup_in_a_hover(text: str) -> None:
    written = look.shown(text)
    assert "<" not in written
    assert len(written) < 400
    assert written.isprintable()
    for chart in (
        timeline(rows((1, "text", text), (2, "text", text)), say=str, kinds=KINDS),
        gap_chart(EXAMPLE, say=str),
    ):
        assert "<a href" not in chart.to_json()


def test_5000_chunks_stay_small_on_the_wire() -> None:
    many = rows(*((0.3 * n, "text", " token") for n in range(5000)))
    assert len(timeline(many, say=str, kinds=KINDS).to_json()) < 500_000
    assert len(gap_chart(many, say=str).to_json()) < 500_000
    assert len(arrival(many, say=str).to_json()) < 500_000


@pytest.mark.parametrize("paper", ["#fcfcfb", "#15181c"])
@pytest.mark.parametrize("color", [look.BLUE, look.VERMILLION, look.GREEN, look.PURPLE, look.GREY])
def test_colours_stand_out_from_the_paper_of_both_themes(color: str, paper: str) -> None:
    lighter, darker = sorted((_luminance(color), _luminance(paper)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3


def _luminance(color: str) -> float:
    """Relative luminance by WCAG 2."""
    shares = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
