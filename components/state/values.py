"""A widget's value by its key."""

import streamlit as st
from pydantic import JsonValue


def text(key: str, otherwise: str = "") -> str:
    """A widget's text; `otherwise` when it has none yet."""
    return str(st.session_state.get(key) or otherwise)


def texts(key: str) -> tuple[str, ...]:
    """What is chosen in a widget that takes several texts."""
    return tuple(st.session_state.get(key) or ())


def flag(key: str) -> bool:
    """Whether a toggle is on."""
    return bool(st.session_state.get(key))


def start_with(key: str, value: JsonValue) -> None:
    """Gives a widget its first value, unless the draft has one."""
    if key not in st.session_state:
        st.session_state[key] = value


def drop(key: str) -> None:
    """Forgets a widget's value; it begins anew."""
    st.session_state.pop(key, None)


def put(key: str, value: JsonValue) -> None:
    st.session_state[key] = value
