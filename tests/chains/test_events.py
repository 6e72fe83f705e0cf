"""One vocabulary on the wire: whatever happens comes back as it was, in full and in short form."""

import json
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from chains.events import (
    NAMES,
    TYPES,
    Chunk,
    Event,
    Happening,
    ItemEnded,
    ItemStarted,
    Retry,
    RunEnded,
    RunStarted,
    StepEnded,
    StepStarted,
    Usage,
    decode,
    decode_lines,
    encode_json,
    encode_short,
    to_wire,
)

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
MS = st.floats(0, 1e7).map(lambda number: round(number, 3))
COUNT = st.integers(0, 10_000)
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda held: st.lists(held, max_size=3) | st.dictionaries(TEXT, held, max_size=3),
    max_leaves=5,
)
FAULT = st.fixed_dictionaries({"code": TEXT, "message": TEXT, "hint": TEXT})
STATUS = st.sampled_from(["done", "stopped", "failed", "incomplete", "interrupted"])
KIND = st.sampled_from(["role", "text", "reasoning", "tool", "finish", "usage"])
MAYBE = st.none() | FAULT
HAPPENINGS: dict[type, st.SearchStrategy[Happening]] = {
    RunStarted: st.builds(RunStarted, TEXT, COUNT, TEXT),
    ItemStarted: st.builds(ItemStarted, COUNT, MS),
    StepStarted: st.builds(StepStarted, COUNT, TEXT),
    Chunk: st.builds(Chunk, COUNT, KIND, TEXT, st.none() | TEXT),
    Retry: st.builds(Retry, COUNT, COUNT, MS, FAULT, st.none() | TEXT),
    Usage: st.builds(Usage, COUNT, COUNT, COUNT, COUNT, st.none() | COUNT, st.none() | TEXT),
    StepEnded: st.builds(
        StepEnded,
        COUNT,
        TEXT,
        STATUS,
        st.none() | TEXT,
        MAYBE,
        COUNT,
        MS,
        st.none() | st.dictionaries(TEXT, JSON),
        JSON,
    ),
    ItemEnded: st.builds(
        ItemEnded, COUNT, STATUS, st.none() | TEXT, MAYBE, COUNT, MS, st.none() | st.dictionaries(TEXT, JSON), JSON
    ),
    RunEnded: st.builds(RunEnded, STATUS, MAYBE),
}


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
@settings(deadline=None, derandomize=True)
@given(data=st.data(), seq=COUNT, at=MS)
def test_an_event_of_every_type_survives_the_wire_in_both_forms(
    kind: type[Happening], data: st.DataObject, seq: int, at: float
) -> None:
    event = Event(seq, at, data.draw(HAPPENINGS[kind]))
    assert decode(json.loads(encode_json(to_wire(event)))) == event
    (short,) = decode_lines([encode_short(event)])
    assert short == event


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
@settings(deadline=None, derandomize=True)
@given(data=st.data(), seq=COUNT, at=MS)
def test_both_forms_are_one_line_of_utf_8_with_seq_at_and_type_first(
    kind: type[Happening], data: st.DataObject, seq: int, at: float
) -> None:
    event = Event(seq, at, data.draw(HAPPENINGS[kind]))
    for text in (encode_json(to_wire(event)), encode_short(event)):
        assert len(text.encode().split(b"\n")) == 1
        assert list(json.loads(text))[:3] == ["seq", "at", "type"]
        assert json.loads(text)["type"] == NAMES[kind]


def test_the_contract_s_types_are_all_there_is() -> None:
    assert list(TYPES) == [
        "run_started", "item_started", "step_started", "chunk", "retry", "usage", "step_ended", "item_ended",
        "run_ended",
    ]  # fmt: skip


def test_the_short_form_leaves_out_item_0_and_kind_text_and_nothing_else() -> None:
    assert json.loads(encode_short(Event(7, 1.5, Chunk(0, "text", "a")))) == {
        "seq": 7, "at": 1.5, "type": "chunk", "text": "a",
    }  # fmt: skip
    assert json.loads(encode_short(Event(7, 1.5, Chunk(2, "reasoning", "a", "plan")))) == {
        "seq": 7, "at": 1.5, "type": "chunk", "item": 2, "kind": "reasoning", "step": "plan", "text": "a",
    }  # fmt: skip
    assert "item" not in json.loads(encode_short(Event(0, 0.0, ItemStarted(0))))


def test_the_full_form_always_has_item_and_kind() -> None:
    wire = to_wire(Event(0, 0.0, Chunk(0, "text", "")))
    assert wire == {"seq": 0, "at": 0.0, "type": "chunk", "item": 0, "kind": "text", "text": ""}


def test_the_two_forms_say_the_same_of_every_field() -> None:
    for kind in (Chunk, Usage, ItemEnded):
        assert {field.name for field in fields(kind)} >= {"item"}
    event = Event(3, 2.25, Chunk(1, "tool", "{}"))
    assert json.loads(encode_short(event)) == to_wire(event)


@settings(deadline=None, derandomize=True)
@given(st.text(st.characters(), max_size=30))
def test_half_a_surrogate_pair_is_replaced_and_all_else_stays(text: str) -> None:
    encoded = encode_json({"text": text}).encode()
    assert json.loads(encoded)["text"] == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def test_what_json_has_no_number_for_becomes_null() -> None:
    assert encode_json({"a": [float("nan"), float("inf"), 1.5], "b": {"c": -float("inf")}}) == (
        '{"a":[null,null,1.5],"b":{"c":null}}'
    )


@pytest.mark.parametrize(
    "wire", [{}, {"type": "dance"}, {"type": "chunk"}, {"type": "chunk", "seq": 0, "at": 0, "x": 1}]
)
def test_what_is_no_event_of_ours_is_refused(wire: dict[str, JsonValue]) -> None:
    with pytest.raises((KeyError, TypeError)):
        decode(wire)
