"""What widgets hold: values of variables, whether a template asks for them or not; what is ticked among several."""

import streamlit as st

_BEGIN = "var_"


def names() -> tuple[str, ...]:
    """The variables whose fields hold a value, those included that are not drawn now, by name."""
    held = [str(key) for key, value in st.session_state.items() if str(key).startswith(_BEGIN) and _is_held(value)]
    return tuple(sorted(key.removeprefix(_BEGIN) for key in held))


def forget(name: str) -> None:
    """Forgets the value of a variable."""
    st.session_state.pop(f"{_BEGIN}{name}", None)


def chosen(key: str) -> tuple[str, ...]:
    """What is ticked in a widget of several choices."""
    return tuple(str(name) for name in st.session_state.get(key) or ())


def _is_held(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None
