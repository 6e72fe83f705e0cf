"""From one format to the other: what becomes of each thing, and what is refused where."""

import pytest
from pydantic import JsonValue

from chains.outcomes import Refused
from chains.spec import MessageSpec, TemplateFormat
from chains.templates.doctor.converting import convert
from chains.templates.problems import RefusedTemplate
from tests.support.pictures import drawn, uri


def rows(*templates: str) -> list[MessageSpec]:
    return [MessageSpec(role="human", template=template) for template in templates]


@pytest.mark.parametrize(
    ("source", "template", "after"),
    [
        ("f-string", 'Tell {topic}: {{"a": 1}} }}', 'Tell {{{topic}}}: {"a": 1} }'),
        ("f-string", "{{{topic}}} {topic}}}", None),
        ("f-string", "{topic}}}", "{{{topic}}}}"),
        (
            "mustache",
            'Tell {{topic}} {{{topic}}} {{& topic }}: {"a": {}}',
            'Tell {topic} {topic} {topic}: {{"a": {{}}}}',
        ),
        ("mustache", "a\n  {{! a note }}\nb {topic} }}", "a\nb {{topic}} }}}}"),
    ],
)
def test_a_template_becomes_one_of_the_other_format(source: TemplateFormat, template: str, after: str | None) -> None:
    if after is None:
        with pytest.raises(RefusedTemplate):
            convert(rows(template), source, [{"topic": "tea"}])
    else:
        assert convert(rows(template), source, [{"topic": "tea"}]).messages == tuple(rows(after))


@pytest.mark.parametrize(
    ("source", "template", "values", "place", "says"),
    [
        ("f-string", "a\n {{{{", {}, (2, 4), "beginning of a tag"),
        ("f-string", "{{{topic}", {}, (1, 3), "beginning of a tag"),
        ("f-string", "a {else}", {}, (1, 3), "no variable named else"),
        ("f-string", "{a}" * 2_001, {}, (1, 6_001), "2,000 tags"),
        ("f-string", "{a}", {"a": []}, (1, 1), "not render the same"),
        ("f-string", "tell {", {}, (1, 6), "not closed"),
        ("mustache", "a {{#b}}c{{/b}}", {"b": True}, (1, 3), "no sections"),
        ("mustache", "{{b}}\n {{a}}", {"a": "<", "b": "x"}, (2, 2), "HTML-escapes"),
        ("mustache", "{{{a}}}", {"a": []}, (1, 1), "written differently"),
        ("mustache", "{" + " {" * 24_999, {}, (1, 1), "more than 50,000"),
    ],
)
def test_what_cannot_be_exact_is_refused_at_its_place(
    source: TemplateFormat, template: str, values: dict[str, JsonValue], place: tuple[int, int], says: str
) -> None:
    with pytest.raises(RefusedTemplate) as refused:
        convert([MessageSpec(role="system", template="fine"), *rows(template)], source, [{"a": "x"} | values])
    problem = refused.value.problems[0]
    assert (problem.row, problem.line, problem.column) == (1, *place)
    assert says in problem.text
    assert problem.advice


def test_each_input_of_a_batch_is_looked_at() -> None:
    inputs: list[dict[str, JsonValue]] = [{"a": "fine"}] * 500
    assert convert(rows("{{a}}"), "mustache", inputs).unescaped == ("a",)
    with pytest.raises(RefusedTemplate) as refused:
        convert(rows("{{a}}"), "mustache", [*inputs, {"a": "R&D"}])
    assert "HTML-escapes" in refused.value.problems[0].text


def test_a_variable_without_a_value_keeps_no_one_from_converting() -> None:
    assert convert(rows("{a} {b}"), "f-string", [{"a": ""}]).messages == tuple(rows("{{{a}}} {{{b}}}"))
    assert convert(rows("{a}"), "f-string", []).messages == tuple(rows("{{{a}}}"))


def test_images_stay_with_their_message() -> None:
    row = MessageSpec(role="human", template="What of {topic} is this?", images=(uri(drawn()),))
    (made,) = convert([row], "f-string", []).messages
    assert made.images == row.images
    assert made.template == "What of {{{topic}}} is this?"


def test_histories_stay_and_comments_are_counted() -> None:
    history = MessageSpec(role="placeholder", template="history")
    made = convert([history, *rows("{{! x }}{{a}}{{! y }}")], "mustache", [{"a": "b", "history": []}])
    assert made.messages == (history, *rows("{a}"))
    assert (made.comments, made.unescaped, made.template_format) == (2, ("a",), "f-string")


def test_values_that_no_prompt_takes_are_refused_as_such() -> None:
    with pytest.raises(Refused, match="1 MB"):
        convert(rows("{a}" * 100), "f-string", [{"a": "x" * 20_000}])


def test_it_is_told_with_how_many_inputs_it_was_proven_and_what_had_no_value() -> None:
    made = convert(rows("{a} {b}"), "f-string", [{"a": "x", "b": "y"}] * 150)
    assert (made.rendered, made.stand_ins) == (100, ())
    made = convert(rows("{a} {b}"), "f-string", [{"a": "x", "b": "y"}, {"a": "x", "b": " "}])
    assert (made.rendered, made.stand_ins) == (2, ("b",))
    made = convert(rows("{a} {b}"), "f-string", [])
    assert (made.rendered, made.stand_ins) == (0, ("a", "b"))
