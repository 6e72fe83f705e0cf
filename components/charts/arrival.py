"""The arrival curve: how much of the text was there at each time."""

from collections.abc import Sequence
from itertools import accumulate

import plotly.graph_objects as go

from chains.figures.timings import ChunkRow
from chains.figures.verdicts import half_arrived
from chains.words import mark
from components.charts import look
from components.charts.look import Say


def arrival(rows: Sequence[ChunkRow], *, say: Say) -> go.Figure:
    """The characters of one item that had come, by time, beside an even pace from the first chunk to the last."""
    chart = look.figure(
        say(mark("Text that had arrived")),
        x=say(mark("ms since the start")),
        y=say(mark("characters so far")),
    )
    said = [row for row in rows if row.timed]
    if not said:
        return chart
    so_far = list(accumulate(row.characters for row in said))
    first, last = said[0], said[-1]
    chart.add_scatter(
        x=[first.at, last.at],
        y=[so_far[0], so_far[-1]],
        mode="lines",
        name=say(mark("even pace")),
        line={"color": look.GREY, "width": 1.5, "dash": "dash"},
        hoverinfo="skip",
    )
    chart.add_scatter(
        x=[0, *(row.at for row in said)],
        y=[0, *so_far],
        mode="lines",
        name=say(mark("arrived")),
        line={"color": look.BLUE, "width": 2, "shape": "hv"},
        customdata=[0, *(row.number for row in said)],
        hovertemplate=look.hover(
            {
                say(mark("Chunk")): "%{customdata}",
                say(mark("at")): "%{x:.1f} ms",
                say(mark("characters so far")): "%{y}",
            }
        ),
    )
    half = half_arrived(said)
    if half is not None:
        look.instant(chart, half, name=say(mark("half of the text")), dash="dot", span=(0, so_far[-1]))
    return chart
