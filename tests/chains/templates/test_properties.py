"""Any text at all as a template either runs, with every value in the answer, or is refused at a place inside it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.prompts import get_template_variables
from langchain_core.utils import mustache
from pydantic import JsonValue

from chains.outcomes import Refused
from chains.spec import MessageSpec, TemplateFormat
from chains.templates import fstring
from chains.templates.mustache import read as read_mustache
from chains.templates.prompt import Prompt, check, render, section_variables, variables
from chains.templates.size import Scale, parts

many = settings(max_examples=5_000, deadline=None, derandomize=True, database=None)
some = settings(max_examples=1_000, deadline=None, derandomize=True, database=None)

SCANNERS = {"f-string": fstring.read, "mustache": read_mustache}
NAMES = ["a", "b", "주제", "user-name", "2nd", "class", "_x"]
ODDITIES = [
    "self",
    "stop",
    "0",
    "1_0",
    "a.b",
    "a[0]",
    "a!r",
    "a:>9",
    "a b",
    '"x": 1',
    "",
    " ",
    "ㅤ",
    "\u200b",
    "\ud800",
    "<b>",
]
TEXT = ["\n", "\r\n", "\t", " ", '"', "'", ":", "!", "7", "text", "가", "😀", ".", "\\", "\x00"]
BRACES = ["{", "}", "{{", "}}", "{{{", "}}}"]

names = st.sampled_from([*NAMES, *NAMES, *NAMES, *ODDITIES])
anything = st.text(max_size=12)
plain_text = st.sampled_from(TEXT)
loose = st.sampled_from([*BRACES, *TEXT, *NAMES, *ODDITIES, "#", "^", "/", "&", ">", "=", "else"])


def joined(*pieces: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(*pieces), max_size=8).map("".join)


fstrings = st.one_of(
    joined(names.map("{{{}}}".format), plain_text, st.sampled_from(["{{", "}}"])),
    joined(names.map("{{{}}}".format), loose, anything),
    anything,
)
shown = st.sampled_from(["{{%s}}", "{{{%s}}}", "{{& %s }}", "{{! %s }}", "{{ %s }}"])


def filled(form: tuple[str, str]) -> str:
    return form[0].replace("%s", form[1])


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    section = st.tuples(st.sampled_from("#^"), st.sampled_from("ab."), inner).map(
        lambda drawn: "{{" + drawn[0] + drawn[1] + "}}" + drawn[2] + "{{/" + drawn[1] + "}}"
    )
    return section | st.tuples(section, inner).map("".join)


tags = st.tuples(shown, names).map(filled)
sound_tags = st.tuples(shown, st.sampled_from(["a", "b"])).map(filled)
sections = st.recursive(st.one_of(sound_tags, plain_text), nested, max_leaves=8)
mustaches = st.one_of(joined(tags, plain_text), sections, joined(sections, tags, loose), joined(loose, anything))
shapes: st.SearchStrategy[JsonValue] = st.sampled_from(
    [
        True,
        False,
        [],
        "",
        0,
        "shown",
        {"a": "in", "b": [1, 2]},
        [{"a": "in"}, {"b": ["x", "y"]}],
        [[1, 0], [True]],
        ["x"],
    ]
)


def row(template: str) -> list[MessageSpec]:
    return [MessageSpec.model_construct(role="human", template=template)]


def assert_runs_or_is_refused_inside(template: str, template_format: TemplateFormat) -> None:
    problems = check(row(template), template_format)
    if problems:
        for problem in problems:
            lines = template.split("\n")
            assert 1 <= problem.line <= len(lines)
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + (problem.line < len(lines))
            assert problem.text.encode()
            assert problem.advice.encode()
        return
    asked = variables(row(template), template_format)
    values: dict[str, JsonValue] = {name: f"⟦{number}⟧" for number, name in enumerate(asked)}
    text = str(render(row(template), template_format, values)[0].content)
    assert sorted(asked) == get_template_variables(template, template_format)
    assert list(asked) == list(dict.fromkeys(field.name for field in SCANNERS[template_format](template).fields))
    opened = section_variables(row(template)) if template_format == "mustache" else ()
    assert all(str(value) in text for name, value in values.items() if name not in opened)


@many
@given(fstrings)
def test_any_f_string_runs_or_is_refused_at_a_place_inside_it(template: str) -> None:
    assert_runs_or_is_refused_inside(template, "f-string")


@many
@given(mustaches)
def test_any_mustache_template_runs_or_is_refused_at_a_place_inside_it(template: str) -> None:
    assert_runs_or_is_refused_inside(template, "mustache")


@some
@given(sections, st.tuples(shapes, shapes))
def test_sections_run_with_values_of_any_shape_at_the_length_that_was_weighed(
    template: str, drawn: tuple[JsonValue, JsonValue]
) -> None:
    if check(row(template), "mustache"):
        return
    values = {"a": drawn[0], "b": drawn[1]}
    length = len(mustache.render(template, values))
    Scale(length).weigh(parts(template, "mustache"), values)
    if length:
        with pytest.raises(Refused):
            Scale(length - 1).weigh(parts(template, "mustache"), values)


@some
@given(st.text(min_size=1).filter(str.strip) | joined(loose).filter(str.strip))
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    for template_format, template in (("f-string", "<{a}|{a}>"), ("mustache", "<{{{a}}}|{{&a}}>")):
        prompt = Prompt.build(row(template), template_format)  # type: ignore[arg-type]
        if any("\ud800" <= character <= "\udfff" for character in value):
            with pytest.raises(Refused, match="cannot be used"):
                prompt.render({"a": value})
        else:
            assert prompt.render({"a": value})[0].content == f"<{value}|{value}>"


@some
@given(
    joined(plain_text, st.sampled_from(["{{", "}}", "{ok}"])),
    st.sampled_from(["{a.b}", "{a!r}", "{a:x}", "{a[0]}", "{a b}"]),
)
def test_a_position_points_at_the_character_at_fault(before: str, field: str) -> None:
    template = before + field
    (problem,) = check(row(template), "f-string")
    assert template.split("\n")[problem.line - 1][problem.column - 1] == field[2]
    assert template.split("\n")[: problem.line - 1] == before.split("\n")[:-1]
