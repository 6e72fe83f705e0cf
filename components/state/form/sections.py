"""Sections in the session's memory: what was last said of one, how many are drawn, what stood around those off."""

from dataclasses import dataclass

import streamlit as st

from chains.documents.document import OffSection


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence by its number, and the section that it is about: the index of its message among all, and its id."""

    number: int = 0
    sentence: str = ""
    row: int = 0
    id: str = ""


def said() -> Said:
    return Said(*st.session_state.get("section_said", ()))


def say(sentence: str, row: int, id: str = "") -> None:
    st.session_state["section_said"] = (said().number + 1, sentence, row, id)


def most(least: int) -> int:
    """How many are drawn at most: `least` until more were asked for."""
    return max(least, int(st.session_state.get("sections_most", 0)))


def put_most(count: int) -> None:
    st.session_state["sections_most"] = count


def headings(row: int, off: tuple[OffSection, ...]) -> tuple[str, ...] | None:
    """The headings of a message when these sections of it that are off were last seen; None when others were."""
    seen, found = st.session_state.get("sections_seen", {}).get(row, ((), ()))
    return found if seen == off else None


def note_headings(row: int, off: tuple[OffSection, ...], found: tuple[str, ...]) -> None:
    st.session_state["sections_seen"] = {**st.session_state.get("sections_seen", {}), row: (off, found)}


def forget() -> None:
    """Forgets what was known of the sections of another form."""
    st.session_state.pop("sections_most", None)
    forget_headings()


def forget_headings(first: int = 0) -> None:
    """Forgets those of messages from `first` on: other messages stand there, which nobody has edited by hand."""
    seen = st.session_state.get("sections_seen", {})
    st.session_state["sections_seen"] = {row: found for row, found in seen.items() if row < first}
