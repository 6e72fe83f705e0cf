"""What a run looks like below the bar: the live view, and after the end its other readings."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from functools import partial

import streamlit as st

from chains.spec import RunRequest
from components import state
from components.ablation import results
from components.prompt import draft
from components.run import bar, batch, charts, loop
from components.run.items import came_of
from components.run.readings import answer, branches, code, events
from components.run.rows import rows_view
from components.run.view import FRAME_HEIGHT, run_view
from components.words import _
from runs.errors import UnknownRun
from runs.opened import engine


def is_going() -> bool:
    """Whether the session's run goes on. To be asked once a script: bar and pane must not disagree."""
    run = state.shown.current_run()
    return bool(run) and not bar.has_ended(run)


def show_current(ready: draft.Draft, *, going: bool) -> None:
    """The session's run, or what to do when there is none; `ready` is the draft as the bar has it."""
    run = state.shown.current_run()
    if not run:
        _nothing_yet()
        return
    if state.shown.loop():
        loop.show(state.shown.loop(), run, ended=not going)
    show(run, key="run_view", ended=not going, again=ready)


def show_current_wide(*, going: bool) -> None:
    """What of the session's run takes the whole width, below its view."""
    if run := state.shown.current_run():
        show_wide(run, key="run_view", ended=not going)


def show_wide(run: str, *, key: str, ended: bool) -> None:
    """What of a run takes the whole width, below its view of that key: two answers side by side."""
    with suppress(UnknownRun):
        request = engine().request(run)
        if _chosen(key, _tabs(request, ended=ended)) == "variants":
            results.answers(run, request, key=key)


def show(run: str, *, key: str, ended: bool, again: draft.Draft | None = None) -> None:
    """A run by its id; with the draft in `again` it can be run anew when the run failed.

    `ended` is what the whole page goes by: when it is not so yet, the view asks for one rerun at the end.
    """
    try:
        request = engine().request(run)
    except UnknownRun:
        st.caption(_("This run is kept no more. Run again, or open another on the Runs page."))
        return
    edited, item = again is not None and _is_edited(again), state.shown.chosen_item(run)
    tabs = _tabs(request, ended=ended)
    chosen = _chosen(key, tabs)
    run_view(
        run,
        key=key,
        ended=ended,
        text=chosen in ("text", "timing"),
        simulated=request.chain.model.provider == "simulated",
        item=item,
        branches=request.chain.names,
        items=request.items,
        rows=chosen in ("rows", "variants"),
        beside=charts.beside(run, request, key=key) if chosen == "timing" else None,
        on_again=partial(bar.start, state.shown.press()) if again is not None else None,
    )
    if chosen == "rows":
        rows_view(run, key=f"{key}_rows", items=request.items)
    elif chosen not in ("text", "timing", "variants"):
        with st.container(height=FRAME_HEIGHT, border=True, key=f"reading_{key}"):
            _reading(chosen, run, request, item)
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(tabs) > 1:
            _choose(key, tabs, chosen)
        if edited and ended:
            st.caption(f":material/edit: {_('edited since this run')}")
    if chosen == "timing":
        charts.show(run, request, key=key)
    if chosen == "variants":
        results.show(run, key=key)
    if request.mode == "batch" and ended:
        batch.actions(run, request, again=again is not None)


def _choose(key: str, tabs: Mapping[str, str], chosen: str) -> None:
    control = f"tab_{key}"
    state.put(control, chosen)
    st.segmented_control(
        _("Reading"),
        list(tabs),
        format_func=lambda tab: tabs[tab],
        key=control,
        required=True,
        wrap=True,
        label_visibility="collapsed",
        on_change=lambda: state.put(f"reading_of_{key}", state.text(control)),
    )


def _tabs(request: RunRequest, *, ended: bool) -> dict[str, str]:
    """The readings of a run, the first one first; a batch has rows, and what it takes the whole run for comes last.

    One exception: what the variants of an ended run come to is what it was run for.
    """
    tabs = {"variants": _("Variants")} if request.variants and ended else {}
    if request.mode == "batch":
        tabs["rows"] = _("Rows")
    tabs["text"] = _("Text")
    if not ended:
        return tabs
    later = {"timing": _("Timing"), "markdown": _("Markdown"), "message": _("Message"), "events": _("Events")}
    return {**tabs, **later, "code": _("Code")}


def _chosen(key: str, tabs: Mapping[str, str]) -> str:
    """The reading that was chosen, also for an earlier run; the first where this run does not have it yet."""
    chosen = state.text(f"reading_of_{key}")
    return chosen if chosen in tabs else next(iter(tabs))


def _nothing_yet() -> None:
    with st.container(border=True, height=FRAME_HEIGHT, key="nothing_yet"):
        st.markdown(f"**{_('Nothing has run yet.')}**")
        st.caption(_("Press Run, or Ctrl+Enter in any field. The answer arrives here chunk by chunk, with its times."))
        if draft.provider().name == "simulated":
            st.caption(_("The simulated model needs no key. It shows timing, not knowledge."))


def _reading(chosen: str, run: str, request: RunRequest, index: int) -> None:
    if chosen == "events":
        events.show(run)
        return
    if chosen == "code":
        code.show(run, request)
        return
    item = came_of(run, index).get(index)
    if item is None:
        st.caption(_("There is nothing to show: the run ended before this began."))
    elif item.steps:
        branches.show(chosen, request, item)
    elif chosen == "markdown":
        st.markdown(item.text)
    else:
        answer.show(request, item)


def _is_edited(ready: draft.Draft) -> bool:
    """Whether the form was touched since its run was started or opened."""
    now = hashlib.sha256(draft.fingerprint(ready).encode()).hexdigest()
    state.start_with("run_draft", now)
    return now != state.text("run_draft")
