"""The form's widgets as plain values, and where the session's form is kept."""

import secrets
from collections.abc import Mapping
from typing import cast

import streamlit as st
from pydantic import JsonValue

from runs.draft import Place

WIDGETS = (
    "chain_name",
    "template_format",
    "parser",
    "provider",
    "model",
    "base_url",
    "other_parameters",
    "run_with",
    "mode",
    "max_concurrency",
    "example",
    "saved_chain",
    "saved_base",
    "saved_print",
    "saved_clash",
    "save_inputs",
)
"""What a draft keeps beside rows, branches and table, by key."""

FAMILIES = ("on_", "param_", "var_")
"""And by how a key begins. Keys that are typed have names of their own (`key_…`): they are never among these."""


def has_form() -> bool:
    """Whether this session has a form by now."""
    return "row_count" in st.session_state


def widgets() -> dict[str, JsonValue]:
    """The values of the form's widgets that are JSON, without those that are as a widget begins: empty or off.

    A whole number is one whether its field has made a float of it or not.
    """
    kept = {str(key): value for key, value in st.session_state.items() if _is_ours(str(key))}
    return {key: _whole(kept[key]) for key in sorted(kept) if _is_json(kept[key]) and not _is_blank(key, kept[key])}


def put_widgets(values: Mapping[str, JsonValue]) -> None:
    """Gives the form's widgets these values and no others; what is none of them is left out."""
    for key in [str(key) for key in st.session_state]:
        if _is_ours(key) and key not in values:
            del st.session_state[key]
    for key, value in values.items():
        if _is_ours(key):
            st.session_state[key] = value


def forget_values() -> None:
    """Empties the fields of the variables."""
    put_widgets({key: value for key, value in widgets().items() if not key.startswith("var_")})


def shared() -> str:
    """The shared link that this session has taken up last, as it stood in the address."""
    return cast(str, st.session_state.get("share_taken", ""))


def note_shared(link: str) -> None:
    st.session_state["share_taken"] = link


def place() -> Place:
    """Where the form is kept, by a writer of this session's own."""
    kept = st.session_state.get("draft_place") or st.session_state.setdefault("draft_place", ("", 0, _new_writer()))
    return Place(*kept)


def mark() -> str:
    """What tells the form as it was when it was kept last, or taken up; '' before."""
    return cast(str, st.session_state.get("draft_mark", ""))


def note(place: Place, mark: str) -> None:
    """Takes note of where the form is kept now, and of what tells it as it is; another draft has another writer."""
    writer = place.writer or _new_writer()
    # Place and writer in one: a script that is interrupted here must not write one draft over the other.
    st.session_state["draft_place"] = (place.id, place.revision, writer)
    st.session_state["draft_mark"] = mark


def _new_writer() -> str:
    return secrets.token_urlsafe(16)


def is_first_refusal() -> bool:
    """Whether this is the first time that the session's form could not be kept."""
    is_first = "draft_refused" not in st.session_state
    st.session_state["draft_refused"] = True
    return is_first


def _is_ours(key: str) -> bool:
    return key in WIDGETS or key.startswith(FAMILIES)


def _is_json(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(_is_json(part) for part in value)
    return value is None or isinstance(value, str | int | float | bool)


def _is_blank(key: str, value: object) -> bool:
    """A parameter may be 0; elsewhere it means that there is none."""
    return value is None or value is False or value == "" or (value == 0 and key in WIDGETS)


def _whole(value: JsonValue) -> JsonValue:
    return int(value) if isinstance(value, float) and value.is_integer() else value
