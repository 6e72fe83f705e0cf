"""JSON and YAML: read back as they were written; what can be read in two ways is refused by its place."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from chains.files.notation import MAX_DEPTH, MAX_FILE_BYTES, MAX_YAML_VALUES, Notation, read, write
from chains.outcomes import Refused

SPECIAL = "ab:#-{}[]&*!|>'\"%@`,? \n\n\n  \t\r\x85\u2028\u00a0\ufeff가😀=~\\\x00\x7f"
AMBIGUOUS = ["yes", "2026-11-21", "1:30", "0o7", "<<", "=", "null", "~", "1e3", "1.0", "-", "...", "---", "%YAML", ""]

texts = st.one_of(st.text(st.sampled_from(SPECIAL), max_size=14), st.text(max_size=10), st.sampled_from(AMBIGUOUS))
leaves = st.one_of(texts, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=8
)


def reason(name: str, text: str | bytes) -> str:
    """Why a file is refused."""
    with pytest.raises(Refused) as refused:
        read(name, text.encode() if isinstance(text, str) else text)
    assert refused.value.outcome.code == "bad_chain_file"
    return refused.value.outcome.message


@pytest.mark.parametrize("notation", ["json", "yaml"])
@settings(max_examples=1_000, deadline=None, derandomize=True, database=None)
@given(value=values)
def test_what_is_written_is_read_back_the_same(notation: Notation, value: JsonValue) -> None:
    held: JsonValue = {"value": value}
    assert read(f"a.{notation}", write(held, notation)) == held


def test_a_text_of_several_lines_is_a_literal_block_also_with_spaces_at_an_end_of_a_line() -> None:
    written = write({"template": "# Role  \n  You are {who}.\n\n{{json}}\n"}, "yaml").decode()
    assert written == "template: |\n  # Role  \n    You are {who}.\n\n  {{json}}\n"
    assert "한국어" in write({"a": "한국어"}, "yaml").decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: yes", "line 1, column 4: yes can be read in two ways; put it in quotes"),
        ("a: 2026-11-21", "2026-11-21 can be read in two ways"),
        ("a:\n- 1:30", "line 2, column 3: 1:30 can be read"),
        ("a: 012", "012 can be read"),
        ("a: 0x1f", "0x1f can be read"),
        ("a: 1_000", "1_000 can be read"),
        ("a: .inf", ".inf can be read"),
        ("a: =", "= can be read"),
        ("1: a", "line 1, column 1: 1 can be read"),
        ("<<: {a: 1}", "<< can be read"),
        ("a: &x 1", "line 1, column 4 has an anchor"),
        ("a: *x", "line 1, column 4 has an anchor or an alias"),
        ("a: !!python/object/apply:os.system [id]", "line 1, column 4 has a tag"),
        ("a: !!binary aGk=", "has a tag"),
        ("a: !x 1", "has a tag"),
        ("? [1]\n: 2", "in the place of a name"),
        ("a: 1\nb: 2\na: 3", "a stands twice in one object"),
        ("a: [1", "line 2, column 1 is no YAML"),
        ("a: 1\n--- \nb: 2", "is no YAML"),
        ("a: \x07", "is no YAML"),
    ],
)
def test_yaml_that_can_be_read_in_two_ways_is_refused_by_its_place(text: str, said: str) -> None:
    assert said in reason("a.yaml", text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1,\n "b" 2}', "line 2, column 6 is no JSON"),
        ('{"a": {"b": 1, "b": 2}}', "b stands twice in one object"),
        ('{"a": NaN}', "NaN is no number in JSON"),
        ('{"a": ' + "9" * 5_000 + "}", "thousands of digits"),
        ("[" * 100_000, "nested more than"),
    ],
)
def test_json_that_is_none_is_refused_by_its_place(text: str, said: str) -> None:
    assert said in reason("a.json", text)


def test_a_file_is_read_by_its_ending_else_by_its_first_letter() -> None:
    assert read("A.JSON", b'{"a": 1}') == read("a.yml", b"a: 1") == read("a", b' {"a": 1}') == read("a", b"a: 1")
    assert read("a.yaml", b"{a: 1}") == {"a": 1}
    assert read("a.yaml", "\ufeffa: 1".encode()) == {"a": 1}


def test_what_is_too_large_too_deep_or_no_text_is_refused_at_once() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a, *a]\n" for n in range(30))
    many = "[" + "1," * (MAX_FILE_BYTES // 2 - 1) + "]"
    began = time.perf_counter()
    assert "larger than 5 MB" in reason("a.yaml", b"x" * (MAX_FILE_BYTES + 1))
    assert "letters are not UTF-8" in reason("a.yaml", b"\xff\xfe")
    assert "has an anchor" in reason("a.yaml", bomb)
    assert f"more than {MAX_YAML_VALUES:,} names and values" in reason("a.yaml", many)
    assert f"more than {MAX_DEPTH} deep" in reason("a.yaml", "[" * 10_000)
    assert time.perf_counter() - began < 5


def test_five_megabytes_of_text_are_taken() -> None:
    text = "word " * 500_000
    assert read("a.yaml", write({"a": text}, "yaml")) == {"a": text}
    assert read("a.json", json.dumps({"a": text}).encode()) == {"a": text}
