"""The choice of a language: for the session at once, and in a cookie for the next visit."""

import streamlit as st

from components import state
from components.run.loader import module_url
from components.words import LANGUAGES, _

COOKIE = "playground_language"

_KEEPER = st.components.v2.component(
    "language",
    js=f"""
const loaded = import({module_url("language.js")});
export default function ({{ data }}) {{
  loaded.then((module) => module.keep(data.cookie, data.language));
}}
""",
)


def begin() -> None:
    """Takes up the language of the last visit. To be called before anything is said."""
    kept = st.context.cookies.get(COOKIE, "")
    state.start_with("language", kept if kept in LANGUAGES else "")


def show() -> None:
    """Draws the choice, small, at the end of a page."""
    names = {"": _("Language of the browser"), **LANGUAGES}
    with st.container(horizontal=True, horizontal_alignment="right", key="language_row"):
        chosen = st.selectbox(
            _("Language"),
            list(names),
            format_func=lambda language: names[language],
            key="language",
            persist_state=state.KEEP,
            label_visibility="collapsed",
            width=220,
        )
    _KEEPER(key="language_keeper", data={"cookie": COOKIE, "language": chosen}, height="content")
