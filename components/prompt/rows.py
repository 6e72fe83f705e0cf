"""Message rows of the form: role, template, what is wrong with it; those that all branches share, or one branch's."""

from collections.abc import Mapping, Sequence

import streamlit as st

from chains.words import fill
from components import state
from components.prompt import draft, template
from components.words import _, plain

ROLES = ("system", "human", "ai", "placeholder")
MAX_ROWS = 50


def show(
    problems: Mapping[int, Mapping[tuple[int, int], str]], *, of: str = "", branch: str = "", least: int = 1
) -> None:
    """Draws rows with their problems, by row.

    `of` is what their keys begin with, `branch` its name for who cannot see where they stand; `least` stay.
    """
    names = draft.offered()
    for row in range(state.row_count(of)):
        _message(row, problems.get(row, {}), names, of=of, branch=branch, least=least)


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


def _message(
    row: int,
    problems: Mapping[tuple[int, int], str],
    names: Sequence[str],
    *,
    of: str,
    branch: str,
    least: int,
) -> None:
    said = {"row": str(row + 1), "branch": branch}
    where = {**said, "branch": plain(branch)}
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
    with body:
        is_placeholder = state.text(f"{of}role_{row}") == "placeholder"
        template.field(
            f"{of}template_{row}",
            label=fill(_("Template of message {row} of {branch}") if of else _("Template of message {row}"), said),
            placeholder=_("Name of the variable that holds the history") if is_placeholder else _("Template"),
            colours="name" if is_placeholder else draft.template_format(),
            problems=problems,
            names=names,
        )
        for (line, column), sentence in problems.items():
            place = fill(_("Line {line}, column {column}"), {"line": str(line), "column": str(column)})
            st.markdown(f":small[:red[:material/error: **{plain(place)}** {plain(sentence)}]]")
