"""Links to runs: `?run=` fills the playground's form from a run and shows it."""

import streamlit as st

from components import state
from components.kept import drafts
from components.prompt import draft
from components.run import bar
from components.words import _
from runs.errors import UnknownRun
from runs.opened import engine

PLAYGROUND = "pages/playground.py"


def follow() -> None:
    """Takes up the draft and the run of the address, once; without them the session's stay as they are."""
    drafts.begin(loop=_known(st.query_params.get("loop", "")))
    bar.catch_up()
    _take_up()
    drafts.note_beginning()


def _take_up() -> None:
    wanted, current = st.query_params.get("run", ""), state.shown.current_run()
    if wanted == current:
        _say_loop()
        return
    if not wanted or _is_late(wanted):
        st.query_params["run"] = current
        _say_loop()
        return
    try:
        request = engine().request(wanted)
        state.take_request(request, draft.known_parameters(request.chain.model.provider))
    except UnknownRun:
        del st.query_params["run"]
        st.toast(_("The run of this link is kept no more."))
        return
    state.shown.show_run(wanted, loop=_known(st.query_params.get("loop", "")))
    drafts.part()
    _say_loop()


def _say_loop() -> None:
    """Makes the address name the run that the present one is shown against, if there is one."""
    if state.shown.loop():
        st.query_params["loop"] = state.shown.loop()
    elif "loop" in st.query_params:
        del st.query_params["loop"]


def _known(run: str) -> str:
    if not run:
        return ""
    try:
        engine().request(run)
    except UnknownRun:
        return ""
    return run


def _is_late(wanted: str) -> bool:
    """Whether an address is what the browser showed before it heard of the run that goes on now."""
    return wanted == state.shown.run_before() and not bar.has_ended(state.shown.current_run())


def to_playground(run: str) -> None:
    """Opens a run in the playground."""
    st.switch_page(PLAYGROUND, query_params={"run": run})
