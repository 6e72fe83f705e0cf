"""The texts of the message rows in the session's memory, by their editors' keys: `template_0`, `branch_1_template_0`.

An editor tells what is typed under its own key, with the revision of the text that it was typed into and a number. The
script's changes make a new revision: what was typed into an earlier one does not undo them.
"""

import secrets
from typing import TypedDict, cast

import streamlit as st

from chains.spec import MAX_TEMPLATE_CHARACTERS
from chains.templates.names import SURROGATE


class Kept(TypedDict):
    """The text of a row, the name of the last change that the script made to it, the number of the last edit taken."""

    text: str
    revision: str
    taken: int


def kept(key: str) -> Kept:
    """The row's text with all that was typed; empty when there is no such row."""
    row, edit = _row(key), _edit(key)
    if edit and edit != row and _fits(edit["text"]):
        row = edit
        st.session_state[f"text_{key}"] = row
    return row


def take(key: str) -> None:
    """Takes what an editor tells before the script runs, which may be that of another page."""
    kept(key)


def unfit(key: str) -> str:
    """The text that stands in the row's editor and cannot be taken; '' when all was."""
    edit = _edit(key)
    return "" if not edit or _fits(edit["text"]) else edit["text"]


def text(key: str) -> str:
    """The row's text with all that was typed."""
    return kept(key)["text"]


def put(key: str, template: str) -> None:
    """Puts a text into a row in place of what stands there."""
    if f"text_{key}" not in st.session_state or text(key) != template:
        taken = _row(key)["taken"]
        st.session_state[f"text_{key}"] = Kept(text=template, revision=secrets.token_hex(4), taken=taken)


def keep_only(count: int, of: str = "") -> None:
    """Forgets the texts of rows from `count` on, of those whose keys begin with `of`."""
    begin = f"text_{of}template_"
    for key in [str(key) for key in st.session_state if str(key).startswith(begin)]:
        number = key.removeprefix(begin)
        if number.isdigit() and int(number) >= count:
            del st.session_state[key]


def _row(key: str) -> Kept:
    return cast(Kept, st.session_state.get(f"text_{key}") or Kept(text="", revision="", taken=0))


def _edit(key: str) -> Kept | None:
    """The row as its editor has told it, of the present revision; what a browser sends is not to be trusted."""
    told = (st.session_state.get(key) or {}).get("edit") or {}
    text, number = told.get("text"), told.get("number", 0)
    if told.get("of") != _row(key)["revision"] or not isinstance(text, str) or not isinstance(number, int):
        return None
    return Kept(text=text, revision=told["of"], taken=number)


def _fits(text: str) -> bool:
    """Whether it can be a row's text."""
    return len(text) <= MAX_TEMPLATE_CHARACTERS and not SURROGATE.search(text)
