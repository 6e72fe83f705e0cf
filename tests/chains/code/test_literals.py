"""Literals: the value again when read, on lines that a formatter leaves alone."""

import ast
import math
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, HumanMessage

from chains.code.literals import WIDTH, assigned, laid_out, literal, quoted, text
from chains.code.parts import import_lines
from chains.code.prompt import prompt
from chains.spec import MessageSpec, TemplateFormat
from chains.templates.prompt import Prompt
from tests.support.asked import simulated

NASTY = st.text(st.one_of(st.characters(), st.sampled_from("\"'\\{}\n\r\t `$N\x00\u200d\ud800한😀")), max_size=120)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | NASTY,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NASTY, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=2_000, deadline=None)
@given(NASTY)
@example('"' * 5)
@example('first line of a text that is long enough\nends with quotes """"')
@example("first line of a text that is long enough\nends with \\")
@example('"""\n' * 12)
@example("a line that ends with spaces, and with a tab  \t \n  \n and is long")
@example("a carriage return\r\nand a form feed\x0c and a separator\u2028in a long text")
def test_a_text_is_itself_again(value: str) -> None:
    written = text(value)
    assert ast.literal_eval(written) == value
    assert ast.literal_eval(quoted(value)) == value
    assert "\n" not in quoted(value)
    written.encode()


@settings(max_examples=500, deadline=None)
@given(JSON)
def test_a_value_is_itself_again_wherever_it_stands(value: Any) -> None:
    held: dict[str, Any] = {}
    exec(f"def f():\n    {assigned('held', literal(value), indent=4).lstrip()}\n    return held", held)
    assert held["f"]() == value


@settings(max_examples=200, deadline=None)
@given(st.lists(NASTY, min_size=1, max_size=3), st.sampled_from(["f-string", "mustache"]))
def test_a_prompt_is_itself_again(texts: list[str], template_format: TemplateFormat) -> None:
    plain = [re.sub("[\ud800-\udfff]", "", one).replace("{", "{{").replace("}", "}}") for one in texts]
    if template_format == "mustache":
        plain = [one.replace("{", "(") for one in plain]
    rows = [MessageSpec(role="placeholder", template="past"), *(MessageSpec(role="ai", template=one) for one in plain)]
    chain = simulated().model_copy(update={"messages": tuple(rows), "template_format": template_format})
    held: dict[str, Any] = {}
    written = prompt(chain)
    exec(f"{import_lines(written.imports)}\n{written.code}", held)
    assert held["prompt"].messages == Prompt.build(rows, template_format).template.messages


def test_what_json_cannot_say_is_said() -> None:
    written = laid_out(literal([math.inf, -math.inf, math.nan]))
    assert written == '[float("inf"), float("-inf"), float("nan")]'


def test_words_of_any_script_stay_readable_and_what_cannot_be_seen_is_escaped() -> None:
    assert text("안녕, 😀") == '"안녕, 😀"'
    assert text("a\u202eb\u200d\ud800") == '"a\\u202eb\\u200d\\ud800"'


def test_a_text_of_lines_keeps_them_and_no_line_ends_with_a_space() -> None:
    written = text("# Situation: {where} \n# FORMAT:\n- one\n- two with a \\ in it")
    assert written.splitlines() == [
        '"""\\',
        "# Situation: {where}\\x20",
        "# FORMAT:",
        "- one",
        '- two with a \\\\ in it"""',
    ]


def test_messages_are_written_as_a_user_would() -> None:
    assert laid_out(literal([HumanMessage("hi"), AIMessage("yo")])) == '[HumanMessage("hi"), AIMessage("yo")]'


def test_what_does_not_fit_on_a_line_has_a_line_an_item() -> None:
    short, wide = laid_out(literal(["가" * 20] * 2)), laid_out(literal(["가" * 20] * 3))
    assert "\n" not in short
    assert wide.splitlines() == ["[", *[f'    "{"가" * 20}",'] * 3, "]"]
    assert WIDTH == 88


def test_what_is_no_value_is_refused() -> None:
    with pytest.raises(TypeError):
        literal(object())
