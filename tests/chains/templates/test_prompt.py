"""A prompt runs as LangChain runs it, or is refused before a run with a reason that can be acted upon."""

import time
from functools import partial

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.prompts import ChatPromptTemplate
from pydantic import JsonValue

from chains.outcomes import Refused
from chains.spec import Inputs, MessageSpec, Role, TemplateFormat
from chains.templates.names import RESERVED, is_plain
from chains.templates.problems import RefusedTemplate
from chains.templates.prompt import Prompt, build, check, placeholders, render, section_variables, variables
from chains.templates.rows import read_rows
from tests.support.clock import cpu_s


def rows(*of: tuple[Role, str]) -> list[MessageSpec]:
    return [MessageSpec(role=role, template=template) for role, template in of]


def refusal(template: str, template_format: TemplateFormat, inputs: Inputs, max_bytes: int = 1_000_000) -> Refused:
    with pytest.raises(Refused) as caught:
        render(rows(("human", template)), template_format, inputs, max_bytes)
    return caught.value


TALK = rows(("system", "You are {who}."), ("placeholder", "history"), ("human", "{topic} for {who}"))


def test_rows_become_messages_of_their_roles_with_the_history_in_its_place() -> None:
    history: JsonValue = [{"role": "human", "content": "{hi}"}, ["ai", "yo"], {"type": "system", "content": ""}]
    assert render(TALK, "f-string", {"who": "Kim", "topic": "ice", "history": history}) == [
        SystemMessage("You are Kim."),
        HumanMessage("{hi}"),
        AIMessage("yo"),
        SystemMessage(""),
        HumanMessage("ice for Kim"),
    ]


