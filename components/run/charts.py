"""The Timing reading of an ended run: figures, one verdict, one chart, and the rows behind it.

The chunk that is marked, in the text and in the chart, is one and the same: the last that was chosen in either.
"""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from chains.figures.statistics import Percentile, percentile
from chains.figures.timings import ChunkRow, ItemRow
from chains.figures.units import between, duration, percent, times
from chains.figures.verdicts import Verdict, of_arrival, of_batch, of_gaps, of_pace
from chains.metrics import DEFINITIONS
from chains.spec import RunRequest
from chains.words import fill
from components import state
from components.charts.arrival import arrival
from components.charts.gantt import gantt
from components.charts.gaps import gap_chart
from components.charts.look import Figure
from components.charts.timeline import timeline
from components.run import chart_rows as table
from components.run.items import chunks_of, figures_of, rows_of
from components.run.view import Beside
from components.words import _, kind_word, plain, several, status_word

MOST_INPUT_ROWS = 100
"""A Gantt chart with a row an input is legible up to here."""
KINDS = ("role", "text", "reasoning", "tool", "finish", "usage")
STATUSES = ("queued", "running", "done", "stopped", "failed", "incomplete", "interrupted")


def show(run: str, request: RunRequest, *, key: str) -> None:
    """Draws the timing of an ended run below its view, which has this key."""
    with st.container(key=f"timing_{key}"):
        if request.mode == "batch":
            _batch(run, request, key)
        else:
            _single(run, request, key)


def beside(run: str, request: RunRequest, *, key: str) -> Beside:
    """What the view above the charts is to know: of a batch, and of parallel branches, no chunk can be chosen."""
    if request.mode == "batch" or request.chain.branches:
        return Beside()
    return Beside(state.shown.marked_chunk(run), partial(_mark_from_text, run, key))


def _mark_from_text(run: str, key: str) -> None:
    """Takes the chunk that was chosen in the view; choosing it again lets it go."""
    chosen = state.shown.component_value(key, "chunk")
    number = chosen + 1 if isinstance(chosen, int) and chosen >= 0 else None
    state.shown.mark_chunk(run, None if number == state.shown.marked_chunk(run) else number, drawn=True)


def _mark_from_chart(run: str, key: str) -> None:
    """Takes the point that was chosen in a chart, which shows its own choice: drawn again, it would lose its zoom."""
    points = state.shown.chosen_points(key)
    drawn = state.shown.drawn_chunk(run) is not None
    state.shown.mark_chunk(run, points[0] if points else None, drawn=drawn)


def _single(run: str, request: RunRequest, key: str) -> None:
    branches, branch = request.chain.names, ""
    if branches:
        branch = _choice(_("Branch"), {name: plain(name) for name in branches}, f"chart_{key}_branch")
    rows, items = chunks_of(run, branch)
    if not rows:
        st.caption(_("There is nothing to show: no chunk came."))
        return
    waits = [row.gap for row in rows if row.gap is not None]
    _figures(
        [
            (_("gap p50"), _of(percentile(waits, 50)), "p50"),
            (_("gap p95"), _of(percentile(waits, 95)), "p95"),
            (_("stalls"), str(sum(row.stall for row in rows)), "stalls"),
        ]
    )
    names = {"timeline": _("Timeline"), "gaps": _("Gaps"), "arrival": _("Arrival")}
    chosen = _choice(_("Chart"), names, f"chart_{key}")
    verdict, chart = _drawn(chosen, run, rows, _failed_after(items[0]))
    draw(chart, verdict, key=f"plot_{key}_{chosen}", name=f"{chosen}-{run}", run=None if branches else run)
    table.of_chunks(run, rows, key=key)


