"""The texts of the message rows in the session's memory, by their keys: `template_0`, `branch_1_template_0`."""

import streamlit as st

from components.state.values import text as text


def put(key: str, template: str) -> None:
    """Puts a text into a row in place of what stands there."""
    st.session_state[key] = template


def drop(of: str = "") -> None:
    """Forgets the texts of all rows whose keys begin with `of`."""
    for key in [str(key) for key in st.session_state if str(key).startswith(f"{of}template_")]:
        if key.removeprefix(f"{of}template_").isdigit():
            del st.session_state[key]