@pytest.mark.parametrize("nothing", [{}, {"history": None}, {"history": ""}, {"history": []}])
def test_a_missing_history_is_empty(nothing: Inputs) -> None:
    assert len(render(TALK, "f-string", {"who": "Kim", "topic": "ice", **nothing})) == 2
    mustache = rows(("placeholder", "history"), ("human", "{{topic}}"))
    assert render(mustache, "mustache", {"topic": "ice", **nothing}) == [HumanMessage("ice")]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("hello", "it is text"),
        ({"role": "human", "content": "x"}, "an object"),
        (["hello"], "message 1 is text"),
        ([{"role": "robot", "content": "x"}], "role of message 1"),
        ([["ai", "x"], ["human", ["blocks"]]], "content of message 2 is a list"),
        ([{"role": "ai", "content": None}], "content of message 1 is empty"),
        ([{"lc": 1, "type": "constructor", "id": ["x", "AIMessage"], "kwargs": {"content": "x"}}], "other fields"),
        ([["ai", "x"]] * 10_001, "10,000"),
    ],
)
def test_a_history_that_is_no_list_of_messages_is_refused(value: JsonValue, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        render(TALK, "f-string", {"who": "Kim", "topic": "ice", "history": value})
    assert caught.value.outcome.code == "bad_history"
    assert reason in caught.value.outcome.message


def test_the_screen_asks_for_what_langchain_asks_for_in_order_of_appearance() -> None:
    assert variables(TALK, "f-string") == ("who", "topic")
    assert placeholders(TALK) == ("history",)
    assert sorted(variables(TALK, "f-string")) == build(TALK, "f-string").input_variables
    sections = rows(("system", "{{z}}{{#a}}{{inner}}{{/a}}"), ("human", "{{a}}{{^none}}-{{/none}}"))
    assert variables(sections, "mustache") == ("z", "a", "none")
    assert section_variables(sections) == ("a", "none")
    assert sorted(variables(sections, "mustache")) == build(sections, "mustache").input_variables


def test_fields_beside_a_problem_keep_being_asked_for() -> None:
    broken = rows(("system", "{a} {b.c} {d}"), ("human", "{e}"))
    assert variables(broken, "f-string") == ("a", "d", "e")
    assert variables(rows(("human", "{{a}}{{#open}}{{b}}")), "mustache") == ("a", "open")


def test_a_refused_prompt_names_every_problem_with_its_row_and_the_first_one_as_its_outcome() -> None:
    broken = rows(("system", "ok"), ("human", "one\n{a.b} }"), ("placeholder", "{history}"), ("placeholder", ""))
    with pytest.raises(RefusedTemplate) as caught:
        build(broken, "f-string")
    assert [(found.row, found.line, found.column) for found in caught.value.problems] == [
        (1, 2, 3),
        (1, 2, 7),
        (2, 1, 1),
        (3, 1, 1),
    ]
    assert caught.value.problems == check(broken, "f-string")
    assert (caught.value.line, caught.value.column) == (2, 3)
    assert caught.value.outcome.code == "bad_template"
    assert "{a_b}" in caught.value.outcome.detail
    assert caught.value.problems[2].advice == "Write history without braces."


@pytest.mark.parametrize("template_format", ["f-string", "mustache"])
def test_a_name_is_either_a_placeholder_or_a_field(template_format: TemplateFormat) -> None:
    field = "{h}" if template_format == "f-string" else "{{h}}"
    (problem,) = check(rows(("human", f"see {field}"), ("placeholder", "h")), template_format)
    assert (problem.row, problem.line) == (0, 1)
    assert 5 <= problem.column <= 6
    assert "h is a list of messages" in problem.text


@pytest.mark.parametrize("name", ["self", "stop", "0", "a.b", " h", "{{h}}", "<img>", "h\ud800"])
def test_a_placeholder_has_a_plain_name(name: str) -> None:
    with pytest.raises(RefusedTemplate):
        build([MessageSpec.model_construct(role="placeholder", template=name)], "mustache")


@pytest.mark.parametrize(
    "name", ["class", "None", "template", "format_string", "kwargs", "input", "messages", "주제", "2nd", "a-b"]
)
async def test_a_plain_name_runs_in_both_formats_and_as_a_placeholder(name: str) -> None:
    assert is_plain(name)
    for template_format, template in (("f-string", f"{{{name}}}"), ("mustache", f"{{{{{name}}}}}")):
        prompt = Prompt.build(rows(("human", template)), template_format)  # type: ignore[arg-type]
        assert prompt.render({name: "value", "self": "not asked for", "stop": 1}) == [HumanMessage("value")]
        assert (await prompt.template.ainvoke(prompt.values({name: "value"}))).to_messages() == [HumanMessage("value")]
    assert render(rows(("placeholder", name)), "f-string", {name: [["ai", "x"]]}) == [AIMessage("x")]


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_the_refused_names_are_those_that_langchain_cannot_run(name: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        ChatPromptTemplate([("human", f"{{{name}}}")]).format_messages(**{name: "value"})


@pytest.mark.parametrize("blank", [{}, {"a": ""}, {"a": " \n\t"}, {"a": None}])
@pytest.mark.parametrize(("template", "template_format"), [("{a}{b}{c}", "f-string"), ("{{a}}{{b}}{{c}}", "mustache")])
def test_all_missing_and_empty_variables_are_named(
    blank: Inputs, template: str, template_format: TemplateFormat
) -> None:
    refused = refusal(template, template_format, {**blank, "b": "here"})
    assert refused.outcome.code == "missing_variable"
    assert refused.outcome.values == {"names": "a, c"}


def test_empty_lists_and_false_are_right_for_a_section_and_only_absence_counts() -> None:
    template = "{{#a}}yes {{.}}{{/a}}{{^a}}no{{/a}}"
    empty: list[JsonValue] = [False, [], "", None, {}]
    assert [render(rows(("human", template)), "mustache", {"a": value})[0].content for value in empty] == ["no"] * 5
    assert render(rows(("human", template)), "mustache", {"a": ["x", "y"]})[0].content == "yes xyes y"
    assert refusal(template, "mustache", {}).outcome.values == {"names": "a"}


def test_values_that_are_no_text_are_written_as_langchain_writes_them() -> None:
    inputs: Inputs = {"a": 3, "b": [1, "x"], "c": {"k": None}, "d": False}
    assert render(rows(("human", "{a} {b} {c} {d}")), "f-string", inputs)[0].content == "3 [1, 'x'] {'k': None} False"
    assert render(rows(("human", "{{a}} {{{c}}} {{d}}")), "mustache", inputs)[0].content == "3 {'k': None} False"


def test_the_parts_of_objects_are_found_inside_their_section_and_outer_values_too() -> None:
    inputs: Inputs = {"items": [{"name": "ice", "price": 0}, {"name": "tea"}], "currency": "won"}
    text = render(rows(("human", "{{#items}}{{name}} {{price}} {{currency}}\n{{/items}}")), "mustache", inputs)[
        0
    ].content
    assert text == "ice 0 won\ntea  won\n"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("half \ud83d", "U+D83D"),
        ([{"k\udc00": 1}], "U+DC00"),
        ([[[[10**5_000]]]], "digits"),
        ([1.5, {"k": float("nan")}], "an infinity or NaN"),
        (float("-inf"), "an infinity or NaN"),
    ],
    ids=["text", "key", "integer", "no number", "infinity"],
)
def test_a_value_that_cannot_be_sent_is_refused_by_name(value: JsonValue, reason: str) -> None:
    outcome = refusal("{a}", "f-string", {"a": value}).outcome
    assert outcome.code == "bad_value"
    assert "value of a " in outcome.message
    assert reason in outcome.message
    with pytest.raises(Refused):
        render(rows(("placeholder", "h")), "f-string", {"h": [["ai", "\ud83d"]]})


