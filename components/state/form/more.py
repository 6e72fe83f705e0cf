"""The grid of the variables that have no field of their own, in the session's memory: what it was given.

Streamlit keeps what a person changes in a grid apart from what that was given. When the values of the variables are not
both together any more, they were changed elsewhere: then the grid is another one.
"""

from collections.abc import Sequence
from typing import TypedDict, cast

import streamlit as st


class Given(TypedDict):
    """Names and texts, row by row, and which grid of its kind it is."""

    names: list[str]
    texts: list[str]
    number: int


NAME, VALUE = "name", "value"
"""The columns of the grid."""


def given(of: str, names: Sequence[str], texts: Sequence[str]) -> Given:
    """What the grid named `of` is given, so that it shows these texts."""
    found = _kept(of)
    if found is None or found["names"] != list(names) or _shown(of, found) != list(texts):
        found = Given(names=list(names), texts=list(texts), number=found["number"] + 1 if found else 0)
        st.session_state[f"more_{of}"] = found
    return found


def key(of: str, given: Given) -> str:
    """The widget key of the grid."""
    return f"more_{of}_{given['number']}"


def changed(of: str) -> dict[str, str]:
    """The texts that were changed in the grid since it was given them, by name."""
    found = _kept(of)
    return {found["names"][row]: text for row, text in _edits(of, found).items()} if found else {}


def _kept(of: str) -> Given | None:
    return cast(Given | None, st.session_state.get(f"more_{of}"))


def _shown(of: str, given: Given) -> list[str]:
    edits = _edits(of, given)
    return [edits.get(row, text) for row, text in enumerate(given["texts"])]


def _edits(of: str, given: Given) -> dict[int, str]:
    rows = (st.session_state.get(key(of, given)) or {}).get("edited_rows", {})
    return {int(row): str(cells[VALUE] or "") for row, cells in rows.items() if VALUE in cells}
