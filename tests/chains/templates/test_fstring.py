"""f-string templates are refused before a run, at the character at fault, with what to write instead."""

from string import Formatter

import pytest

from chains.templates.fstring import scan
from chains.templates.problems import MAX_PROBLEMS
from tests.support.clock import cpu_s


@pytest.mark.parametrize(
    ("template", "line", "column", "text", "advice"),
    [
        ("{", 1, 1, "not closed", "{{ for a literal brace"),
        ("a } b", 1, 3, "closes no field", "}} for a literal brace"),
        ("say {}", 1, 5, "no name", "{topic}"),
        ("{ }", 1, 1, "no name", "{topic}"),
        ("{a.b}", 1, 3, "dot", "Write {a_b}"),
        ("{a[0]}", 1, 3, "index", "Write {a_0}"),
        ("{a!x}", 1, 3, "conversion", "Write {a}"),
        ("{a!r}", 1, 3, "conversion", "Write {a}"),
        ("{a:>9999999}", 1, 3, "format specification", "Write {a}"),
        ("{a:{b}}", 1, 3, "format specification", "Write {a}"),
        ("{a{b}}", 1, 1, "not another field", "Write {a}"),
        ('{"x": 1}', 1, 1, "JSON", "{{ and }} for literal braces"),
        ('one\ntwo {\n "x": {"y": 2}\n}', 2, 5, "JSON", "{{ and }} for literal braces"),
        ("f() {\n  return\n}", 1, 5, "code", "{{ and }} for literal braces"),
        ("{self}", 1, 2, "keeps the name self", "{self_text}"),
        ("{stop}", 1, 2, "keeps the name stop", "{stop_text}"),
        ("{0}", 1, 2, "number", "{value_0}"),
        ("{٣}", 1, 2, "number", "{value_٣}"),
        ("{ a }", 1, 2, "no spaces", "Write {a}"),
        ("{user name}", 1, 6, "no spaces", "Write {user_name}"),
        ("{a\u200bb}", 1, 3, "U+200B", "Write {ab}"),
        ("{ㅤ}", 1, 2, "U+3164", "Write {value}"),
        ("{a\u202eb}", 1, 3, "U+202E", "Write {ab}"),
        ("{<img src=x>}", 1, 2, "character <", "{img_src_x}"),
        ("{-a}", 1, 2, "character -", "{a}"),
        ("{" + "a" * 101 + "}", 1, 102, "longer than 100", "shorter"),
        ("a\r\nb\t{x", 2, 3, "not closed", "{x}"),
        ("😀{a.b}", 1, 4, "dot", "{a_b}"),
        ("half \ud83d", 1, 6, "U+D83D", "type the character again"),
        ("{{a}", 1, 4, "closes no field", "}}"),
        ("tell {topic about it", 1, 6, "not closed", "{topic}"),
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
    ("template", "names"),
    [
        ("", []),
        ("no field", []),
        ("{topic}에 대해 {how} 설명해주세요.", ["topic", "how"]),
        (
            "{주제} {class} {format_string} {2nd} {user-name} {_x}",
            ["주제", "class", "format_string", "2nd", "user-name", "_x"],
        ),
        ("{{literal}} {{{a}}} }}{{", ["a"]),
        ('{{"x": {x}}}', ["x"]),
        ("# 상황: {{question}}", []),
        ("tabs\tand\r\nlines {a}\n", ["a"]),
    ],
)
def test_a_sound_template_is_read_as_langchain_reads_it(template: str, names: list[str]) -> None:
    assert scan(template) == []
    assert [name for _, name, _, _ in Formatter().parse(template) if name is not None] == names


def test_every_problem_is_told_and_pasted_json_is_one_problem() -> None:
    problems = scan('{a.b}\n{"x": {"y": {}}, "z": []}\n{ok} }', row=3)
    assert [(problem.row, problem.line, problem.column) for problem in problems] == [(3, 1, 3), (3, 2, 1), (3, 3, 6)]


def test_a_problem_never_quotes_the_template() -> None:
    for markup in ("{![x](http://evil.example)}", "{<script>}", "{a.<b>}", "{![x](http://evil.example)", "{a{<b>}}"):
        words = " ".join(problem.text + problem.advice for problem in scan(markup))
        assert words
        assert not any(mark in words for mark in ("](", "<script", "<b>", "http:"))


@pytest.mark.parametrize(
    "template",
    [
        "{" * 49_999,
        "{a{" * 16_000,
        "}a" * 25_000,
        "{ " * 25_000,
        '{"' * 16_000 + "}" * 16_000,
        "{a:" * 10_000 + "}" * 10_000,
    ],
)
def test_a_long_broken_template_is_refused_at_once(template: str) -> None:
    assert 1 <= len(scan(template)) <= MAX_PROBLEMS
    assert cpu_s(lambda: scan(template)) < 0.2
