"""JSON and YAML: read back as they were written; what can be read in two ways is refused by its place."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from chains.files import notation as notation_module
from chains.files.notation import MAX_DEPTH, MAX_FILE_BYTES, MAX_VALUES, Notation, fits, read, values_in, write
from chains.outcomes import Refused
from tests.support.pictures import drawn, uri, weighing

_NOTATIONS: tuple[Notation, ...] = ("json", "yaml")
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
        ('{"a": -1e999}', "-1e999 is no number in JSON"),
        ('{"a": ' + "9" * 5_000 + "}", "thousands of digits"),
        ("[" * 50_000, "nested more than"),
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
    began = time.process_time()
    assert "larger than 30 MB" in reason("a.yaml", b"x" * (MAX_FILE_BYTES + 1))
    assert "letters are not UTF-8" in reason("a.yaml", b"\xff\xfe")
    assert "has an anchor" in reason("a.yaml", bomb)
    for notation in ("yaml", "json"):
        assert f"more than {MAX_VALUES:,} names and values" in reason(f"a.{notation}", many)
    assert f"more than {MAX_DEPTH} deep" in reason("a.yaml", "- " * 10_000)
    assert time.process_time() - began < 5


def test_json_that_takes_long_is_refused_at_once() -> None:
    one_twice = "{" + ", ".join(f'"{n}": 1' for n in [*range(40_000), 39_999]) + "}"
    quotes = '"\\' * (MAX_FILE_BYTES // 4)
    began = time.process_time()
    assert "39999 stands twice" in reason("a.json", one_twice)
    assert "is no JSON" in reason("a.json", quotes)
    assert time.process_time() - began < 2


def test_names_and_values_are_counted_alike_in_json_and_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    value: JsonValue = {"a": ['x, [y]: "{', 1.5, None, True, {}], "b\\": [[], -1]}
    assert values_in(json.dumps(value)) == 12
    for most, is_taken in ((12, True), (11, False)):
        monkeypatch.setattr(notation_module, "MAX_VALUES", most)
        assert fits(value) is is_taken
        for notation in _NOTATIONS:
            if is_taken:
                assert read(f"a.{notation}", write(value, notation)) == value
            else:
                assert "more than 11 names and values" in reason(f"a.{notation}", write(value, notation))


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(value=values)
def test_nothing_takes_more_in_a_file_than_was_reckoned(value: JsonValue) -> None:
    _check_reckoning({"value": value})


def _check_reckoning(held: JsonValue) -> None:
    reckoned = sum(notation_module._most_bytes(part, depth) for part, depth in notation_module._nodes(held, 0))
    assert max(len(write(held, notation)) for notation in _NOTATIONS) <= reckoned


@pytest.mark.parametrize(
    "part", ["a\nb\n" * 99, "\n" * 99, "\x01" * 99, "'" * 99, "\ufeff" * 99, "a\tb\n" * 99, 1e300, 9**99]
)
def test_no_text_takes_more_in_a_file_than_was_reckoned_however_deep(part: JsonValue) -> None:
    _check_reckoning(_nested(part, 100))


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ([1] * 9_999, True),
        ([1] * 10_000, False),
        ("word " * 399_000, True),
        ("word " * 800_000, False),
    ],
    ids=["values", "too many values", "text", "too much text"],
)
def test_at_the_limits_what_fits_is_read_back(value: JsonValue, taken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notation_module, "MAX_FILE_BYTES", 4_000_000)
    monkeypatch.setattr(notation_module, "MAX_VALUES", 10_000)
    assert fits(value) is taken
    if taken:
        for notation in _NOTATIONS:
            assert read(f"a.{notation}", write(value, notation)) == value


def test_at_the_limit_of_depth_what_fits_is_read_back() -> None:
    deepest = _nested(1, MAX_DEPTH - 2)
    assert (fits(deepest), fits([deepest])) == (True, False)
    for notation in _NOTATIONS:
        assert read(f"a.{notation}", write(deepest, notation)) == deepest
    assert f"more than {MAX_DEPTH} deep" in reason("a.yaml", write([[deepest]], "yaml"))


def _nested(value: JsonValue, depth: int) -> JsonValue:
    for _ in range(depth):
        value = [value]
    return value


def test_large_images_are_written_and_read_in_a_moment() -> None:
    held: JsonValue = {"images": [uri(weighing(5_000_000)), uri(weighing(300)), uri(drawn())], "a": "b"}
    began = time.process_time()
    written = write(held, "yaml")
    assert read("a.yaml", written) == held
    assert time.process_time() - began < 1
    assert fits(held)


def test_five_megabytes_of_text_are_taken() -> None:
    text = "word " * 500_000
    assert read("a.yaml", write({"a": text}, "yaml")) == {"a": text}
    assert read("a.json", json.dumps({"a": text}).encode()) == {"a": text}
