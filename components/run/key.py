"""Makes Ctrl+Enter run with the edit that it commits, and says when a field drops a text as too long."""

import streamlit as st

from chains.words import fill
from components import state
from components.run.loader import module_url
from components.words import _

_KEY = st.components.v2.component(
    "run_key",
    js=f"""
const loaded = import({module_url("run_key.js")});
export default function (component) {{
  loaded.then((module) => module.listen(component));
}}
""",
)


def mount() -> None:
    """Draws nothing."""
    _KEY(key="run_key", height="content", data={"most": state.FIELD_CHARACTERS}, on_dropped_change=_note_dropped)
    dropped = state.text("dropped")
    if dropped:
        state.drop("dropped")
        numbers = {"characters": f"{int(dropped):,}", "most": f"{state.FIELD_CHARACTERS:,}"}
        text = _("Nothing was inserted: the text would have {characters} characters, and a field takes {most}.")
        st.toast(fill(text, numbers), duration="long")


def _note_dropped() -> None:
    """Kept until it is said: the script that was to say it may be interrupted by an edit."""
    state.put("dropped", state.shown.component_value("run_key", "dropped"))
