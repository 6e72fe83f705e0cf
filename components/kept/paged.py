"""A list of what is kept, page by page, in which a chosen row opens what it stands for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from components import state
from components.words import _

PAGE = 50

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """What is listed, as `{key}_list` and `{key}_page`."""

    key: str
    find: Callable[[int], tuple[Sequence[T], int]]
    """By how many to leave out, the next `PAGE`, and how many there are in all."""
    row: Callable[[T], Mapping[str, object]]
    columns: Mapping[str, Any]
    counted: Callable[[int], str]

    @property
    def pages(self) -> str:
        """The key of the page's number."""
        return f"{self.key}_page"


def paged_list(
    listing: Listing[T], *, wanted: object, beside: Callable[[], None] = lambda: None
) -> tuple[Sequence[T], int]:
    """Draws the list, and `beside` next to its pages; gives the row that was chosen, if any, and how many there are.

    `wanted` is what is sought: with another nothing is chosen. A page that has become empty gives way to the first.
    """
    page = int(state.text(listing.pages, "1"))
    found, total = listing.find(PAGE * (page - 1))
    if not found and page > 1:
        state.drop(listing.pages)
        st.rerun()
    if not total:
        return (), 0
    st.caption(f"{listing.counted(total)}; {_('choose a row to open it')}")
    chosen = st.dataframe(
        [listing.row(each) for each in found],
        hide_index=True,
        key=f"{listing.key}_list_{hash((wanted, page, total))}",
        on_select="rerun",
        selection_mode="single-row",
        placeholder="–",
        column_config=listing.columns,
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        if total > PAGE:
            st.pagination(-(-total // PAGE), key=listing.pages)
        beside()
    rows = chosen["selection"]["rows"]
    return [found[row] for row in rows if row < len(found)], total
