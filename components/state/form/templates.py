"""The texts of the message rows in the session's memory, by their editors' keys: `template_0`, `branch_1_template_0`.

An editor tells what is typed under its own key, with the revision of the text that it was typed into. The script's
changes make a new revision: what was typed into an earlier one does not undo them.
"""

import secrets
from typing import TypedDict, cast

import streamlit as st

from chains.spec import MAX_TEMPLATE_CHARACTERS
from chains.templates.names import SURROGATE


class Kept(TypedDict):
    """The text of a row, and the name of the last change that the script made to it."""

    text: str
    revision: str


def kept(key: str) -> Kept:
    """The row's text with all that was typed; empty when there is no such row."""
    row = cast(Kept, st.session_state.get(f"text_{key}") or Kept(text="", revision=""))
    edit = (st.session_state.get(key) or {}).get("edit") or {}
    if edit.get("of") == row["revision"] and edit.get("text") != row["text"] and _fits(edit.get("text")):
        row = Kept(text=edit["text"], revision=row["revision"])
        st.session_state[f"text_{key}"] = row
    return row


def text(key: str) -> str:
    """The row's text with all that was typed."""
    return kept(key)["text"]


def put(key: str, template: str) -> None:
    """Puts a text into a row in place of what stands there."""
    if f"text_{key}" not in st.session_state or text(key) != template:
        st.session_state[f"text_{key}"] = Kept(text=template, revision=secrets.token_hex(4))


def keep_only(count: int, of: str = "") -> None:
    """Forgets the texts of rows from `count` on, of those whose keys begin with `of`."""
    begin = f"text_{of}template_"
    for key in [str(key) for key in st.session_state if str(key).startswith(begin)]:
        number = key.removeprefix(begin)
        if number.isdigit() and int(number) >= count:
            del st.session_state[key]


def _fits(text: object) -> bool:
    """Whether it can be a row's text; what a browser sends is not to be trusted."""
    return isinstance(text, str) and len(text) <= MAX_TEMPLATE_CHARACTERS and not SURROGATE.search(text)
