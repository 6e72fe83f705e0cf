"""Tables as people bring them: encodings, delimiters, faults with their place; and CSV that executes nothing."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.outcomes import Refused
from chains.phrases import Phrase
from chains.spec import MAX_INPUTS
from chains.tables import Cell, read_table, to_csv

KOREAN = "topic,how\n아이스크림,짧게\n눈,길게\n"
ROWS = ({"topic": "아이스크림", "how": "짧게"}, {"topic": "눈", "how": "길게"})


@pytest.mark.parametrize(
    ("encoding", "named"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp949", "CP949")]
)
def test_a_table_is_read_in_the_encodings_of_spreadsheets(encoding: str, named: str) -> None:
    table = read_table("inputs.csv", KOREAN.encode(encoding))
    assert (table.columns, table.rows, table.encoding) == (("topic", "how"), ROWS, named)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_is_read_whatever_parts_its_cells(delimiter: str) -> None:
    data = f'a{delimiter}b\n"x{delimiter}y"{delimiter}2\n\n3{delimiter}"4\n5"\n'.encode()
    assert read_table("t.csv", data).rows == ({"a": f"x{delimiter}y", "b": "2"}, {"a": "3", "b": "4\n5"})


def test_a_short_line_lacks_its_last_cells() -> None:
    assert read_table("t.csv", b"a,b\n1\n2,3\n").rows == ({"a": "1"}, {"a": "2", "b": "3"})


def test_a_cell_of_a_megabyte_is_read() -> None:
    long = "x" * 1_000_000
    assert read_table("t.csv", f"a\n{long}\n".encode()).rows == ({"a": long},)


def test_json_lines_keep_text_and_write_the_rest_as_json() -> None:
    data = b'{"a": "x", "b": [1, {"c": null}]}\n\n{"a": null, "d": 1.5}\n'
    table = read_table("t.jsonl", data)
    assert table.columns == ("a", "b", "d")
    assert table.rows == ({"a": "x", "b": '[1, {"c": null}]'}, {"a": "", "d": "1.5"})


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("t.csv", b"", "no_rows"),
        ("t.csv", b"a,b\n", "no_rows"),
        ("t.csv", b"a,a\n1,2\n", "column_twice"),
        ("t.csv", b"a,b\n1,2,3\n", "too_many_cells"),
        ("t.csv", b'a\n"open\n', "csv_line"),
        ("t.csv", b"PK\x03\x04\0\0", "binary_file"),
        ("t.csv", b"a\n\x81\n", "unknown_encoding"),
        ("t.jsonl", b'{"a": 1}\n{"a": NaN}\n', "json_line"),
        ("t.jsonl", b'{"a": 1}\n[1]\n', "json_line_object"),
        ("t.jsonl", b"\n", "no_rows"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(name: str, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_table(name, data)
    reason = refused.value.outcome.values["reason"]
    assert isinstance(reason, Phrase)
    assert reason.code == code


def test_the_place_of_a_fault_is_told() -> None:
    with pytest.raises(Refused, match="line 2 is no JSON"):
        read_table("t.jsonl", b'{"a": 1}\n{"a": NaN}\n')


def test_more_rows_than_a_batch_takes_are_refused() -> None:
    data = b"a\n" + b"x\n" * (MAX_INPUTS + 1)
    with pytest.raises(Refused, match=r"10,001 rows") as refused:
        read_table("t.csv", data)
    assert refused.value.outcome.code == "too_many_rows"
    assert len(read_table("t.csv", data[:-2]).rows) == MAX_INPUTS


def read(written: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x")'])
def test_what_looks_like_a_formula_is_a_text(text: str) -> None:
    assert read(to_csv(["a"], [[text]]))[1] == [f"'{text}"]


def test_a_header_is_made_harmless_too() -> None:
    assert read(to_csv(["=x"], []))[0] == ["'=x"]


def test_other_texts_and_numbers_stay_as_they_are() -> None:
    row: list[Cell] = ["a=b", 'a,b\n"c"', -1.5, 0, None, True, ""]
    assert read(to_csv(list("abcdefg"), [row]))[1] == ["a=b", 'a,b\n"c"', "-1.5", "0", "", "True", ""]


def test_korean_is_read_by_excel_and_half_a_surrogate_is_no_obstacle() -> None:
    written = to_csv(["말"], [["안녕"], ["\ud83d"]])
    assert written.startswith(b"\xef\xbb\xbf")
    assert read(written) == [["말"], ["안녕"], ["?"]]


_CELLS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20)


@settings(max_examples=300)
@given(st.lists(st.tuples(_CELLS, _CELLS), min_size=1, max_size=6))
def test_what_is_written_can_be_read_again(cells: list[tuple[str, str]]) -> None:
    written = to_csv(["a", "b"], cells)
    safe = [{"a": _safe(a), "b": _safe(b)} for a, b in cells]
    wanted = tuple(row for row in safe if any(value.strip() for value in row.values()))
    if wanted:
        assert read_table("t.csv", written).rows == wanted


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell


@pytest.mark.parametrize(
    ("name", "text", "columns", "rows"),
    [
        ("a.txt", "ice cream\n\n chocolate, dark \r\nvanilla", ("topic",), ["ice cream", "chocolate, dark", "vanilla"]),
        ("a.txt", "topic\nice cream", ("topic",), ["ice cream"]),
        ("a.txt", "n,topic\n1,ice cream", ("n", "topic"), ["ice cream"]),
        ("a.csv", "other\nice cream", ("other",), [None]),
    ],
)
def test_a_text_is_a_value_a_line_unless_it_names_the_only_column(
    name: str, text: str, columns: tuple[str, ...], rows: list[str | None]
) -> None:
    table = read_table(name, text.encode(), "topic")
    assert table.columns == columns
    assert [row.get("topic") for row in table.rows] == rows
