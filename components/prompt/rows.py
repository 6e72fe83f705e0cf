"""Message rows of the form: role, template, what is wrong with it; those that all branches share, or one branch's."""

from collections.abc import Mapping

import streamlit as st

from chains.spec import MAX_TEMPLATE_CHARACTERS
from chains.words import fill
from components import state
from components.prompt import images
from components.words import _, plain

ROLES = ("system", "human", "ai", "placeholder")
MAX_ROWS = 50


def show(problems: Mapping[int, Mapping[str, str]], *, of: str = "", branch: str = "", least: int = 1) -> None:
    """Draws rows with their problems, by row.

    `of` is what their keys begin with, `branch` its name for who cannot see where they stand; `least` stay.
    """
    for row in range(state.row_count(of)):
        _message(row, problems.get(row, {}), of=of, branch=branch, least=least)


def add_button(label: str, *, of: str = "") -> None:
    """Draws the button that adds a row."""
    st.button(
        label,
        icon=":material/add:",
        type="tertiary",
        key=f"{of}add_message",
        on_click=state.add_row,
        args=(of,),
        disabled=state.row_count(of) >= MAX_ROWS,
    )


def _message(row: int, problems: Mapping[str, str], *, of: str, branch: str, least: int) -> None:
    where = {"row": str(row + 1), "branch": plain(branch)}
    side, body = st.columns([3, 8], gap="small")
    with side, st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.selectbox(
            fill(_("Role of message {row} of {branch}") if of else _("Role of message {row}"), where),
            ROLES,
            key=f"{of}role_{row}",
            persist_state=state.KEEP,
            label_visibility="collapsed",
        )
        st.button(
            _("Delete"),
            icon=":material/delete:",
            type="tertiary",
            key=f"{of}delete_{row}",
            on_click=state.delete_row,
            args=(row, of),
            disabled=state.row_count(of) <= least,
        )
        if state.text(f"{of}role_{row}", "human") == "human":
            images.popover(row, of=of)
    with body:
        is_placeholder = state.text(f"{of}role_{row}") == "placeholder"
        st.text_area(
            fill(_("Template of message {row} of {branch}") if of else _("Template of message {row}"), where),
            key=f"{of}template_{row}",
            persist_state=state.KEEP,
            max_chars=MAX_TEMPLATE_CHARACTERS,
            height="content",
            label_visibility="collapsed",
            placeholder=_("Name of the variable that holds the history") if is_placeholder else _("Template"),
        )
        for place, sentence in problems.items():
            st.markdown(f":small[:red[:material/error: **{plain(place)}** {plain(sentence)}]]")
