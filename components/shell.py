"""The frame around every page: title, look, menu, language. The only place that calls `st.navigation`."""

import logging
from pathlib import Path

import streamlit as st

from components import language, state
from components.words import _

ROOT = Path(__file__).parent.parent
ICON = ROOT / "components" / "frontend" / "icon.svg"

_log = logging.getLogger(__name__)


def run_pages() -> None:
    """The entry script: frames the session, then runs the chosen page."""
    page = _navigate()
    state.note_framed()
    page.run()
    language.show()


def frame() -> None:
    """First line of every page.

    Until the entry was run once in the process, Streamlit runs the page behind a deep link alone, without frame or
    menu. Then the frame is drawn here and the session begins again, through the entry.
    """
    if not state.is_framed():
        _navigate()
        state.note_framed()
        st.rerun()


def report_error(error: Exception) -> bool:
    """What a person sees of a bug: a sentence; the log has the rest."""
    _log.error("a page failed", exc_info=error)
    st.error(_("Something went wrong on this page. The server's log has the details; reloading keeps your runs."))
    return True


def _navigate() -> "st.navigation.Page":  # type: ignore[name-defined]
    language.begin()
    st.set_page_config(page_title=_("LCEL Playground"), page_icon=str(ICON), layout="wide")
    return st.navigation(
        [
            st.Page(ROOT / "pages" / "playground.py", title=_("Playground"), default=True),
            st.Page(ROOT / "pages" / "chat.py", title=_("Chat"), url_path="chat"),
            st.Page(ROOT / "pages" / "library.py", title=_("Library"), url_path="library"),
            st.Page(ROOT / "pages" / "examples.py", title=_("Examples"), url_path="examples"),
            st.Page(ROOT / "pages" / "runs.py", title=_("Runs"), url_path="runs"),
        ],
        position="top",
    )
