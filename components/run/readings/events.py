"""The events of an ended run as a table, the first ones of a long one."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from chains.events import Event, encode_json, to_wire
from chains.words import fill
from components.run.view import FRAME_HEIGHT
from components.words import _
from runs.opened import engine

MAX_LISTED = 20_000


@dataclass(frozen=True, slots=True)
class _Row:
    seq: int
    at: float
    type: str
    what: str


@dataclass(frozen=True, slots=True)
class _Listed:
    """The rows, and how many events there are in all."""

    rows: tuple[_Row, ...]
    count: int


def show(run: str) -> None:
    """Draws the types to choose from and the table."""
    found = _listed(run)
    kinds = list(dict.fromkeys(row.type for row in found.rows))
    wanted = st.pills(_("Types"), kinds, selection_mode="multi", key="event_types", label_visibility="collapsed")
    column = st.column_config.Column
    columns = {
        "seq": column(_("number")),
        "at": column(_("at (ms)"), width="small"),
        "type": column(_("type")),
        "what": column(_("what")),
    }
    st.dataframe(
        [_cells(row) for row in found.rows if not wanted or row.type in wanted],
        hide_index=True,
        height=FRAME_HEIGHT - 90,
        column_config=columns,
    )
    if found.count > len(found.rows):
        numbers = {"shown": f"{len(found.rows):,}", "count": f"{found.count:,}"}
        st.caption(fill(_("The first {shown} of {count} events."), numbers))


@lru_cache(2)
def _listed(run: str) -> _Listed:
    """Of an ended run, which changes no more."""
    log = engine().log(run)
    return _Listed(tuple(map(_row, log.slice(0, min(log.length, MAX_LISTED)))), log.length)


def _row(event: Event) -> _Row:
    wire = to_wire(event)
    kind = str(wire.pop("type"))
    del wire["seq"], wire["at"]
    return _Row(event.seq, event.at, kind, encode_json(wire))


def _cells(row: _Row) -> Mapping[str, object]:
    return {"seq": row.seq, "at": row.at, "type": row.type, "what": row.what}
