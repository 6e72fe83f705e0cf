"""Tables of inputs and results: read from CSV and JSON Lines, written as CSV that no spreadsheet will execute."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from chains.outcomes import Outcome, Refused
from chains.phrases import Phrase
from chains.spec import MAX_INPUTS

Row = Mapping[str, str]
Cell = str | float | int | bool | None

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ENCODINGS = ("utf-8", "cp949")
_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", "cp949": "CP949"}
_DELIMITERS = ",;\t|"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST_CELL = 2**31 - 1
SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text by column; `encoding` is how the file was read, for a person to check."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str


def read_table(name: str, data: bytes, only: str = "") -> Table:
    """The table in a file: JSON Lines when its name ends in .jsonl or .ndjson, else CSV with a line of names.

    A .txt file is a value a line for the `only` column that is wanted, unless its first line names that column.

    Values of JSON that are no text become JSON text. Raises `Refused` (`bad_table`) with the place of what does not
    fit, and `too_many_rows`.
    """
    text, encoding = _decoded(data)
    read = _json_lines if name.lower().endswith((".jsonl", ".ndjson")) else _csv
    columns, rows = _lines(text, only) if only and _is_plain(name, text, only) else read(text)
    if len(rows) > MAX_INPUTS:
        raise Refused(Outcome("too_many_rows", {"count": f"{len(rows):,}", "limit": f"{MAX_INPUTS:,}"}))
    if not rows:
        raise _bad(Phrase("no_rows"))
    return Table(columns, rows, encoding)


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as UTF-8 with a byte order mark, without which Excel does not read Korean.

    A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection"); numbers
    stay numbers, None is an empty cell.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    for row in (header, *rows):
        writer.writerow([_harmless(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig", "replace")


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _decoded(data: bytes) -> tuple[str, str]:
    marked = [encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)]
    for encoding in marked or _ENCODINGS:
        try:
            return data.decode(encoding), _NAMES[encoding]
        except UnicodeDecodeError:
            continue
    raise _bad(Phrase("unknown_encoding"))


def _is_plain(name: str, text: str, only: str) -> bool:
    first = next(csv.reader(io.StringIO(text.lstrip(), newline=""), _dialect(text)), [])
    return name.lower().endswith(".txt") and only not in [column.strip() for column in first]


def _lines(text: str, column: str) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    if "\0" in text:
        raise _bad(Phrase("binary_file"))
    return (column,), tuple({column: line.strip()} for line in text.splitlines() if line.strip())


def _csv(text: str) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    if "\0" in text:
        raise _bad(Phrase("binary_file"))
    csv.field_size_limit(LONGEST_CELL)
    lines = csv.reader(io.StringIO(text, newline=""), _dialect(text))
    try:
        cells = [cells for cells in lines if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise _bad(Phrase("csv_line", {"line": str(lines.line_num), "reason": str(error)})) from None
    if not cells:
        raise _bad(Phrase("no_rows"))
    columns = tuple(column.strip() for column in cells[0])
    _check_columns(columns)
    for number, line in enumerate(cells[1:], start=1):
        if len(line) > len(columns):
            raise _bad(
                Phrase("too_many_cells", {"row": str(number), "cells": str(len(line)), "columns": str(len(columns))})
            )
    return columns, tuple(dict(zip(columns, line, strict=False)) for line in cells[1:])


def _dialect(text: str) -> type[csv.Dialect]:
    """By the first line, which holds names; where it tells nothing, commas."""
    first = text[:SAMPLE].lstrip().split("\n", 1)[0]
    found = max(_DELIMITERS, key=first.count)

    class Dialect(csv.excel):
        delimiter = found if found in first else ","
        strict = True

    return Dialect


def _check_columns(columns: Sequence[str]) -> None:
    twice = [column for column in columns if column and columns.count(column) > 1]
    if twice:
        raise _bad(Phrase("column_twice", {"column": twice[0]}))


def _json_lines(text: str) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    columns: dict[str, None] = {}
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            row = _json_row(line, number)
            columns.update(dict.fromkeys(row))
            rows.append(row)
    return tuple(columns), tuple(rows)


def _json_row(line: str, number: int) -> Row:
    try:
        value: JsonValue = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _bad(Phrase("json_line", {"line": str(number)})) from None
    if not isinstance(value, dict):
        raise _bad(Phrase("json_line_object", {"line": str(number)}))
    return {name: as_text(held) for name, held in value.items()}


def as_text(value: JsonValue) -> str:
    """A value as a cell shows it: text as it is, null empty, all else as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _no_constant(name: str) -> JsonValue:
    raise ValueError(f"{name} is no JSON")


def _bad(reason: Phrase) -> Refused:
    return Refused(Outcome("bad_table", {"reason": reason}))
