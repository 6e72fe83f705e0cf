"""The gap chart: how long each chunk was waited for."""

from collections.abc import Sequence

import plotly.graph_objects as go

from chains.figures.statistics import percentile
from chains.figures.timings import ChunkRow
from chains.figures.units import duration
from chains.words import fill, mark
from components.charts import look
from components.charts.look import Say

FLOOR_MS = 0.05
"""The axis is logarithmic; what is shorter is drawn here."""


def gap_chart(rows: Sequence[ChunkRow], *, say: Say) -> go.Figure:
    """The gaps of one item by number, with p50 and p95 where there are enough."""
    chart = look.figure(
        say(mark("Gaps between chunks")),
        x=say(mark("chunk number")),
        y=say(mark("ms since the chunk before")),
    )
    chart.update_yaxes(type="log", rangemode="normal")
    timed = [row for row in rows if row.gap is not None]
    plain = [row for row in timed if not row.same_packet and not row.stall]
    _points(chart, plain, say, name=say(mark("gap")), color=look.BLUE, symbol="circle")
    together = [row for row in timed if row.same_packet]
    _points(chart, together, say, name=say(mark("in the same packet")), color=look.GREY, symbol="circle-open")
    stalled = [row for row in timed if row.stall]
    _points(chart, stalled, say, name=say(mark("stall")), color=look.VERMILLION, symbol="x")
    waits = [row.gap for row in timed if row.gap is not None]
    for percent, dash in ((50, "dash"), (95, "dot")):
        found = percentile(waits, percent)
        if found.value is not None:
            name = f"p{percent} {duration(found.value)}"
            look.level(
                chart, max(found.value, FLOOR_MS), name=name, dash=dash, across=rows[-1].number, below=percent == 50
            )
        else:
            values = {"percent": str(percent), "needed": str(found.needed)}
            _absent(chart, fill(say(mark("p{percent} needs n ≥ {needed}")), values), dash)
    return chart


def _points(chart: go.Figure, rows: Sequence[ChunkRow], say: Say, *, name: str, color: str, symbol: str) -> None:
    if not rows:
        return
    chart.add_scatter(
        x=[row.number for row in rows],
        y=[max(row.gap or 0.0, FLOOR_MS) for row in rows],
        mode="markers",
        name=name,
        marker={"color": color, "symbol": symbol, "size": 6 if len(rows) < 1000 else 3},
        customdata=[[row.number, duration(row.gap), look.shown(row.text)] for row in rows],
        hovertemplate=look.hover(
            {
                say(mark("Chunk")): "%{customdata[0]}: <b>%{customdata[2]}</b>",
                say(mark("gap")): "%{customdata[1]}",
            }
        ),
        selected={"marker": {"size": 12}},
        unselected={"marker": {"opacity": 0.55}},
    )


def _absent(chart: go.Figure, name: str, dash: str) -> None:
    """Only an entry in the legend: there is no line to draw."""
    line = {"color": look.GREY, "width": 1.5, "dash": dash}
    chart.add_scatter(x=[None], y=[None], mode="lines", line=line, name=name)
