"""CSV for spreadsheets: what a model or a person wrote is never taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | float | int | bool | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as UTF-8 with a byte order mark, without which Excel does not read Korean.

    A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers, None is an
    empty cell.
    """
    written = io.StringIO()
    writer = csv.writer(written)
    for row in (header, *rows):
        writer.writerow([_harmless(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig", "replace")


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
