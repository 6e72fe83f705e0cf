"""The table of a batch in the session's memory, and the files that were given."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import streamlit as st


def table() -> list[dict[str, str]]:
    """The rows of the batch's table as its grid was given them: what is changed there is in `grid_edits`."""
    return cast(list[dict[str, str]], st.session_state.get("table", []))


def table_columns() -> tuple[str, ...]:
    """The columns that the grid was given."""
    return cast(tuple[str, ...], st.session_state.get("table_columns", ()))


def put_table(rows: Iterable[Mapping[str, str]], columns: tuple[str, ...]) -> None:
    """Gives the grid other rows; what was changed in it is forgotten."""
    keep = st.session_state
    keep["table"], keep["table_columns"] = [dict(row) for row in rows], columns
    for key in ("input_table", "table_now"):
        keep.pop(key, None)


def note_table(rows: Iterable[Mapping[str, str]]) -> None:
    """Takes note of the rows with all changes: a grid that is not drawn loses them."""
    st.session_state["table_now"] = [dict(row) for row in rows]


def last_table() -> list[dict[str, str]] | None:
    """The rows as they last stood in the grid; None when it was not drawn since it was given them."""
    return cast(list[dict[str, str]] | None, st.session_state.get("table_now"))


def grid_edits(key: str) -> Mapping[str, Any] | None:
    """What is changed in a grid: `edited_rows`, `added_rows`, `deleted_rows`; None while it is not on the page."""
    return cast(Mapping[str, Any] | None, st.session_state.get(key))


def uploaded(key: str) -> tuple[str, bytes] | None:
    """Name and content of the file in an uploader."""
    file = st.session_state.get(key)
    return (file.name, file.getvalue()) if file else None
