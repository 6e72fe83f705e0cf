"""Values that no message uses: kept, as a value returns with its variable, and named, as a name may be mistyped."""

import streamlit as st

from chains.words import fill
from components import state
from components.prompt import table
from components.prompt.doctor import diagnosis
from components.words import _, plain, several

MOST_NAMED = 5


def show() -> None:
    """Names them, with a button that forgets those that no section uses either; draws nothing when there are none."""
    unused, off = diagnosis.unused()
    if off:
        _line(fill(_("Only a section that is off uses {names}."), {"names": _named(off)}))
    if unused:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            _line(fill(_("No message uses {names}."), {"names": _named(unused)}))
            label = several("Forget its value", "Forget their values", len(unused))
            st.button(f":small[:primary[{plain(label)}]]", key="forget_unused", type="tertiary", on_click=_forget)


def _line(said: str) -> None:
    st.markdown(f":small[:gray[:material/info: {plain(said)}]]", width="content")


def _named(names: tuple[str, ...]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")


def _forget() -> None:
    names, _off = diagnosis.unused()
    if state.text("mode") != "batch":
        for name in names:
            state.inputs.forget(name)
        return
    rows = [{name: value for name, value in row.items() if name not in names} for row in table.rows()]
    state.grid.put_table(rows, state.grid.table_columns())
