"""What became of the last wish to convert the prompt, in the session's memory, as long as the prompt is as it was."""

from collections.abc import Sequence
from typing import TypedDict, cast

import streamlit as st

from chains.spec import MessageSpec


class Kept(TypedDict):
    """A sentence in the session's language, and what it is about."""

    sentence: str
    done: bool
    of: list[str]


def note(sentence: str, *, done: bool, of: Sequence[MessageSpec]) -> None:
    """Keeps what is to be said of the rows `of`."""
    st.session_state["conversion"] = Kept(sentence=sentence, done=done, of=[row.template for row in of])


def noted(of: Sequence[MessageSpec]) -> tuple[str, bool] | None:
    """The sentence and whether it was done; None when nothing is to be said of the rows `of`."""
    kept = cast(Kept | None, st.session_state.get("conversion"))
    if kept is None or kept["of"] != [row.template for row in of]:
        return None
    return kept["sentence"], kept["done"]
