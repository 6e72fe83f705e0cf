"""Two runs of the same inputs on one axis of time: one after the other above, together below."""

from collections.abc import Mapping, Sequence

from chains.figures.timings import ItemRow
from chains.figures.units import duration
from chains.words import fill, mark
from components.charts import look
from components.charts.gantt import MOST_PX, ROW_PX, Bars
from components.charts.look import Figure, Say


def against(
    loop: Sequence[ItemRow], batch: Sequence[ItemRow], *, say: Say, statuses: Mapping[str, str], names: tuple[str, str]
) -> Figure:
    """Each run's inputs in its lanes, since the start of its own first one; a line where each ended.

    `names` are those of the loop and of the batch.
    """
    lanes = max((row.lane or 1 for row in batch), default=1)
    chart = look.figure(
        say(mark("Loop against batch")),
        x=say(mark("ms since the first input began")),
        y=say(mark("lane")),
        height=min(MOST_PX, 190 + ROW_PX * (lanes + 1)),
    )
    ticks = [names[0], *(f"{names[1]} {lane}" for lane in range(1, lanes + 1))]
    chart.update_layout(
        barmode="overlay",
        uniformtext={"minsize": 11, "mode": "hide"},
        yaxis={"range": [lanes + 1.6, 0.4], "tickvals": list(range(1, lanes + 2)), "ticktext": ticks},
    )
    _run(chart, loop, {row.index: 1 for row in loop}, say, statuses, legend=True)
    _run(chart, batch, {row.index: 1 + (row.lane or 1) for row in batch}, say, statuses, legend=False)
    for rows, name, dash, span in (
        (loop, names[0], "dot", (0.4, lanes + 1.6)),
        (batch, names[1], "solid", (0.4, lanes + 1.6)),
    ):
        length = span_of(rows)
        if length is not None:
            label = fill(say(mark("{name}: {time}")), {"name": name, "time": duration(length)})
            look.instant(chart, length, name=label, dash=dash, span=span)
    return chart


def span_of(rows: Sequence[ItemRow]) -> float | None:
    """ms from the first start to the last end; None when none began."""
    began = [row for row in rows if row.start is not None]
    if not began:
        return None
    return max(row.end or 0.0 for row in began) - min(row.start or 0.0 for row in began)


def _run(
    chart: Figure,
    rows: Sequence[ItemRow],
    places: Mapping[int, int],
    say: Say,
    statuses: Mapping[str, str],
    *,
    legend: bool,
) -> None:
    before = len(chart.data)
    bars = Bars(chart, [row for row in rows if row.start is not None], places, say, statuses)
    bars.segments()
    bars.ends()
    for trace in chart.data[before:]:
        trace.showlegend = legend
