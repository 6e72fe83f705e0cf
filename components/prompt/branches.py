"""The messages of the form, and the parallel branches that they may have.

A first branch takes the rows with it that a branch may differ in: all but the system messages and the histories at the
beginning, which the branches share from then on. When one branch is left, its rows are those of a plain chain again.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from chains.branch_names import MAX_BRANCH_NAME
from chains.spec import MAX_BRANCHES
from chains.templates.doctor.edits import Finding
from chains.words import fill
from components import state
from components.prompt import rows
from components.sections import palette
from components.words import _, plain

SHARED = ("system", "placeholder")


def show(found: Mapping[int, Sequence[Finding]]) -> None:
    """Draws all rows; what is found in them is by place among them."""
    branches = state.branches()
    if branches:
        st.caption(_("Shared by all branches, before their own messages"))
    rows.show(found, least=0 if branches else 1)
    with st.container(horizontal=True, gap="small"):
        rows.add_button(_("Add shared message") if branches else _("Add message"))
        if not branches:
            _add_button()
        palette.show()
    for number, (name, own) in enumerate(branches):
        first = state.places.index(state.rows_of(number), 0)
        its_own = {row - first: findings for row, findings in found.items() if first <= row < first + len(own)}
        _branch(number, name, its_own)
    if branches:
        _add_button()


def add() -> None:
    """Adds a branch like the last one; to a plain chain two, like what it was."""
    branches = state.held_branches()
    if not branches:
        shared, own = _parted(state.held())
        state.put_messages(shared)
        branches = [("branch_1", own)]
    names = [name for name, _rows in branches]
    number = next(n for n in range(1, MAX_BRANCHES + 2) if f"branch_{n}" not in names)
    state.put_branches([*branches, (f"branch_{number}", branches[-1][1])])
    last, copy = (state.places.index(state.rows_of(b), 0) for b in (len(branches) - 1, len(branches)))
    state.document.copy_rows(last, len(branches[-1][1]), copy)


def delete(number: int) -> None:
    """Deletes a branch; the last one that is left becomes the chain."""
    own = state.rows_of(number)
    state.document.forget_rows(state.places.index(own, 0), state.row_count(own))
    branches = [branch for n, branch in enumerate(state.held_branches()) if n != number]
    if len(branches) == 1:
        state.put_messages((*state.held(), *branches[0][1]))
        branches = []
    state.put_branches(branches)


def _parted(rows: tuple[state.Row, ...]) -> tuple[tuple[state.Row, ...], tuple[state.Row, ...]]:
    first = next((n for n, row in enumerate(rows) if row.role not in SHARED), len(rows))
    return rows[:first], rows[first:] or (state.Row(role="human", template=""),)


def _branch(number: int, name: str, found: Mapping[int, Sequence[Finding]]) -> None:
    of = state.rows_of(number)
    with st.container(border=True, key=f"{of}box"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.text_input(
                fill(_("Name of branch {number}"), {"number": str(number + 1)}),
                key=f"{of}name",
                persist_state=state.KEEP,
                max_chars=MAX_BRANCH_NAME,
                placeholder=_("Name of the branch"),
                label_visibility="collapsed",
            )
            st.button(
                fill(_("Delete branch {branch}"), {"branch": plain(name)}),
                icon=":material/delete:",
                type="tertiary",
                key=f"{of}delete",
                on_click=delete,
                args=(number,),
            )
        rows.show(found, of=of, branch=name)
        rows.add_button(_("Add message"), of=of)


def _add_button() -> None:
    st.button(
        _("Add branch"),
        icon=":material/call_split:",
        type="tertiary",
        key="add_branch",
        on_click=add,
        disabled=len(state.branches()) >= MAX_BRANCHES,
        help=_("Parallel branches get the same input at the same time, each with a prompt of its own."),
    )
