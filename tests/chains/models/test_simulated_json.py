import json
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import HumanMessage
from langchain_core.output_parsers import PydanticOutputParser
from pydantic import BaseModel, Field, JsonValue

from chains.models.simulated.answer import answer
from chains.models.simulated.phrases import ENGLISH, KOREAN


def asked(text: str, *, min_tokens: int | None = None, accented: bool = False) -> JsonValue:
    value: JsonValue = json.loads(answer([HumanMessage(text)], 0, min_tokens=min_tokens, accented=accented))
    return value


def test_without_a_shape_there_is_an_answer_marked_as_simulated() -> None:
    value = asked("Tell me about tea as JSON")
    assert isinstance(value, dict)
    assert list(value) == ["answer", "simulated"]
    assert ENGLISH.disclaimer in str(value["answer"])
    assert value["simulated"] is True


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('Answer like {"setup": "...", "punchline": "..."}', ["setup", "punchline"]),
        ('Answer as JSON: {"name": <string>, "age": <number>}', ["name", "age"]),
        ("Return JSON of the form {name: string, age: number}", ["name", "age"]),
        ("Give JSON with keys setup and punchline about dogs", ["setup", "punchline"]),
        ("Give JSON with the keys `a`, `b`, and `c`.", ["a", "b", "c"]),
        ("고양이 농담을 키 setup과 punchline을 가진 JSON으로 써줘", ["setup", "punchline"]),
    ],
)
def test_the_keys_are_those_that_the_prompt_shows_or_names(text: str, keys: list[str]) -> None:
    value = asked(text)
    assert isinstance(value, dict)
    assert list(value) == keys


def test_an_example_is_followed_in_its_types() -> None:
    value = asked('As JSON: {"title": "x", "year": 1999, "score": 4.5, "ok": true, "none": null, "tags": ["a", "b"]}')
    assert isinstance(value, dict)
    assert {key: type(inner) for key, inner in value.items()} == {
        "title": str,
        "year": int,
        "score": float,
        "ok": bool,
        "none": type(None),
        "tags": list,
    }


def test_a_list_is_given_where_a_list_is_asked_for() -> None:
    assert isinstance(asked("Return a JSON list of facts with fields name and year"), list)
    assert isinstance(asked('As JSON: [{"name": "x"}, {"name": "y"}]'), list)


def test_korean_stays_readable_in_json() -> None:
    text = answer([HumanMessage("고양이에 대해 JSON으로 알려줘")], 0)
    assert KOREAN.disclaimer in text
    assert "고양이" in str(json.loads(text)["answer"])


class Place(BaseModel):
    city: str
    floor: int = Field(ge=1)


class Joke(BaseModel):
    setup: str
    punchline: str
    kind: Literal["dry", "silly"]
    places: list[Place]
    rating: float | None
    rude: bool


def test_a_schema_of_langchains_own_instructions_is_satisfied() -> None:
    parser: PydanticOutputParser[Joke] = PydanticOutputParser(pydantic_object=Joke)
    prompt = f"Tell me a joke.\n{parser.get_format_instructions()}"
    joke = parser.parse(answer([HumanMessage(prompt)], 0))
    assert joke.kind == "dry"
    assert joke.places[0].floor == 1
    assert joke.setup
    assert joke.punchline


def test_a_schema_that_grows_without_end_is_cut() -> None:
    references: JsonValue = {f"a{number}": {"$ref": "#/$defs/X"} for number in range(40)}
    value = asked(json.dumps({"properties": references, "$defs": {"X": {"properties": references}}}))
    assert isinstance(value, dict)
    assert len(value) == 40


def test_min_tokens_and_accents_keep_it_valid() -> None:
    value = asked('As JSON: {"title": "x"}', min_tokens=400, accented=True)
    assert isinstance(value, dict)
    assert list(value) == ["title", "notes"]
    assert str(value["title"]).startswith("Voilà")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
        max_leaves=12,
    )
)
def test_any_example_is_answered_with_valid_json(example: JsonValue) -> None:
    asked(f"Answer as JSON: {json.dumps({'value': example})}")


@pytest.mark.parametrize("text", ['{"a":' * 3_000, "JSON " + "[" * 5_000, "JSON " + "{" * 5_000])
def test_broken_examples_are_passed_over(text: str) -> None:
    assert isinstance(asked(text), dict)
