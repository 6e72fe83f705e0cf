"""Mode, Run and Stop: one bar, one place."""

import streamlit as st

from chains.outcomes import Refused
from components import state
from components.prompt import draft, model_picker
from components.run import method
from components.words import _, plain
from runs.errors import UnknownRun
from runs.opened import engine

SHORTCUT = "Ctrl+Enter"


def show(*, going: bool) -> None:
    """Draws the bar; Run is Stop while the session's run is `going`."""
    run, ready = state.current_run(), draft.read()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        modes = {"invoke": _("Invoke"), "stream": _("Stream")}
        st.segmented_control(
            _("Mode"),
            list(modes),
            format_func=lambda mode: modes[mode],
            key="mode",
            required=True,
            persist_state=state.KEEP,
            label_visibility="collapsed",
            help=_("Invoke waits for the whole answer; Stream shows it as it comes."),
        )
        if going:
            st.button(_("Stop"), key="stop", shortcut=SHORTCUT, on_click=stop, args=(run,), icon=":material/stop:")
        else:
            st.button(
                _("Run"),
                key="run",
                type="primary",
                shortcut=SHORTCUT,
                on_click=start,
                args=(state.press(),),
                icon=":material/play_arrow:",
                disabled=bool(ready.reason),
            )
        model_picker.parameters()
    method.show()
    if ready.reason and not going:
        st.caption(f":material/info: {plain(ready.reason)}")


def start(press: str) -> None:
    """Starts the draft, unless it cannot run: then the bar says why at its next drawing.

    Presses that were under way before Run became Stop share the name `press`, and so one run.
    """
    ready = draft.read()
    if ready.request is None:
        return
    try:
        run = engine().start(ready.request, ready.key, press=press)
    except Refused as refused:
        st.toast(plain(draft.said(refused.outcome)))
        return
    if press == state.press():
        state.show_run(run)
    st.query_params["run"] = run


def catch_up() -> None:
    """Shows the run of a press that was interrupted, as Streamlit may do, before the session heard of it."""
    run = engine().started(state.press())
    if run:
        state.show_run(run)


def has_ended(run: str) -> bool:
    """Whether a run is over; one that is kept no more is."""
    try:
        return engine().has_ended(run)
    except UnknownRun:
        return True


def stop(run: str) -> None:
    """Stops a run, if it is still there to be stopped."""
    try:
        engine().stop(run)
    except UnknownRun:
        return
