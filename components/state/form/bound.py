"""Which variables of the draft are bound: their values are part of the chain."""

from collections.abc import Iterable

import streamlit as st


def names() -> tuple[str, ...]:
    """The bound variables, also those that no template has at the moment."""
    return tuple(st.session_state.get("bound", ()))


def put(names: Iterable[str]) -> None:
    st.session_state["bound"] = list(dict.fromkeys(names))
