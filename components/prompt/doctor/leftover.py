"""Values that no message uses: kept, as a value returns with its variable, and named, as a name may be mistyped."""

import streamlit as st

from chains.words import fill
from components import state
from components.prompt import table
from components.prompt.doctor import diagnosis
from components.words import _, plain, several

MOST_NAMED = 5


def show() -> None:
    """Names them, with a button that forgets them; draws nothing when there are none."""
    names = diagnosis.unused()
    if not names:
        return
    more = ", …" if len(names) > MOST_NAMED else ""
    said = fill(_("No message uses {names}."), {"names": ", ".join(names[:MOST_NAMED]) + more})
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f":small[:gray[:material/info: {plain(said)}]]", width="content")
        label = several("Forget its value", "Forget their values", len(names))
        st.button(f":small[:primary[{plain(label)}]]", key="forget_unused", type="tertiary", on_click=_forget)


def _forget() -> None:
    names = diagnosis.unused()
    if state.text("mode") != "batch":
        for name in names:
            state.inputs.forget(name)
        return
    rows = [{name: value for name, value in row.items() if name not in names} for row in table.rows()]
    state.grid.put_table(rows, state.grid.table_columns())
