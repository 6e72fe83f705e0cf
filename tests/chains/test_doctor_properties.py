"""What the doctor promises of any text, each in 10,000 cases."""

import re
from string import ascii_letters

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.prompts.string import DEFAULT_FORMATTER_MAPPING
from pydantic import JsonValue

from chains.outcomes import Refused
from chains.spec import MessageSpec, TemplateFormat
from chains.templates.doctor.converting import convert
from chains.templates.doctor.edits import edited
from chains.templates.doctor.escaping import escape, fields, healed, literal, unescape
from chains.templates.doctor.findings import findings
from chains.templates.problems import RefusedTemplate
from chains.templates.prompt import check, render, variables

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


def rows(template: str) -> list[MessageSpec]:
    return [MessageSpec(role="human", template=template)]


def values_of(template: str, of: TemplateFormat) -> dict[str, JsonValue]:
    return {name: VALUES.get(name, "v") for name in variables(rows(template), of)}


def rendered(template: str, template_format: TemplateFormat, values: dict[str, JsonValue] | None = None) -> str:
    """As LangChain renders it, without anything of ours."""
    return DEFAULT_FORMATTER_MAPPING[template_format](template, **(values or {}))


@thorough
@given(anything | braced)
def test_escaped_text_renders_as_the_text_and_is_unescaped_to_it(text: str) -> None:
    template = escape(text, "f-string")
    assert rendered(template, "f-string") == text
    assert unescape(template, "f-string") == text
    assert unescape(escape(text, "f-string", {"a"}), "f-string") == text


@some
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
@given(st.tuples(shown, st.just("f-string")) | st.tuples(tagged, st.just("mustache")))
def test_there_and_back_renders_the_same(drawn: tuple[str, TemplateFormat]) -> None:
    template, source = drawn
    values = values_of(template, source)
    try:
        there = convert(rows(template), source, [values])
    except Refused:
        return
    back = convert(there.messages, there.template_format, [values])
    assert back.template_format == source
    text = rendered(template, source, values)
    assert rendered(there.messages[0].template, there.template_format, values) == text
    assert rendered(back.messages[0].template, source, values) == text


@thorough
@given(braced | shown | tagged, st.sampled_from(FORMATS))
def test_what_the_doctor_passes_langchain_formats(template: str, of: TemplateFormat) -> None:
    values = values_of(template, of)
    if not any(found.level == "problem" for found in findings(rows(template), of, [values])):
        assert render(rows(template), of, values)[0].content == rendered(template, of, values)


@some
@given(braced | shown | tagged, st.sampled_from(FORMATS))
def test_a_cure_takes_its_finding_away(template: str, of: TemplateFormat) -> None:
    for found in findings(rows(template), of, [VALUES]):
        for cure in found.cures:
            after = edited(template, cure.edits)
            assert after != template
            left = findings(rows(after), of, [VALUES])
            assert found.level == "warning" or found not in left or _moved_up(found, template, after)


def _moved_up(found: object, template: str, after: str) -> bool:
    """Whether text from behind has come to where the finding was."""
    return len(after) < len(template)


@pytest.mark.parametrize("of", FORMATS)
def test_half_a_character_is_never_made_literal(of: TemplateFormat) -> None:
    with pytest.raises(RefusedTemplate, match="cannot run"):
        literal("a\n\ud800", of)
