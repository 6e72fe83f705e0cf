"""Message rows of the form: role, template, what is wrong with it; those that all branches share, or one branch's."""

from collections.abc import Mapping, Sequence

import streamlit as st

from chains.templates.doctor.edits import Finding
from chains.words import fill
from components import state
from components.prompt import draft, images, template
from components.prompt.doctor import braces, remedies
from components.words import _, plain

ROLES = ("system", "human", "ai", "placeholder")
MAX_ROWS = 50
ROLE_PX = 150


def show(found: Mapping[int, Sequence[Finding]], *, of: str = "", branch: str = "", least: int = 1) -> None:
    """Draws rows with what is found in them, by row.

    `of` is what their keys begin with, `branch` its name for who cannot see where they stand; `least` stay.
    """
    names = draft.offered()
    for row in range(state.row_count(of)):
        _message(row, found.get(row, ()), names, of=of, branch=branch, least=least)


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
    found: Sequence[Finding],
    names: Sequence[str],
    *,
    of: str,
    branch: str,
    least: int,
) -> None:
    said = {"row": str(row + 1), "branch": branch}
    where = {**said, "branch": plain(branch)}
    key, role = f"{of}template_{row}", state.text(f"{of}role_{row}", "human")
    with st.container(gap="xsmall"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.selectbox(
                fill(_("Role of message {row} of {branch}") if of else _("Role of message {row}"), where),
                ROLES,
                key=f"{of}role_{row}",
                persist_state=state.KEEP,
                width=ROLE_PX,
                label_visibility="collapsed",
            )
            _tools(row, role, of=of, least=least)
        template.field(
            key,
            label=fill(_("Template of message {row} of {branch}") if of else _("Template of message {row}"), said),
            placeholder=_("Name of the variable that holds the history") if role == "placeholder" else _("Template"),
            colours="name" if role == "placeholder" else draft.template_format(),
            problems=remedies.problems(found),
            names=names,
        )
        remedies.show(found, key)


def _tools(row: int, role: str, *, of: str, least: int) -> None:
    """What else can be done with a message."""
    if role != "placeholder":
        braces.show(f"{of}template_{row}")
    if role == "human":
        images.popover(row, of=of)
    st.button(
        _("Delete"),
        icon=":material/delete:",
        type="tertiary",
        key=f"{of}delete_{row}",
        on_click=state.delete_row,
        args=(row, of),
        disabled=state.row_count(of) <= least,
    )