def test_a_deep_value_is_refused() -> None:
    deep: list[JsonValue] = []
    for _ in range(5_000):
        deep = [deep]
    assert refusal("{{#a}}{{.}}{{/a}}", "mustache", {"a": deep}).outcome.code == "bad_value"


@pytest.mark.parametrize(
    ("template", "template_format", "value"),
    [
        ("{a}" * 16_000, "f-string", "x" * 1_000_000),
        ("{{a}}" * 1_900, "mustache", "x" * 1_000_000),
        ("{{#a}}" * 9 + "x" * 1_000 + "{{/a}}" * 9, "mustache", [1] * 10),
        ("{{#a}}{{a}}{{/a}}", "mustache", ["x" * 1_000] * 5_000),
        ("{a}", "f-string", "가" * 400_000),
        ("{{a}}", "mustache", '"' * 400_000),
    ],
)
def test_a_value_bomb_is_refused_before_it_is_made(
    template: str, template_format: TemplateFormat, value: JsonValue
) -> None:
    begun = time.thread_time()
    outcome = refusal(template, template_format, {"a": value}).outcome
    assert outcome.code == "prompt_too_long"
    assert outcome.values == {"limit": "1 MB"}
    assert time.thread_time() - begun < 1


def test_sections_that_multiply_without_text_are_refused_too() -> None:
    begun = time.thread_time()
    assert refusal("{{#a}}" * 9 + "{{/a}}" * 9, "mustache", {"a": [1] * 10}).outcome.code == "too_many_steps"
    assert time.thread_time() - begun < 1


def test_the_limit_is_in_bytes_and_counts_every_message_and_the_history() -> None:
    prompt = Prompt.build(TALK, "f-string")
    inputs: Inputs = {"who": "김", "topic": "x", "history": [["ai", "y" * 50]]}
    size = sum(len(str(message.content).encode()) for message in prompt.render(inputs))
    assert prompt.render(inputs, max_bytes=size)
    with pytest.raises(Refused, match=f"{size - 1} bytes"):
        prompt.render(inputs, max_bytes=size - 1)


def test_long_prompts_are_built_and_checked_at_once() -> None:
    for template, template_format in (("{a}" * 16_000, "f-string"), ("{{! x }}\n" * 1_999 + "😀" * 30_000, "mustache")):
        messages = rows(("human", template))
        assert check(messages, template_format) == ()  # type: ignore[arg-type]
        assert cpu_s(partial(read_rows, messages, template_format)) < 0.2  # type: ignore[arg-type]


def test_more_text_than_may_be_sent_is_refused_unread() -> None:
    (problem,) = check(rows(("human", "x" * 50_000)) * 21, "mustache")
    assert problem.row == 20
    assert "1,000,000 characters" in problem.text


def test_one_prompt_renders_ten_thousand_items_quickly() -> None:
    prompt = Prompt.build(TALK, "f-string")
    inputs: Inputs = {"who": "Kim", "topic": "아이스크림"}
    values = prompt.values(inputs)
    begun = time.thread_time()
    for _ in range(1_000):
        prompt.render(inputs)
    ours = time.thread_time() - begun
    begun = time.thread_time()
    for _ in range(1_000):
        prompt.template.format_messages(**values)
    assert ours - (time.thread_time() - begun) < 0.1
