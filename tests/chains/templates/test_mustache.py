"""Mustache templates are refused before a run, at the tag at fault, with what to write instead."""

import pytest
from langchain_core.prompts import get_template_variables
from langchain_core.utils import mustache

from chains.templates.mustache import MAX_DEPTH, read, scan
from chains.templates.problems import MAX_PROBLEMS
from tests.support.clock import cpu_s


@pytest.mark.parametrize(
    ("template", "line", "column", "text", "advice"),
    [
        ("{{", 1, 1, "not closed", "Close it"),
        ("a\nb {{x", 2, 3, "not closed", "{{x}}"),
        ("{{}}", 1, 1, "no name", "{{topic}}"),
        ("{{ }}", 1, 1, "no name", "{{topic}}"),
        ("{{#}}{{/}}", 1, 1, "no name", "{{#topic}}"),
        ("{{{x}} y", 1, 1, "Three braces", "{{{x}}}"),
        ("{{{x} }}", 1, 1, "Three braces", "{{{x}}}"),
        ("x {{#a}}y", 1, 3, "not closed", "{{/a}} where it ends"),
        ("x\n{{/a}}", 2, 1, "not opened", "Delete it"),
        ("{{#a}}{{#b}}{{/a}}", 1, 13, "still open", "{{/b}}"),
        ("{{#a}}{{/b}}{{/a}}", 1, 7, "not opened", "Delete it"),
        ("{{>part}}", 1, 1, "another template", "{{part}}"),
        ("{{=<% %>=}}<%a%>", 1, 1, "delimiters", "{{ and }}"),
        ("{{#on}}yes{{else}}no{{/on}}", 1, 11, "no else", "{{/on}}{{^on}}"),
        ("{{else}}", 1, 1, "no else", "opposite"),
        ("{{#if x}}a{{/if}}", 1, 1, "no if", "{{#x}} … {{/x}}"),
        ("{{a.b}}", 1, 4, "dot", "{{a_b}}"),
        ("{{#a}}{{b.c}}{{/a}}", 1, 10, "dot", "{{b_c}}"),
        ("{{.}}", 1, 1, "no item", "{{topic}}"),
        ("{{^a}}{{.}}{{/a}}", 1, 7, "no item", "section"),
        ("{{#a}}{{^a}}x{{/a}}{{/a}}", 1, 7, "opposite", "{{^a}}"),
        ("{{self}}", 1, 3, "keeps the name self", "{{self_text}}"),
        ("{{#stop}}{{/stop}}", 1, 4, "keeps the name stop", "{{#stop_text}}"),
        ("{{0}}", 1, 3, "number", "{{value_0}}"),
        ('{{"x": 1}}', 1, 3, 'character "', "letters"),
        ("{{ #x }}", 1, 4, "character #", "{{x}}"),
        ("{{user name}}", 1, 7, "no spaces", "{{user_name}}"),
        ("{{a\u2066b}}", 1, 4, "U+2066", "{{ab}}"),
        ("😀\r\n\t{{<b>}}", 2, 4, "character <", "{{b}}"),
        ("{{! half \udc00 }}", 1, 10, "U+DC00", "type the character again"),
    ],
)
def test_a_broken_template_is_refused_where_it_breaks(
    template: str, line: int, column: int, text: str, advice: str
) -> None:
    problem = scan(template)[0]
    assert (problem.line, problem.column) == (line, column)
    assert text in problem.text
    assert advice in problem.advice


@pytest.mark.parametrize(
    ("template", "names", "sections"),
    [
        ("", [], []),
        ("{ one brace } }} is text", [], []),
        ('{"a": {{x}}, "b": {"c": {{&y}}}}', ["x", "y"], []),
        ("{{ x }} {{{ y }}} {{& z }} {{! a comment with {{ in it }}", ["x", "y", "z"], []),
        ("{{b}}{{#a}}{{b}}{{inner}}{{.}}{{/a}}{{^c}}none{{/c}}", ["b", "a", "c"], ["a", "c"]),
        ("{{#주제}}\n  {{#.}}{{.}}{{/.}}\n{{/주제}}\n", ["주제"], ["주제"]),
        ("{{#route}}{{stop}} {{self}}{{/route}}", ["route"], ["route"]),
        ("{{#a}}{{#a}}{{a}}{{/a}}{{/a}}{{^a}}{{#a}}{{/a}}{{/a}}", ["a", "a"], ["a", "a"]),
    ],
)
def test_a_sound_template_is_read_as_langchain_reads_it(template: str, names: list[str], sections: list[str]) -> None:
    reading = read(template)
    assert reading.problems == []
    assert [field.name for field in reading.fields] == names
    assert [field.name for field in reading.fields if field.section] == sections
    assert get_template_variables(template, "mustache") == sorted(set(names))


def test_every_problem_is_told_in_reading_order() -> None:
    problems = scan("{{#open}}\n{{a b}}{{>p}}\n\ud800{{/other}}", row=2)
    assert [(problem.row, problem.line, problem.column) for problem in problems] == [
        (2, 1, 1),
        (2, 2, 4),
        (2, 2, 8),
        (2, 3, 1),
        (2, 3, 2),
    ]


def test_a_section_that_was_refused_may_be_closed_without_further_complaint() -> None:
    assert len(scan("{{#each items}}{{name}}{{/each}} {{ok}}")) == 1


def test_langchain_cannot_run_the_opposite_of_a_section_inside_it() -> None:
    with pytest.raises(IndexError):
        mustache.render("{{#a}}{{^a}}x{{/a}}y{{/a}}z", {"a": [1, 2]})


def test_sections_may_nest_to_the_limit_and_no_deeper() -> None:
    def nested(depth: int) -> str:
        return "{{#a}}" * depth + "{{/a}}" * depth

    assert scan(nested(MAX_DEPTH)) == []
    (problem,) = scan(nested(MAX_DEPTH + 1))
    assert problem.column == MAX_DEPTH * len("{{#a}}") + 1


def test_a_problem_never_quotes_the_template() -> None:
    for markup in (
        "{{![x}}{{<script>}}",
        "{{![x](http://evil.example)",
        "{{#<b>}}",
        "{{/<b>}}",
        "{{><b>}}",
        "{{{<b>}}",
    ):
        words = " ".join(problem.text + problem.advice for problem in scan(markup))
        assert words
        assert not any(mark in words for mark in ("](", "<script", "<b>", "http:"))


@pytest.mark.parametrize(
    "template",
    [
        "{{#a}}" * 20_000,
        "{{#a}}" * 20_000 + "{{/a}}" * 20_000,
        "{{a}}" * 10_000,
        "{{a" * 16_000,
        "{{/a}}" * 8_000,
        "{{" * 25_000,
        "{{#a b}}" * 6_000,
    ],
)
def test_a_long_broken_template_is_refused_at_once(template: str) -> None:
    assert 1 <= len(scan(template)) <= MAX_PROBLEMS
    assert cpu_s(lambda: scan(template)) < 0.2
