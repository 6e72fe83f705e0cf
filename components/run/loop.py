"""Loop against batch: the run of the same inputs one after the other, above the one of them together."""

import streamlit as st

from chains.figures.timings import item_rows
from chains.figures.verdicts import of_both
from components.charts.against import against, span_of
from components.run import charts
from components.run.view import run_view
from components.words import _, status_word
from runs.errors import UnknownRun
from runs.opened import engine


def show(loop: str, batch: str, *, ended: bool) -> None:
    """The head of the loop's run; after the end of both first the sentence and the chart of both."""
    try:
        request = engine().request(loop)
    except UnknownRun:
        st.caption(_("The run to compare with is kept no more."))
        return
    if ended:
        _compared(loop, batch)
    st.caption(_("One after the other"))
    simulated = request.chain.model.provider == "simulated"
    run_view(loop, key="loop_view", ended=True, text=False, simulated=simulated, item=0, items=request.items, rows=True)
    st.caption(_("Together"))


def _compared(loop: str, batch: str) -> None:
    apart, together = (item_rows(engine().log(run).each()) for run in (loop, batch))
    statuses = {status: status_word(status) for status in charts.STATUSES}
    names = (_("loop"), _("batch"))
    chart = against(apart, together, say=_, statuses=statuses, names=names)
    verdict = of_both(apart, together, (span_of(apart), span_of(together)))
    charts.draw(chart, verdict, key="plot_against", name=f"loop-{loop}-batch-{batch}")
