"""Drafts: the form comes back after a refresh, a new visit and a restart of the server, in the browser it was left in.

Each tab has a draft of its own, named in its address (`?draft=`) as soon as something was edited. The name opens it in
the browser that made it and nowhere else. A new visit begins with a copy of what was edited last.
"""

import hashlib
import re

import streamlit as st

from chains.documents.apart import Apart
from components import state
from components.kept import form
from components.words import _
from runs.draft import Draft, Place
from runs.errors import NotKept
from runs.opened import engine

COOKIE = "playground_browser"
PARAMETER = "draft"

_UNKEPT = "unkept"
_NAME = re.compile(r"[A-Za-z0-9_-]{22}")


def begin(*, loop: str = "") -> None:
    """Gives a session that has no form the one of its address, else the last one of its browser, else the example.

    With the draft's own run in the address both come back, shown against `loop` if that was so.
    """
    if state.drafts.has_form():
        return
    browser, wanted = _browser(), st.query_params.get(PARAMETER, "")
    found = engine().drafts.open(browser, wanted) if browser and wanted else None
    if found is None or not _take(found, loop):
        _begin_anew(browser)


def note_beginning() -> None:
    """Takes note of the form as the session has it now: it is kept when it is another."""
    if not state.drafts.mark():
        state.drafts.note(state.drafts.place(), _mark(form.written()))


def part(*, keep: bool = False) -> None:
    """Leaves the draft as it was kept last: what is on the form now begins another.

    That is kept when it is edited; with `keep` in any case, where it could not be had again.
    """
    state.drafts.note(Place(), _UNKEPT if keep else _mark(form.written()))


def is_kept_here() -> bool:
    """Whether forms of this browser are kept at all."""
    return bool(_browser())


def keep() -> None:
    """Keeps the form if it was changed, and names its draft in the address."""
    browser = _browser()
    if not browser or not state.drafts.has_form():
        return
    written = form.written()
    mark = _mark(written)
    if mark != state.drafts.mark():
        _keep(browser, written, mark)
    _say(state.drafts.place().id)


def _keep(browser: str, written: str, mark: str) -> None:
    content = Apart(form.content(written), form.images())
    try:
        kept = engine().drafts.keep(browser, content, run=state.shown.current_run(), place=state.drafts.place())
    except NotKept:
        if state.drafts.is_first_refusal():
            st.toast(_("This form could not be kept as a draft; it stays as long as this tab does."))
        return
    state.drafts.note(kept, mark)


def _begin_anew(browser: str) -> None:
    """A run of the address fills the form by itself; without one what was edited last is taken up, without its run."""
    latest = engine().drafts.latest(browser) if browser and "run" not in st.query_params else None
    if latest is None or not form.take(latest.content):
        state.ensure_draft()
    state.drop("run_draft")


def _take(found: Draft, loop: str) -> bool:
    if not form.take(found.content):
        return False
    run_draft = state.text("run_draft")
    wanted = st.query_params.get("run", found.run)
    if found.run and wanted == found.run:
        state.shown.show_run(found.run, loop=loop)
        state.put("run_draft", run_draft)
    state.drafts.note(found.place, _mark(form.written()))
    return True


def _say(draft: str) -> None:
    if draft:
        if st.query_params.get(PARAMETER) != draft:
            st.query_params[PARAMETER] = draft
    elif PARAMETER in st.query_params:
        del st.query_params[PARAMETER]


def _browser() -> str:
    """The secret name of the browser; '' where it tells none that we gave."""
    name = st.context.cookies.get(COOKIE)
    return name if isinstance(name, str) and _NAME.fullmatch(name) else ""


def _mark(written: str) -> str:
    return hashlib.sha256(f"{state.shown.current_run()} {written}".encode()).hexdigest()
