"""The Gantt chart of a batch: when each input waited, was asked and answered, and how many at once."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from chains.figures.timings import ItemRow, in_flight
from chains.figures.units import duration
from chains.words import fill, mark
from components.charts import look
from components.charts.look import Say

ROW_PX = 24
MOST_PX = 620
MOST_NAMED = 60
"""With more bars than this, none has its number written on it."""

BAR_CHARACTERS = 60
"""About how many characters go across the chart."""
LITTLE_MS = 10.0
"""A queue wait below this is not written on a bar."""


def gantt(
    rows: Sequence[ItemRow],
    figures: Mapping[str, float | None],
    *,
    say: Say,
    statuses: Mapping[str, str],
    by_input: bool = False,
) -> go.Figure:
    """The inputs that began: a row a lane, or a row an input, where the queue wait has room before its bar.

    `figures` are those of `batch_metrics`, `statuses` the statuses' names. A bar's `customdata` begins with its input's
    number, from 1.
    """
    began = [row for row in rows if row.start is not None]
    places = {row.index: row.index + 1 if by_input else row.lane or 1 for row in began}
    count = max(places.values(), default=1)
    chart = look.figure(
        say(mark("Inputs over time")),
        x=say(mark("ms since the run began")),
        y=say(mark("input") if by_input else mark("lane")),
        height=min(MOST_PX, 210 + ROW_PX * count),
    )
    _axes(chart, count, [running for _, running in in_flight(rows)], say)
    drawn = Bars(chart, began, places, say, statuses)
    if by_input:
        drawn.queue_waits()
    drawn.segments()
    drawn.ends()
    _limits(chart, began, figures, say, count)
    _at_once(chart, rows, say)
    return chart


def _axes(chart: go.Figure, count: int, running: Sequence[int], say: Say) -> None:
    most = max(running, default=1)
    chart.update_layout(
        barmode="overlay",
        uniformtext={"minsize": 11, "mode": "hide"},
        xaxis={"anchor": "y2"},
        yaxis={"domain": [0.32, 1], "range": [count + 0.6, 0.4], "dtick": 1 if count <= 20 else None},
        yaxis2={
            "domain": [0, 0.2],
            "range": [0, 1.15 * most],
            "tickvals": [0, most],
            "title": {"text": say(mark("at once"))},
        },
    )


class Bars:
    """The bars of the items that began, a trace a part of them."""

    def __init__(
        self,
        chart: go.Figure,
        rows: Sequence[ItemRow],
        places: Mapping[int, int],
        say: Say,
        statuses: Mapping[str, str],
    ) -> None:
        self.chart, self.rows, self.places, self.say, self.statuses = chart, rows, places, say, statuses

    def queue_waits(self) -> None:
        xs: list[float | None] = []
        ys: list[float | None] = []
        for row in self.rows:
            if row.queue_wait_ms:
                xs += [row.planned, row.start, None]
                ys += [self.places[row.index], self.places[row.index], None]
        if xs:
            line = {"color": look.GREY, "width": 2, "dash": "dot"}
            name = self.say(mark("queue wait"))
            self.chart.add_scatter(x=xs, y=ys, mode="lines", line=line, hoverinfo="skip", name=name)

    def segments(self) -> None:
        """Earlier attempts, the wait for the first text, the text; or the time in which none came."""
        retried, waited, said, silent = [], [], [], []
        for row in self.rows:
            start, last, end = row.start or 0.0, row.last_attempt or row.start or 0.0, row.end or 0.0
            if last > start:
                retried.append((row, start, last))
            if row.first_text is None:
                silent.append((row, last, end))
            else:
                waited.append((row, last, row.first_text))
                said.append((row, row.first_text, end))
        self._bar(retried, mark("earlier attempts"), color=look.PURPLE, shape="x")
        self._bar(waited, mark("TTFT"), color=look.BLUE, shape="/")
        self._bar(said, mark("text"), color=look.BLUE, shape="")
        self._bar(silent, mark("no text"), color=look.VERMILLION, shape="-")

    def ends(self) -> None:
        """A mark of its own where an item did not come to its good end."""
        failed = [row for row in self.rows if row.status == "failed"]
        self._marks(failed, mark("failed"), color=look.VERMILLION, symbol="x")
        cut = [row for row in self.rows if row.status not in ("done", "failed")]
        self._marks(cut, mark("stopped or incomplete"), color=look.GREY, symbol="square-open")

    def _bar(self, spans: Sequence[tuple[ItemRow, float, float]], name: str, *, color: str, shape: str) -> None:
        if not spans:
            return
        pattern = {"shape": shape, "fgcolor": color, "bgcolor": "rgba(0,0,0,0)", "size": 6, "solidity": 0.35}
        marker = {"color": color, "line": {"color": color, "width": 1 if len(spans) <= 200 else 0}}
        self.chart.add_bar(
            orientation="h",
            y=[self.places[row.index] for row, _, _ in spans],
            base=[start for _, start, _ in spans],
            x=[end - start for _, start, end in spans],
            width=0.74,
            name=self.say(name),
            marker=marker | ({"pattern": pattern} if shape else {}),
            text=None
            if shape or len(spans) > MOST_NAMED
            else [self._label(row, start, end) for row, start, end in spans],
            textposition="inside",
            insidetextanchor="start",
            insidetextfont={"color": "#ffffff", "size": 11},
            textangle=0,
            **self._hover([row for row, _, _ in spans]),
        )

    def _marks(self, rows: Sequence[ItemRow], name: str, *, color: str, symbol: str) -> None:
        if rows:
            self.chart.add_scatter(
                x=[row.end for row in rows],
                y=[self.places[row.index] for row in rows],
                mode="markers",
                marker={"color": color, "symbol": symbol, "size": 10, "line": {"color": color, "width": 1}},
                name=self.say(name),
                **self._hover(rows),
            )

    def _label(self, row: ItemRow, start: float, end: float) -> str:
        """The input's number; how long it waited too, where that can be expected to fit."""
        number, wait = str(row.index + 1), row.queue_wait_ms or 0.0
        whole = fill(self.say(mark("{number}, waited {wait}")), {"number": number, "wait": duration(wait)})
        room = (end - start) / max(1.0, *(row.end or 0.0 for row in self.rows)) * BAR_CHARACTERS
        return whole if wait >= LITTLE_MS and len(whole) <= room else number

    def _hover(self, rows: Sequence[ItemRow]) -> dict[str, object]:
        say = self.say
        return {
            "customdata": [
                [
                    row.index + 1,
                    self.statuses[row.status],
                    row.lane,
                    duration(row.queue_wait_ms),
                    duration(row.ttft_ms),
                    duration(row.e2e_ms),
                ]
                for row in rows
            ],
            "hovertemplate": look.hover(
                {
                    say(mark("Input")): "%{customdata[0]}: %{customdata[1]}",
                    say(mark("lane")): "%{customdata[2]}",
                    say(mark("queue wait")): "%{customdata[3]}",
                    "TTFT": "%{customdata[4]}",
                    "E2E": "%{customdata[5]}",
                }
            ),
        }


def _limits(
    chart: go.Figure, rows: Sequence[ItemRow], figures: Mapping[str, float | None], say: Say, count: int
) -> None:
    """Where the batch ended, and where it could have ended at best."""
    first = min((row.start for row in rows if row.start is not None), default=0.0)
    for name, label, dash in (
        ("ideal_ms", mark("ideal {time}"), "dash"),
        ("makespan_ms", mark("makespan {time}"), "solid"),
    ):
        length = figures[name]
        if length is not None:
            named = fill(say(label), {"time": duration(length)})
            look.instant(chart, first + length, name=named, dash=dash, span=(0.4, count + 0.6))


def _at_once(chart: go.Figure, rows: Sequence[ItemRow], say: Say) -> None:
    steps = in_flight(rows)
    chart.add_scatter(
        x=[at for at, _ in steps],
        y=[count for _, count in steps],
        mode="lines",
        line={"color": look.GREEN, "width": 2, "shape": "hv"},
        name=say(mark("inputs at once")),
        hovertemplate="%{x:.1f} ms: %{y}<extra></extra>",
        yaxis="y2",
    )
