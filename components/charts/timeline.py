"""The token timeline: a tick a chunk at its time, as high as it has characters."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from chains.figures.timings import ChunkRow
from chains.figures.units import duration
from chains.words import fill, mark
from components.charts import look
from components.charts.look import Say

MOST_LABELS = 8


def timeline(rows: Sequence[ChunkRow], *, say: Say, kinds: Mapping[str, str], marked: int | None = None) -> go.Figure:
    """The chunks of one item; `kinds` are the kinds' names, `marked` is the number of the chunk to stand out.

    A point's `customdata` begins with its chunk's number.
    """
    chart = look.figure(
        say(mark("Chunks as they came")),
        x=say(mark("ms since the start")),
        y=say(mark("characters")),
        hover="x",
    )
    top = 1.15 * max((row.characters for row in rows), default=1) or 1.0
    _waits(chart, rows, say, top)
    for kind in look.KINDS:
        _ticks(chart, [row for row in rows if row.kind == kind and row.characters], kinds, say)
    _empty(chart, [row for row in rows if not row.characters], kinds, say)
    for row in rows:
        if row.number == marked:
            _marked(chart, row, say, top)
    return chart


def _waits(chart: go.Figure, rows: Sequence[ChunkRow], say: Say, top: float) -> None:
    first = next((row for row in rows if row.timed), None)
    if first is not None:
        name = fill(say(mark("TTFT {time}")), {"time": duration(first.at)})
        look.bands(chart, [(0.0, first.at)], name=name, color=look.GREY, shape=".", top=top)
    stalled = [row for row in rows if row.stall and row.gap is not None]
    spans = [(row.at - (row.gap or 0.0), row.at) for row in stalled]
    look.bands(chart, spans, name=say(mark("stall")), color=look.VERMILLION, shape="/", top=top)
    for (start, end), row in list(zip(spans, stalled, strict=True))[:MOST_LABELS]:
        chart.add_annotation(
            x=(start + end) / 2, y=top, text=duration(row.gap), showarrow=False, yanchor="top", font={"size": 11}
        )


def _ticks(chart: go.Figure, rows: Sequence[ChunkRow], kinds: Mapping[str, str], say: Say) -> None:
    if not rows:
        return
    color, symbol, dash = look.KINDS[rows[0].kind]
    xs: list[float | None] = []
    ys: list[float | None] = []
    for row in rows:
        xs += [row.at, row.at, None]
        ys += [0.0, float(row.characters), None]
    line = {"color": color, "width": 1.5, "dash": dash}
    name = kinds[rows[0].kind]
    chart.add_scatter(x=xs, y=ys, mode="lines", line=line, hoverinfo="skip", showlegend=False, name=name)
    marker = {"color": color, "symbol": symbol, "size": 5 if len(rows) < 1000 else 3}
    chart.add_scatter(**_points(rows, kinds, say), name=name, marker=marker)


def _empty(chart: go.Figure, rows: Sequence[ChunkRow], kinds: Mapping[str, str], say: Say) -> None:
    if rows:
        marker = {"color": look.GREY, "symbol": "line-ns-open", "size": 11, "line": {"width": 2}}
        chart.add_scatter(**_points(rows, kinds, say), name=say(mark("empty chunk")), marker=marker)


def _points(rows: Sequence[ChunkRow], kinds: Mapping[str, str], say: Say) -> dict[str, object]:
    return {
        "x": [row.at for row in rows],
        "y": [row.characters for row in rows],
        "mode": "markers",
        "customdata": [[row.number, duration(row.gap), kinds[row.kind], look.shown(row.text)] for row in rows],
        "hovertemplate": look.hover(
            {
                say(mark("Chunk")): "%{customdata[0]}: <b>%{customdata[3]}</b>",
                say(mark("at")): "%{x:.1f} ms",
                say(mark("gap")): "%{customdata[1]}",
                say(mark("characters")): "%{y}",
                say(mark("kind")): "%{customdata[2]}",
            }
        ),
        "selected": {"marker": {"size": 12}},
        "unselected": {"marker": {"opacity": 0.55}},
    }


def _marked(chart: go.Figure, row: ChunkRow, say: Say, top: float) -> None:
    chart.add_scatter(
        x=[row.at, row.at],
        y=[0, top],
        mode="lines",
        line={"color": look.VERMILLION, "width": 2},
        hoverinfo="skip",
        showlegend=False,
    )
    chart.add_scatter(
        x=[row.at],
        y=[row.characters],
        mode="markers",
        marker={"symbol": "circle-open", "size": 14, "color": look.VERMILLION, "line": {"width": 2.5}},
        hoverinfo="skip",
        name=fill(say(mark("chunk {number}")), {"number": str(row.number)}),
    )
