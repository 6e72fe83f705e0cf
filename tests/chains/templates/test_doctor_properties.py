"""What the doctor promises of any text, each in 10,000 cases."""

import re
from collections.abc import Mapping, Sequence
from string import ascii_letters
from typing import TypeVar

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from langchain_core.prompts.string import DEFAULT_FORMATTER_MAPPING
from pydantic import JsonValue

from chains.outcomes import Refused
from chains.spec import MessageSpec, Role, TemplateFormat
from chains.templates.doctor.converting import convert
from chains.templates.doctor.edits import Finding, edited
from chains.templates.doctor.escaping import escape, fields, healed, literal, unescape
from chains.templates.doctor.findings import findings
from chains.templates.problems import RefusedTemplate
from chains.templates.prompt import check, render, section_variables, variables
from chains.templates.values import history, is_blank
from tests.chains.templates.test_properties import mustaches

Choice = TypeVar("Choice")

thorough = settings(max_examples=10_000, deadline=None, derandomize=True, database=None)
some = settings(thorough, max_examples=2_000)

FORMATS: tuple[TemplateFormat, ...] = ("f-string", "mustache")
VALUES: dict[str, JsonValue] = {"a": "{b}}", "b": "<&>"}

braced = st.text('{}{}{}ab" :,\n#/!^&.가\u202e', max_size=12)
anything = st.text(max_size=12)


def joined(*tokens: str, most: int) -> st.SearchStrategy[str]:
    """Up to `most` of them in a row. Drawn as one text, as hypothesis takes longer for a list of draws."""
    letters = ascii_letters[: len(tokens)]
    return st.text(letters, max_size=most).map(lambda drawn: "".join(tokens[letters.index(each)] for each in drawn))


loose = joined("{", "}", "{a}", "a", "b", "x", '"', "\n", " ", most=8)
shown = joined("{a}", "{b}", "{{", "}}", "{{a}}", "x", '"', "\n", " ", most=6)
tagged = joined(*("{{a}}", "{{{a}}}", "{{& b }}", "{{! c }}", "{", "}", "}}", "{b}", "x", "\n", "  ", "{{#a}}"), most=6)

HISTORY: list[JsonValue] = [["human", "hi"], {"role": "ai", "content": "{a} {{b}}"}]
SHAPES: list[JsonValue] = [
    *(True, False, [], "", 0, 3, "text", "<&>", "{b}}", "{{{a}}}", "\r\n", "가"),
    {"a": "in", "b": [1, 2]},
    [{"a": "in"}, {"b": ["x", "y"]}],
    [[1, 0], [True]],
    ["x", "<"],
]
TEXTS: list[str] = ["v", "{b}}", "<&>", "}}", "{{a}}", "\r\n", " a ", "가", '"', "\u202e", "a\nb", "{!", "'"]
ROW, HELD = "ROW", "HELD"
"""Ends a message; and begins a message that is a history."""
OPENED = re.compile(r"\{\{[#^](?P<name>\w+|\.)\}\}")

BOTH = ("x", "\n", "\r\n", "  ", "{", "}", '"', "가", "\u200b", ROW, ROW, HELD)
TOKENS: dict[TemplateFormat, tuple[str, ...]] = {
    "f-string": (*BOTH, *("{a}", "{b}", "{h}", "{{", "}}", "{{a}}", "{c}") * 2),
    "mustache": (
        *BOTH,
        *("{{a}}", "{{{a}}}", "{{& b }}", "{{! c }}", "{{.}}", "{{h}}", "{b}", "}}", "CLOSE", "CLOSE"),
        *("{{#a}}", "{{^a}}", "{{#b}}", "{{^b}}", "{{#.}}", "{{#c}}"),
    ),
}
SIMPLE: dict[TemplateFormat, tuple[str, ...]] = {
    "f-string": ("{a}", "{b}", " {a}", "x{b}", "{{ ", "}}", " }}", "{{a", "x", '"', "\n", "\r\n", " ", "가"),
    "mustache": ("{{{a}}}", "{{& b }}", "{{{b}}}", "{{! c }}", "{ ", "}", "}}", "{b}", "x", "\n", "\r\n", " ", "{{a}}"),
}
LETTERS = ascii_letters[:40]
drawn = st.text(LETTERS, min_size=3, max_size=12)
"""A case as one text, as hypothesis takes longer for several draws: format, two values, tokens."""


def picked(letter: str, among: Sequence[Choice]) -> Choice:
    return among[LETTERS.index(letter) % len(among)]


def prompt_of(letters: str, of: TemplateFormat) -> list[MessageSpec]:
    """Messages of these tokens; what they open is closed at the end of each, unless a history follows."""
    made, opened = [""], list[str]()
    roles: list[Role] = ["human"]
    for token in [picked(letter, TOKENS[of]) for letter in letters]:
        if token in (ROW, HELD):
            made[-1] += "".join(opened[::-1]) if token == ROW else ""
            made += ["h", ""] if token == HELD else [""]
            roles += ["placeholder", "ai"] if token == HELD else ["system"]
            opened = []
        elif token == "CLOSE":
            made[-1] += opened.pop() if opened else ""
        else:
            found = OPENED.fullmatch(token)
            opened += ["{{/" + found["name"] + "}}"] if found else []
            made[-1] += token
    made[-1] += "".join(opened[::-1])
    return [MessageSpec(role=role, template=text) for role, text in zip(roles, made, strict=True)]


