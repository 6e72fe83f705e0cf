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


def template_key(row: int) -> str:
    """What the text of a row is kept under, by its index among all rows. Raises `KeyError` when there is none."""
    for begin, count in _counts():
        if row < count:
            return f"{begin}template_{row}"
        row -= count
    raise KeyError(row)


def _counts() -> Iterator[tuple[str, int]]:
    """How many rows there are, by what their keys begin with."""
    keep = st.session_state
    for begin in ("", *(rows_of(branch) for branch in range(keep.get("branch_count", 0)))):
        yield begin, keep[f"{begin}row_count"]
