"""What was last said of a section in the session's memory, and which section that was."""

from dataclasses import dataclass

import streamlit as st


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
