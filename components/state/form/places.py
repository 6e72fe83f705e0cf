"""Where a message row stands among all rows of the chain: those that all share, then each branch's own."""

from collections.abc import Iterator

import streamlit as st


def rows_of(branch: int) -> str:
    """What the keys of a branch begin with."""
    return f"branch_{branch}_"


def index(of: str, n: int) -> int:
    """The index among all rows of row `n` of those whose keys begin with `of`."""
    first = 0
    for begin, count in _counts():
        if begin == of:
            return first + n
        first += count
    raise KeyError(of)


def of(row: int) -> tuple[str | None, int]:
    """The name of the branch that a row is in, by its index among all rows, and its number there, from 1.

    None for one that all share. Raises `KeyError` when there is none.
    """
    begin, n = _place(row)
    return str(st.session_state.get(f"{begin}name") or "").strip() if begin else None, n + 1


def template_key(row: int) -> str:
    """What the text of a row is kept under, by its index among all rows. Raises `KeyError` when there is none."""
    begin, n = _place(row)
    return f"{begin}template_{n}"


def _place(row: int) -> tuple[str, int]:
    """What the keys of a row begin with, and its number, from 0, among those that begin so."""
    n = row
    for begin, count in _counts():
        if n < count:
            return begin, n
        n -= count
    raise KeyError(row)


def _counts() -> Iterator[tuple[str, int]]:
    """How many rows there are, by what their keys begin with."""
    keep = st.session_state
    for begin in ("", *(rows_of(branch) for branch in range(keep.get("branch_count", 0)))):
        yield begin, keep[f"{begin}row_count"]
