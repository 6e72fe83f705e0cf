"""What fields and keys would get wrong: an edit that is still in its field is told, and so is a text that one drops."""

from functools import partial

import streamlit as st

from chains.words import fill
from components import state
from components.run.loader import module_url
from components.words import _

TYPED = ("chain_name", "branch_", "var_", "choices_of_", "param_", "other_parameters")
"""How the keys begin of fields that tell what is typed while one is still in them.

An address of a server is none of them: it would be asked for its models letter by letter.
"""

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
    _KEY(
        key="run_key",
        height="content",
        data={"most": state.FIELD_CHARACTERS, "fields": ", ".join(f'[class*="st-key-{begin}"]' for begin in TYPED)},
        on_dropped_change=partial(_note, "dropped"),
        on_cut_change=partial(_note, "cut"),
    )
    dropped = _("Nothing was inserted: the text would have {characters} characters, and a field takes {most}.")
    cut = _("Not all was inserted: the text would have {characters} characters, and a field takes {most}.")
    for what, said in (("dropped", dropped), ("cut", cut)):
        length = state.text(what)
        if length:
            state.drop(what)
            numbers = {"characters": f"{int(length):,}", "most": f"{state.FIELD_CHARACTERS:,}"}
            st.toast(fill(said, numbers), duration="long")


def _note(what: str) -> None:
    """Kept until it is said: the script that was to say it may be interrupted by an edit."""
    state.put(what, state.shown.component_value("run_key", what))
