"""The rows behind a chart: as a table when it is opened, and as CSV."""

from collections.abc import Callable, Sequence

import streamlit as st

from chains.figures.timings import ChunkRow, ItemRow
from chains.tables import Cell, to_csv
from components.words import _, kind_word, status_word

CHUNK_HEADER = ("chunk", "at_ms", "gap_ms", "characters", "kind", "same_packet", "stall", "text")
ITEM_HEADER = (
    "input", "lane", "status", "planned_ms", "start_ms", "first_text_ms", "end_ms", "queue_wait_ms", "ttft_ms", "e2e_ms"
)  # fmt: skip
Row = tuple[Cell, ...]


def of_chunks(run: str, rows: Sequence[ChunkRow], *, key: str) -> None:
    """A row a chunk."""

    def listed() -> list[Row]:
        return [
            (row.number, row.at, row.gap, row.characters, row.kind, row.same_packet, row.stall, row.text)
            for row in rows
        ]

    labels = (
        _("chunk"), _("at (ms)"), _("gap (ms)"), _("characters"), _("kind"), _("same packet"), _("stall"), _("text")
    )  # fmt: skip
    _table(labels, listed, {4: kind_word}, key=key)
    _download(f"chunks-{run}.csv", CHUNK_HEADER, listed, key=key)


def of_items(run: str, rows: Sequence[ItemRow], *, key: str) -> None:
    """A row an input."""

    def listed() -> list[Row]:
        return [
            (
                row.index + 1, row.lane, row.status, row.planned, row.start, row.first_text, row.end,
                row.queue_wait_ms, row.ttft_ms, row.e2e_ms,
            )
            for row in rows
        ]  # fmt: skip

    labels = (
        _("input"), _("lane"), _("status"), _("planned (ms)"), _("start (ms)"), _("first text (ms)"), _("end (ms)"),
        _("queue wait (ms)"), _("TTFT (ms)"), _("E2E (ms)"),
    )  # fmt: skip
    _table(labels, listed, {2: status_word}, key=key)
    _download(f"inputs-{run}.csv", ITEM_HEADER, listed, key=key)


def _table(
    labels: Sequence[str], listed: Callable[[], list[Row]], words: dict[int, Callable[[str], str]], *, key: str
) -> None:
    """The rows, once the table is opened; `words` translates the cells of a column."""
    opened = st.expander(_("Table"), key=f"table_{key}", on_change="rerun")
    if not opened.open:
        return
    rows = [
        {label: _shown(cell, words.get(n)) for n, (label, cell) in enumerate(zip(labels, row, strict=True))}
        for row in listed()
    ]
    with opened:
        st.dataframe(rows, hide_index=True, height=min(320, 38 + 35 * len(rows)), placeholder="–")


def _shown(cell: Cell, word: Callable[[str], str] | None) -> Cell:
    """A cell that can be drawn: half a surrogate pair cannot."""
    if not isinstance(cell, str):
        return cell
    return word(cell) if word else cell.encode("utf-8", "replace").decode()


def _download(name: str, header: Sequence[str], listed: Callable[[], list[Row]], *, key: str) -> None:
    st.download_button(
        _("Download CSV"),
        data=lambda: to_csv(header, listed()),
        file_name=name,
        mime="text/csv",
        icon=":material/download:",
        key=f"csv_{key}",
        on_click="ignore",
    )
