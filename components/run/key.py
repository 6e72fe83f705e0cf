"""Makes Ctrl+Enter run with the edit that it commits, also where that edit is what Run waited for."""

import streamlit as st

from components.run.loader import module_url

_KEY = st.components.v2.component(
    "run_key",
    js=f"""
const loaded = import({module_url("run_key.js")});
export default function ({{ parentElement }}) {{
  loaded.then((module) => module.listen(parentElement));
}}
""",
)


def mount() -> None:
    """Draws nothing."""
    _KEY(key="run_key", height="content")