def rows(template: str) -> list[MessageSpec]:
    return [MessageSpec(role="human", template=template)]


def rendered(template: str, template_format: TemplateFormat, values: Mapping[str, object] | None = None) -> str:
    """As LangChain renders it, without anything of ours."""
    return DEFAULT_FORMATTER_MAPPING[template_format](template, **(values or {}))


@thorough
@given(anything | braced)
def test_escaped_text_renders_as_the_text_and_is_unescaped_to_it(text: str) -> None:
    template = escape(text, "f-string")
    assert rendered(template, "f-string") == text
    assert unescape(template, "f-string") == text
    assert unescape(escape(text, "f-string", {"a"}), "f-string") == text


@thorough
@given(anything | braced)
def test_any_text_is_made_literal_in_mustache_unless_a_tag_would_begin_in_it(text: str) -> None:
    if "{{" in text:
        with pytest.raises(RefusedTemplate) as refused:
            literal(text, "mustache")
        place = refused.value.problems[0]
        assert text.split("\n")[place.line - 1][place.column - 1 :].startswith("{{")
        return
    template = literal(text, "mustache")
    assert rendered(template, "mustache") == unescape(template, "mustache") == text


@some
@given(loose)
def test_escaping_keeps_the_fields_that_are_ticked_and_nothing_else(text: str) -> None:
    field = re.compile(r"(?<!\{)((?:\{\{)*)\{a\}")
    assert rendered(escape(text, "f-string", {"a"}), "f-string", {"a": "⟦"}) == field.sub(r"\1⟦", text)
    assert ("a" in fields(text, "f-string")) == bool(field.search(text))


@some
@given(braced)
def test_healed_text_runs_and_what_was_sound_is_as_it_was(text: str) -> None:
    whole = healed(text, {"a"})
    assert check(rows(whole), "f-string") == ()
    assert check(rows(text), "f-string") or whole == text


@thorough
@given(drawn)
def test_there_and_back_renders_the_same(letters: str) -> None:
    source = picked(letters[0], FORMATS)
    values: dict[str, JsonValue] = {"a": picked(letters[1], TEXTS), "b": picked(letters[2], TEXTS)}
    template = "".join(picked(letter, SIMPLE[source]) for letter in letters[3:9])
    try:
        there = convert(rows(template), source, [values])
    except Refused:
        reject()
    back = convert(there.messages, there.template_format, [values])
    assert back.template_format == source
    text = rendered(template, source, values)
    assert rendered(there.messages[0].template, there.template_format, values) == text
    assert rendered(back.messages[0].template, source, values) == text


@thorough
@given(drawn)
def test_what_the_doctor_passes_langchain_formats(letters: str) -> None:
    of = picked(letters[0], FORMATS)
    assert_formats(prompt_of(letters[3:], of), of, picked(letters[1], SHAPES), picked(letters[2], SHAPES))


@settings(some, max_examples=1_000)
@given(mustaches.filter(lambda text: "\ud800" not in text), st.sampled_from(SHAPES), st.sampled_from(SHAPES))
def test_what_the_doctor_passes_of_any_mustache_langchain_formats(template: str, a: JsonValue, b: JsonValue) -> None:
    assert_formats(rows(template), "mustache", a, b)


def assert_formats(messages: list[MessageSpec], of: TemplateFormat, a: JsonValue, b: JsonValue) -> None:
    """As LangChain renders each message by itself, if the doctor has no problem."""
    values = {name: {"a": a, "b": b}.get(name, "v") for name in variables(messages, of)}
    opened = section_variables(messages) if of == "mustache" else ()
    values |= {name: "blank" for name, value in values.items() if name not in opened and is_blank(value)}
    held = {"h": HISTORY} if any(message.role == "placeholder" for message in messages) else {}
    if any(found.level == "problem" for found in findings(messages, of, [values | held])):
        return
    made = render(messages, of, values | held)
    given = {**values, **{name: history(name, value) for name, value in held.items()}}
    texts = [[rendered(message.template, of, given)] for message in messages if message.role != "placeholder"]
    for place, message in enumerate(messages):
        if message.role == "placeholder":
            texts.insert(place, ["hi", "{a} {{b}}"])
    # For a dot in the section of what is true LangChain writes down all values, in the order that they are given in.
    if True not in [value for value in (a, b) if isinstance(value, bool)] or "{{.}}" not in str(messages):
        assert [message.content for message in made] == [text for each in texts for text in each]


@some
@given(braced | shown | tagged, st.sampled_from(FORMATS))
def test_a_cure_takes_its_finding_away(template: str, of: TemplateFormat) -> None:
    before = findings(rows(template), of, [VALUES])
    for found in before:
        for cure in found.cures:
            after = edited(template, cure.edits)
            assert after != template
            left = findings(rows(after), of, [VALUES])
            assert found not in left or _like(found, left) < _like(found, before)


def _like(found: Finding, among: Sequence[Finding]) -> int:
    """How many say the same: one from behind may have come to where the finding was."""
    return sum((each.message, each.values) == (found.message, found.values) for each in among)


@pytest.mark.parametrize("of", FORMATS)
def test_half_a_character_is_never_made_literal(of: TemplateFormat) -> None:
    with pytest.raises(RefusedTemplate, match="cannot run"):
        literal("a\n\ud800", of)
