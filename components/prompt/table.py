"""The inputs of a batch: a table with a column a variable, typed, pasted or read from a file.

Streamlit keeps what a person changes in a grid apart from the table that it was given; what counts is both together.
"""

from collections.abc import Collection, Mapping, Sequence

import streamlit as st

from chains.documents.document import FieldSpec
from chains.outcomes import Refused
from chains.tables import Table, read_table
from chains.words import fill
from components import state
from components.prompt.explained import explained
from components.prompt.fields.columns import column
from components.prompt.fields.values import as_text
from components.words import _, plain, several

GRID = "input_table"
FILE = "input_file"
ROW_PX = 33
MOST_ROWS_HIGH = 7
MOST_COLUMNS = 50
"""Columns that are drawn: a grid of a thousand takes a second."""

Row = Mapping[str, str]


def rows() -> list[Row]:
    """The rows that hold anything, with the values of all columns that there ever were."""
    return [row for row in _all_rows() if any(value.strip() for value in row.values())]


def show(fields: Mapping[str, FieldSpec], *, as_json: Collection[str]) -> None:
    """Draws the table with a column a field, as its kind asks; those in `as_json` take JSON as text.

    Whatever else the rows hold is kept for when its column returns. The variables beyond the first `MOST_COLUMNS` have
    no column; a file gives them their values.
    """
    columns = tuple(fields)[:MOST_COLUMNS]
    _settle(tuple(name if name in as_json else f"{name} {fields[name].model_dump_json()}" for name in columns))
    held = state.grid.table()
    drawn = [column(name, [row.get(name, "") for row in held], fields[name], name in as_json) for name in columns]
    st.data_editor(
        {name: list(each.cells) for name, each in zip(columns, drawn, strict=True)},
        key=GRID,
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        height=ROW_PX * (min(len(held), MOST_ROWS_HIGH) + 2) + 4,
        column_config={name: each.config for name, each in zip(columns, drawn, strict=True)},
        placeholder="",
        alt=_("Inputs of the batch: a row an input, a column a variable"),
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(_counted(tuple(fields)))
        _upload(tuple(fields))
    if left := len(fields) - len(columns):
        st.caption(
            several(
                "{count} more variable has no column here: load its values from a file.",
                "{count} more variables have no column here: load their values from a file.",
                left,
            )
        )
    _say_what_was_read()


def _settle(drawn: tuple[str, ...]) -> None:
    """Makes the changes part of the table when the grid has to be drawn anew: columns changed, or the page did."""
    if state.grid.grid_edits(GRID) is None:
        state.grid.put_table(state.grid.last_table() or state.grid.table(), drawn)
    elif state.grid.table_columns() != drawn:
        state.grid.put_table(_all_rows(), drawn)
    state.grid.note_table(_all_rows())


def _all_rows() -> list[Row]:
    held = [dict(row) for row in state.grid.table()]
    edits = state.grid.grid_edits(GRID) or {}
    for index, changed in edits.get("edited_rows", {}).items():
        if int(index) < len(held):
            held[int(index)].update({name: as_text(value) for name, value in changed.items()})
    gone = set(edits.get("deleted_rows", ()))
    kept = [row for index, row in enumerate(held) if index not in gone]
    return kept + [{name: as_text(value) for name, value in row.items()} for row in edits.get("added_rows", ())]


def _counted(columns: Sequence[str]) -> str:
    found = rows()
    text = several("{count} row", "{count} rows", len(found))
    lacking = sum(any(not row.get(column, "").strip() for column in columns) for row in found)
    if not lacking:
        return text
    note = several("{count} of them lacks a value and will fail", "{count} of them lack a value and will fail", lacking)
    return f"{text}; {note}"


def _upload(columns: Sequence[str]) -> None:
    with st.popover(_("Load a file"), icon=":material/upload_file:", key="load_file"):
        st.file_uploader(
            _("CSV, JSON Lines or text"),
            type=["csv", "tsv", "txt", "jsonl", "ndjson"],
            key=FILE,
            on_change=_load,
            args=(columns[0] if len(columns) == 1 else "",),
            help=_(
                "The first line of a CSV names the columns; a line of JSON Lines is an object; of a text each line is "
                "a value of the only variable. The table is replaced."
            ),
        )


def _load(only: str) -> None:
    file = state.grid.uploaded(FILE)
    if file is None:
        return
    name, data = file
    try:
        table = read_table(name, data, only)
    except Refused as refused:
        state.put("table_note", explained(refused.outcome))
        return
    state.grid.put_table([dict(row) for row in table.rows], ())
    state.put("table_note", _what_was_read(table))


def _what_was_read(table: Table) -> str:
    names = {"encoding": table.encoding, "columns": ", ".join(table.columns)}
    read = several(
        "{count} row was read as {encoding}; columns: {columns}",
        "{count} rows were read as {encoding}; columns: {columns}",
        len(table.rows),
    )
    return fill(read, names)


def _say_what_was_read() -> None:
    note = state.text("table_note")
    if note:
        st.caption(f":material/info: {plain(note)}")
