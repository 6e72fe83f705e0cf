"""The values of the prompt's variables, in the keys of their fields."""

import json
from collections.abc import Iterable

import streamlit as st
from pydantic import JsonValue

from chains.documents.document import FieldSpec
from chains.spec import Inputs
from components.state.form import document

_BEGIN = "var_"


def key(name: str) -> str:
    """The widget key of a variable's field."""
    return f"{_BEGIN}{name}"


def held(name: str) -> JsonValue:
    """What a variable's field holds: a text, a number, or None while it is empty."""
    value: JsonValue = st.session_state.get(key(name))
    return value


def held_of(names: Iterable[str]) -> dict[str, JsonValue]:
    """What the fields of these variables hold: the session is read once, however many they are."""
    kept = st.session_state.to_dict()
    return {name: kept.get(key(name)) for name in names}


def put(name: str, value: JsonValue) -> None:
    """Puts a value into a field; before the field is drawn, or in a callback."""
    st.session_state[key(name)] = value


def set_aside(name: str, text: str) -> None:
    """Keeps a text that a field of numbers cannot hold, for when the field is one of text again."""
    st.session_state[f"aside_{name}"] = text


def bring_back(name: str) -> None:
    """Puts a text that was set aside into its field again, unless that holds something else by now."""
    text = st.session_state.pop(f"aside_{name}", "")
    if text and held(name) is None:
        put(name, text)


def take(inputs: Inputs) -> None:
    """Fills the fields with these values as text; a number makes its field one for numbers, all others are plain."""
    numbers = [name for name, value in inputs.items() if isinstance(value, int | float) and not isinstance(value, bool)]
    document.put_fields({name: FieldSpec(kind="number") for name in numbers})
    for name, value in inputs.items():
        put(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def names() -> tuple[str, ...]:
    """The variables whose fields hold a value, those included that are not drawn now, by name."""
    kept = st.session_state.to_dict()
    held = [str(key) for key, value in kept.items() if str(key).startswith(_BEGIN) and _is_held(value)]
    return tuple(sorted(key.removeprefix(_BEGIN) for key in held))


def forget(name: str) -> None:
    """Forgets the value of a variable."""
    st.session_state.pop(key(name), None)


def _is_held(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None