def _drawn(chosen: str, run: str, rows: Sequence[ChunkRow], failed_after: float | None) -> tuple[Verdict, Figure]:
    if chosen == "gaps":
        return of_gaps(rows), gap_chart(rows, say=_)
    if chosen == "arrival":
        return of_arrival(rows), arrival(rows, say=_)
    kinds = {kind: kind_word(kind) for kind in KINDS}
    drawn = timeline(rows, say=_, kinds=kinds, marked=state.shown.drawn_chunk(run))
    return of_pace(rows, failed_after=failed_after), drawn


def _batch(run: str, request: RunRequest, key: str) -> None:
    rows, lanes = rows_of(run), request.at_once
    figures = figures_of(run, lanes)
    if request.variants:
        st.caption(_("An input with one of its variants counts as an input here, by the number of its row."))
    _batch_figures(rows, figures)
    by_input = False
    if 1 < len(rows) <= MOST_INPUT_ROWS:
        names = {"lanes": _("A row a lane"), "inputs": _("A row an input")}
        by_input = _choice(_("Rows"), names, f"chart_{key}_rows") == "inputs"
    statuses = {status: status_word(status) for status in STATUSES}
    chart = gantt(rows, figures, say=_, statuses=statuses, by_input=by_input)
    draw(chart, of_batch(rows, figures, lanes), key=f"plot_{key}_gantt", name=f"batch-{run}")
    table.of_items(run, rows, key=key)


def _batch_figures(rows: Sequence[ItemRow], figures: Mapping[str, float | None]) -> None:
    done = [row for row in rows if row.status == "done"]
    ttfts = [row.ttft_ms for row in done if row.ttft_ms is not None]
    _figures(
        [
            (_("makespan"), duration(figures["makespan_ms"]), "makespan"),
            (_("ideal"), duration(figures["ideal_ms"]), "ideal"),
            (_("speed-up"), times(figures["speed_up"]), "speed_up"),
            (_("efficiency"), percent(figures["efficiency"]), "efficiency"),
            (_("TTFT p50"), _of(percentile(ttfts, 50)), "ttft_p50"),
            (_("done"), fill(_("{done} of {items}"), {"done": str(len(done)), "items": str(len(rows))}), "success"),
        ]
    )


def _figures(named: Sequence[tuple[str, str, str]]) -> None:
    """Each with its name, its value, and the definition of that name as a tooltip."""
    with st.container(horizontal=True, gap="small"):
        for name, value, definition in named:
            figure = f":small[:gray[{plain(name)}] {plain(value)}]"
            st.markdown(figure, help=_(DEFINITIONS[definition]), width="content")


def _of(found: Percentile) -> str:
    """A percentile with its interval, or what it needs."""
    if found.value is None:
        return fill(_("needs n ≥ {needed}"), {"needed": str(found.needed)})
    return f"{duration(found.value)} ({between(found.low, found.high)})"


def _choice(label: str, names: Mapping[str, str], key: str) -> str:
    if state.text(key) not in names:
        state.put(key, next(iter(names)))
    st.segmented_control(
        label, list(names), format_func=lambda name: names[name], key=key, required=True, label_visibility="collapsed"
    )
    return state.text(key, next(iter(names)))


def draw(chart: Figure, verdict: Verdict, *, key: str, name: str, run: str | None = None) -> None:
    """The verdict and the chart below it; with `run`, its points are chunks that can be marked."""
    one, other = verdict.one, verdict.other
    sentence = fill(_(one) if other is None else several(one, other, verdict.count), verdict.values)
    st.markdown(plain(sentence))
    st.plotly_chart(
        chart,
        key=key,
        on_select=partial(_mark_from_chart, run, key) if run else "ignore",
        selection_mode="points",
        alt=sentence,
        config={
            "displaylogo": False,
            "displayModeBar": True,
            "modeBarButtons": [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
            "toImageButtonOptions": {"format": "png", "filename": name, "scale": 2},
        },
    )


def _failed_after(row: ItemRow) -> float | None:
    if row.status != "failed" or row.start is None or row.end is None:
        return None
    return row.end - row.start
