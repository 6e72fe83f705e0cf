"""What became of the last wish to convert the prompt, in the session's memory, as long as the prompt is as it was."""

from collections.abc import Iterable
from typing import TypedDict, cast

import streamlit as st


class Prompt(TypedDict):
    """What a conversion changes: the format, the texts of the rows, and those of the sections that are off."""

    template_format: str
    rows: list[str]
    off: list[str]


class Kept(TypedDict):
    """A sentence in the session's language, the prompt that it is about, and what that was made of."""

    sentence: str
    of: Prompt
    before: Prompt | None


def prompt(template_format: str, rows: Iterable[str], off: Iterable[str]) -> Prompt:
    return Prompt(template_format=template_format, rows=list(rows), off=list(off))


def note(sentence: str, of: Prompt, *, before: Prompt | None = None) -> None:
    """Keeps what is to be said of a prompt, with what it was `before` if it was converted."""
    st.session_state["conversion"] = Kept(sentence=sentence, of=of, before=before)


def noted(of: Prompt) -> Kept | None:
    """What is to be said of a prompt; None when nothing is."""
    kept = cast(Kept | None, st.session_state.get("conversion"))
    return kept if kept is not None and kept["of"] == of else None


def forget() -> None:
    st.session_state.pop("conversion", None)
