from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.spec import TemplateFormat
from chains.templates import fstring, mustache
from chains.templates.pieces import pieces

BRACED = st.text(st.sampled_from("{}#/^!&> ab.\n\ud800"), max_size=40)


def shown(template: str, template_format: TemplateFormat) -> list[tuple[str, str]]:
    return [(template[piece.start : piece.end], piece.kind) for piece in pieces(template, template_format)]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("Hi {name}, {{x}}", [("{name}", "variable"), ("{{", "literal"), ("}}", "literal")]),
        ('{"x": 1}', [('{"x": 1}', "error")]),
        ("{a {b} c} {d}", [("{a {b} c}", "error"), ("{d}", "variable")]),
        ("} {a", [("}", "error"), ("{", "error")]),
        ("{ a } {a!r}", [("{ a }", "error"), ("{a!r}", "error")]),
    ],
)
def test_fstring_braces_have_a_class_each(template: str, expected: list[tuple[str, str]]) -> None:
    assert shown(template, "f-string") == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{a} {{b}} {{{c}}}", [("{", "literal"), ("}", "literal"), ("{{b}}", "variable"), ("{{{c}}}", "variable")]),
        ("{{#a}}x{{/a}}{{! no }}", [("{{#a}}", "tag"), ("{{/a}}", "tag"), ("{{! no }}", "comment")]),
        ("{{#a}}{{b}}", [("{{#a}}", "error"), ("{{b}}", "variable")]),
        ("{{#a}}{{else}}{{/a}}", [("{{#a}}", "tag"), ("{{else}}", "error"), ("{{/a}}", "tag")]),
        ("{{/a}} {{b", [("{{/a}}", "error"), ("{{", "error")]),
    ],
)
def test_mustache_braces_have_a_class_each(template: str, expected: list[tuple[str, str]]) -> None:
    assert shown(template, "mustache") == expected


@settings(max_examples=2_000)
@given(BRACED, st.sampled_from(["f-string", "mustache"]))
def test_pieces_are_in_order_and_every_brace_is_in_one(template: str, template_format: TemplateFormat) -> None:
    found = pieces(template, template_format)
    assert all(0 <= piece.start < piece.end <= len(template) for piece in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    problems = (mustache if template_format == "mustache" else fstring).scan(template)
    if not problems:
        covered = {at for piece in found for at in range(piece.start, piece.end)}
        assert all(at in covered for at, character in enumerate(template) if character in "{}")


@given(BRACED, st.sampled_from(["f-string", "mustache"]))
def test_there_is_an_error_where_there_is_a_problem(template: str, template_format: TemplateFormat) -> None:
    whole = template.replace("\ud800", "")
    problems = (mustache if template_format == "mustache" else fstring).scan(whole)
    assert any(piece.kind == "error" for piece in pieces(whole, template_format)) == bool(problems)
