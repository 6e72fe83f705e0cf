"""CSV that a spreadsheet shows and never executes."""

import csv
import io

import pytest

from chains.tables import Cell, to_csv


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
