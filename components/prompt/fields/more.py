"""The values of the variables beyond those that have a field of their own: a table with a row a variable."""

from collections.abc import Sequence

import streamlit as st

from components import state
from components.prompt.fields.values import as_text
from components.words import _, several

ROW_PX = 33
MOST_ROWS_HIGH = 9


def show(names: Sequence[str], *, of: str) -> None:
    """Draws the table of these variables, the rest of the group `of`; nothing when there are none."""
    if not names:
        return
    given = state.more.given(of, names, [as_text(held) for held in state.inputs.held_of(names).values()])
    beside = several(
        "{count} more variable. Its value goes into this table; a list or an object as JSON.",
        "{count} more variables. Their values go into this table; a list or an object as JSON.",
        len(names),
    )
    st.caption(beside)
    st.data_editor(
        {state.more.NAME: given["names"], state.more.VALUE: given["texts"]},
        key=state.more.key(of, given),
        hide_index=True,
        width="stretch",
        height=ROW_PX * (min(len(names), MOST_ROWS_HIGH) + 1) + 4,
        column_config={
            state.more.NAME: st.column_config.TextColumn(_("Variable"), disabled=True),
            state.more.VALUE: st.column_config.TextColumn(
                _("Value"), default="", max_chars=state.FIELD_CHARACTERS, width="large"
            ),
        },
        on_change=_take,
        args=(of,),
        placeholder="",
        alt=_("Values of the variables that have no field of their own"),
    )


def _take(of: str) -> None:
    for name, text in state.more.changed(of).items():
        if as_text(state.inputs.held(name)) != text:
            state.inputs.put(name, text)
