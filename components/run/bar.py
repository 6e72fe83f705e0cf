"""Mode, Run and Stop: one bar, one place."""

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st
from pydantic import SecretStr

from chains.outcomes import Refused
from chains.spec import MAX_CONCURRENCY, RunRequest
from components import state
from components.prompt import draft, model_picker
from components.prompt.explained import explained
from components.run import method
from components.words import _, plain, several
from runs.errors import UnknownRun
from runs.opened import engine

SHORTCUT = "Ctrl+Enter"


def show(*, going: bool) -> draft.Draft:
    """Draws the bar, and gives the draft as it reads it; Run is Stop while the session's run is `going`."""
    run, ready = state.shown.current_run(), draft.read()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        modes = {"invoke": _("Invoke"), "batch": _("Batch"), "stream": _("Stream")}
        st.segmented_control(
            _("Mode"),
            list(modes),
            format_func=lambda mode: modes[mode],
            key="mode",
            required=True,
            persist_state=state.KEEP,
            label_visibility="collapsed",
            help=_("Invoke waits for the whole answer, Stream shows it as it comes, Batch runs a table of inputs."),
        )
        if going:
            st.button(_("Stop"), key="stop", shortcut=SHORTCUT, on_click=stop, args=(run,), icon=":material/stop:")
        else:
            st.button(
                _label(ready),
                key="run",
                type="primary",
                shortcut=SHORTCUT,
                on_click=start,
                args=(state.shown.press(),),
                icon=":material/play_arrow:",
                disabled=bool(ready.reason),
            )
        if state.text("mode") == "batch":
            _at_once()
            st.caption(_("at once"))
            st.button(
                _("Loop against batch"),
                key="against",
                icon=":material/compare_arrows:",
                on_click=start_both,
                args=(state.shown.press(),),
                disabled=going or bool(ready.reason),
                help=_("Runs the inputs one after the other, then together, and shows both on one axis of time."),
            )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="method"):
        method.choose()
        model_picker.parameters()
    method.say()
    if ready.reason and not going:
        st.caption(f":material/info: {plain(ready.reason)}")
    return ready


def _label(ready: draft.Draft) -> str:
    count = ready.request.items if ready.request and ready.request.mode == "batch" else 0
    return several("Run {count} input", "Run {count} inputs", count) if count else _("Run")


def _at_once() -> None:
    state.start_with("max_concurrency", 3)
    st.number_input(
        _("Inputs at once"),
        min_value=1,
        max_value=MAX_CONCURRENCY,
        step=1,
        key="max_concurrency",
        persist_state=state.KEEP,
        width=120,
        label_visibility="collapsed",
        icon=":material/view_week:",
        help=_("max_concurrency: so many inputs run at once, each in a lane of its own."),
    )


def start(press: str) -> None:
    """Starts the draft, unless it cannot run: then the bar says why at its next drawing.

    Presses that were under way before Run became Stop share the name `press`, and so one run.
    """
    ready = draft.read()
    if ready.request is not None:
        begin(ready.request, ready.key, press)


def start_both(press: str) -> None:
    """Starts the draft's inputs one after the other, and, when that has ended, together; both are shown."""
    ready = draft.read()
    if ready.request is None:
        return
    apart = ready.request.model_copy(update={"max_concurrency": 1})
    try:
        loop = engine().start(apart, ready.key, press=_loop(press))
    except Refused as refused:
        st.toast(plain(explained(refused.outcome)))
        return
    begin(ready.request, ready.key, press, after=loop)


def start_some(press: str, run: str, items: Sequence[int]) -> None:
    """Starts a batch of the inputs of some items of a batch that has ended, as it was asked then."""
    try:
        request = engine().request(run)
    except UnknownRun:
        return
    inputs = tuple(request.inputs[row] for row in dict.fromkeys(map(request.input_of, items)))
    key = state.typed_key(draft.key_field_of(request.chain.model))
    begin(request.model_copy(update={"inputs": inputs}), key, press)


def begin(request: RunRequest, key: SecretStr | None, press: str, *, after: str = "") -> None:
    """Starts a request, when the run `after` has ended, and shows its run; or says why it cannot start."""
    try:
        run = engine().start(request, key, press=press, after=after)
    except Refused as refused:
        st.toast(plain(explained(refused.outcome)))
        return
    if press == state.shown.press():
        state.shown.show_run(run, loop=after)
    st.query_params["run"] = run


def catch_up() -> None:
    """Shows the run of a press that was interrupted, as Streamlit may do, before the session heard of it."""
    press = state.shown.press()
    run = engine().started(press)
    if run:
        state.shown.show_run(run, loop=engine().started(_loop(press)))


def has_ended(run: str) -> bool:
    """Whether a run is over; one that is kept no more is."""
    try:
        return engine().has_ended(run)
    except UnknownRun:
        return True


def stop(run: str) -> None:
    """Stops a run, if it is still there to be stopped, and the one that it waits for."""
    for each in (run, state.shown.loop() if run == state.shown.current_run() else ""):
        with suppress(UnknownRun):
            engine().stop(each)


def _loop(press: str) -> str:
    """The name of a press's other run."""
    return f"{press} loop"
