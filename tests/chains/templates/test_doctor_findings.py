"""What the doctor finds, and that a press on its cure does what its label says."""

import pytest
from pydantic import JsonValue

from chains.spec import MessageSpec, TemplateFormat
from chains.templates.doctor.braces import braces
from chains.templates.doctor.edits import Finding, applied
from chains.templates.doctor.escaping import fields, healed
from chains.templates.doctor.findings import findings, unused
from chains.templates.prompt import check, render
from chains.words import fill
from tests.support.clock import cpu_s

JSON = '{"city": "Seoul", "at": {"lat": 37.5, "of": []}, "note": "{topic} and {other}"}'


def rows(*templates: str) -> list[MessageSpec]:
    return [MessageSpec.model_construct(role="human", template=template) for template in templates]


def cured(template: str, of: TemplateFormat, label: str, *known: str) -> str:
    """The template after the first cure of that label."""
    messages = rows(template)
    for found in findings(messages, of, [], known):
        for cure in found.cures:
            if fill(cure.label, cure.values) == label:
                return applied(messages, cure)[0]
    raise AssertionError([fill(cure.label, cure.values) for f in findings(messages, of) for cure in f.cures])


def warned(template: str, *inputs: dict[str, JsonValue]) -> list[Finding]:
    found = findings(rows(template), "mustache", inputs)
    return [each for each in found if "HTML-escape" not in each.message]


@pytest.mark.parametrize(
    ("template", "label", "after"),
    [
        ("Tell { name } now", "Write {name}", "Tell {name} now"),
        ("Tell {{name}} now", "Write {name}", "Tell {name} now"),
        ("Tell {{ name }} now", "Write {name}", "Tell {name} now"),
        ("Tell {{{{name}}}}", "Write {name}", None),
        ("Tell {a.b}", "Write {a_b}", "Tell {a_b}"),
        ("Tell {a!r} {a!r}", "Write {a}", "Tell {a} {a!r}"),
        ("Tell {a:>9}", "Make literal", "Tell {{a:>9}}"),
        ("Tell {} me", "Make literal", "Tell {{}} me"),
        ("Tell { me", "Write {{ for a literal brace", "Tell {{ me"),
        ("Tell } me", "Write }} for a literal brace", "Tell }} me"),
        ("{<b>x</b>}", "Make literal", "{{<b>x</b>}}"),
        ("{na\u202eme}", "Write {name}", "{name}"),
        ("half \ud800", "Delete it", "half "),
    ],
)
def test_an_f_string_is_cured_with_one_edit(template: str, label: str, after: str | None) -> None:
    if after is None:
        with pytest.raises(AssertionError):
            cured(template, "f-string", label)
    else:
        assert cured(template, "f-string", label) == after


@pytest.mark.parametrize(
    ("template", "label", "after"),
    [
        ("Tell {name}", "Write {{{name}}}", "Tell {{{name}}}"),
        ("{{a}} {{ b }} {{{c}}}", "Write three braces", "{{{a}}} {{{ b }}} {{{c}}}"),
        ("{{#on}}yes{{else}}no{{/on}}", "Write {{/on}}{{^on}}", "{{#on}}yes{{/on}}{{^on}}no{{/on}}"),
        ("{{#if on}}yes{{/if}}", "Write {{#on}}", "{{#on}}yes{{/on}}"),
        ("{{#unless on}}{{#x}}y{{/x}}{{/unless}}", "Write {{^on}}", "{{^on}}{{#x}}y{{/x}}{{/on}}"),
        ("{{#a b}}x{{/a b}}", "Write {{#a_b}}", "{{#a_b}}x{{/a_b}}"),
        ("{{a.b}}", "Write {{a_b}}", "{{a_b}}"),
        ("{{{x}} y", "Write {{{x}}}", "{{{x}}} y"),
        ("Say {{name} now", "Write {{{name}}}", "Say {{{name}}} now"),
        ("Say {{name", "Write {{name}}", "Say {{name}}"),
        ("Say {{ name, now {x}", "Write {{name}}", "Say {{name}}, now {x}"),
        ("f(){{ x = 1 }", "Put a space between the braces", "f(){ { x = 1 }"),
        ("{{}}", "Put a space between the braces", "{ {}}"),
        ("{{#a}}{{#b}}x", "Write {{/b}}{{/a}} at the end", "{{#a}}{{#b}}x{{/b}}{{/a}}"),
        ("{{#a}}{{#b}}x{{/a}}", "Write {{/b}} before it", "{{#a}}{{#b}}x{{/b}}{{/a}}"),
        ("{{#o}}{{#a}}{{#b}}{{/a}}x", "Write {{/o}} at the end", "{{#o}}{{#a}}{{#b}}{{/a}}x{{/o}}"),
        ("x{{/a}}", "Delete this tag", "x"),
        ("half \ud800", "Delete it", "half "),
        ("a\u202eb\u200bc", "Delete them", "abc"),
    ],
)
def test_a_mustache_template_is_cured_with_one_edit(template: str, label: str, after: str) -> None:
    assert cured(template, "mustache", label) == after


def test_a_tag_that_is_not_closed_is_closed_by_its_first_cure_unless_it_reads_as_code() -> None:
    (named,) = findings(rows("Say {{name"), "mustache")
    (code,) = findings(rows("f(){{ x = 1 }"), "mustache")
    assert [cure.label for cure in named.cures] == ["Write {field}", "Put a space between the braces"]
    assert [cure.label for cure in code.cures] == ["Put a space between the braces"]


@pytest.mark.parametrize(
    "template",
    [
        "{{#a}}x{{/a}}",
        "{{#if x}}y{{/if}}",
        "{{^a}}x",
        "{{a.b}}",
        "{{> p}}",
        "{{! a\nb }}",
        "{{&a}}",
        "{{else}}",
        "{{this}}",
        "{{this.name}}",
        "{{ else if x }}",
        "{{a.b}} {{#c}} {{else}} {{/c}}",
    ],
)
def test_what_only_mustache_knows_is_told_once_a_message_without_a_wrong_cure(template: str) -> None:
    (found,) = findings(rows(f"é {template}"), "f-string")
    assert found.message == "This looks like a mustache tag; in f-string it is text."
    assert (found.column, found.cures) == (3, ())


def test_a_doubled_name_beside_a_tag_of_mustache_keeps_its_cure() -> None:
    assert cured("{{#a}}{{b}}{{/a}}", "f-string", "Write {b}") == "{{#a}}{b}{{/a}}"


@pytest.mark.parametrize("text", ['{{"a": 1.5}}', "{{0.5}}", "{{ // note }}", "{{.css}}", "{{a. b}}", "{{#}}", "{{}}"])
def test_other_text_in_doubled_braces_is_not_taken_for_mustache(text: str) -> None:
    assert not findings(rows(text), "f-string")


def test_a_pasted_json_example_runs_after_one_cure() -> None:
    template = f"Answer like this about {{topic}}:\n{JSON}"
    after = cured(template, "f-string", "Make literal", "topic")
    assert check(rows(after), "f-string") == ()
    text = str(render(rows(after), "f-string", {"topic": "tea"})[0].content)
    assert text == "Answer like this about tea:\n" + JSON.replace("{topic}", "tea")


def test_many_errors_are_healed_at_once() -> None:
    template = '{"a": {}},\n' * 1_000 + "{topic} {{x}}"
    assert healed(template) == '{{"a": {{}}}},\n' * 1_000 + "{topic} {{x}}"


def test_a_finding_stands_at_its_place() -> None:
    (found,) = findings(rows("fine", "one\r\ntwo {{name}}"), "f-string")
    assert (found.level, found.row, found.line, found.column) == ("warning", 1, 2, 5)


def test_a_placeholder_in_braces_gets_its_bare_name() -> None:
    messages = [MessageSpec(role="placeholder", template="{history}")]
    (found,) = findings(messages, "f-string")
    assert applied(messages, found.cures[0]) == {0: "history"}


@pytest.mark.parametrize("problem", ["{{.}}", "{{#a}}{{^a}}{{/a}}{{/a}}"])
def test_what_has_no_clear_cure_has_no_button(problem: str) -> None:
    assert [found.cures for found in findings(rows(problem), "mustache")] == [()]


def test_a_variable_that_a_placeholder_takes_is_not_renamed_by_a_button() -> None:
    messages = [MessageSpec(role="placeholder", template="history"), *rows("{history}")]
    assert [found.cures for found in findings(messages, "f-string")] == [()]


ITEMS: dict[str, JsonValue] = {"items": [{"name": "tea", "price": 2}, {"name": "salt"}], "currency": "won"}


def test_a_name_that_nothing_in_a_section_supplies_is_told_with_the_one_that_was_meant() -> None:
    (found,) = warned("{{currency}}{{#items}}{{name}} {{nmae}} {{currency}}{{/items}}", ITEMS)
    assert found.values == {"name": "nmae", "section": "items"}
    assert fill(found.cures[0].label, found.cures[0].values) == "Write {{name}}"


def test_a_name_that_is_supplied_somewhere_is_not_told() -> None:
    assert not warned("{{#items}}{{price}}{{^price}}none{{/price}}{{/items}}", {"items": [{"a": 1}]}, ITEMS)


@pytest.mark.parametrize(
    ("template", "items", "said"),
    [
        ("{{#of}}{{{name}}}{{/of}}", [{"name": "a"}, {"nam": "b"}], ("of", "2")),
        (
            "{{#of}}{{name}} {{name}}{{/of}}",
            [{"name": "a"}, {"b": 1}, 0, "x", {"b": 1}, {"b": 1}],
            ("of", "2, 4, 5, …"),
        ),
        ("{{#of}}{{#b}}{{name}}{{/b}}{{/of}}", [{"b": [{"name": 1}]}, {"b": [{"name": 1}, {"x": 1}]}], ("b", "2.2")),
        ("{{#of}}{{#on}}{{name}}{{/on}}{{/of}}", [{"on": 1, "name": 1}, {"on": 1}], ("of", "2")),
    ],
)
def test_items_that_lack_a_name_which_others_have_are_told(
    template: str, items: JsonValue, said: tuple[str, str]
) -> None:
    (found,) = warned(template, {"of": items})
    assert (found.values["section"], found.values["items"]) == said
    assert found.cures == ()


def test_of_a_table_the_first_row_with_such_an_item_is_told() -> None:
    rows_of: list[dict[str, JsonValue]] = [{"of": [{"x": 1}]}, {"of": [{"x": 1}, {"y": 1}]}, {"of": [{"y": 1}]}]
    (found,) = warned("{{#of}}{{x}}{{/of}}", *rows_of)
    assert fill(found.message, found.values) == (
        "In section of nothing supplies x for item 2 of row 2: it renders as nothing there."
    )


def test_a_name_that_an_outer_value_supplies_is_lacking_nowhere() -> None:
    assert not warned("{{#of}}{{x}}{{/of}}", {"of": [{"x": 1}, {"y": 1}], "x": 2})


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("{{#items}}{{x}}{{/items}}", {}),
        ("{{#items}}{{x}}{{/items}}", {"items": []}),
        ("{{#items}}{{x}}{{/items}}", {"items": [0, ""]}),
        ("{{#items}}{{.}}{{/items}}", {"items": ["a"]}),
        ("{{^items}}{{x}}{{/items}}", {"items": [1]}),
        ("{{#a}}{{#b}}{{x}}{{/b}}{{/a}}", {"a": {"b": [{"x": 1}]}}),
    ],
)
def test_a_section_that_is_not_entered_is_not_judged(template: str, values: dict[str, JsonValue]) -> None:
    assert not warned(template, values)


def test_a_text_has_no_names_inside() -> None:
    (found,) = warned("{{#on}}{{x}}{{/on}}", {"on": "yes"})
    assert found.values["name"] == "x"
    (found,) = warned("{{^off}}{{x}}{{/off}}", {"off": False})
    assert found.cures == ()


def test_html_escaping_is_told_once_a_message() -> None:
    (found,) = findings(rows("{{a}}{{b}}{{c}}{{d}}{{a}}"), "mustache")
    assert found.values["tags"] == "{{a}}, {{b}}, {{c}}, …"


def test_what_no_message_uses_is_told_by_name() -> None:
    messages = [MessageSpec(role="placeholder", template="history"), *rows("{a}", "{{b}}")]
    assert unused(messages, "f-string", ["a", "b", "history", "c", "b"]) == ("b", "c")


def test_emoji_with_joiners_and_flags_of_regions_are_not_told() -> None:
    england = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
    assert not findings(rows(f"👩\u200d👩\u200d👧 ❤\ufe0f {england}"), "f-string")
    (found,) = findings(rows("a\U000e0041\U000e0042 \u202e"), "f-string")
    assert found.values == {"characters": "U+E0041, U+E0042, U+202E"}


def test_braces_are_listed_with_what_cannot_be_seen_made_visible() -> None:
    shown, count = braces("{a}\n{{ {b\u202e\nc} {\ud800}", "f-string", most=4)
    assert [(brace.line, brace.column, brace.kind, brace.text) for brace in shown] == [
        (1, 1, "variable", "{a}"),
        (2, 1, "literal", "{{"),
        (2, 4, "error", "{b‹U+202E›↵c}"),
        (3, 4, "error", "{‹U+D800›}"),
    ]
    assert count == 4
    assert braces("{a}" * 300 + "{}" * 300, "f-string")[1] == 600


def test_the_names_to_tick_are_those_that_could_be_kept() -> None:
    assert fields('{"a": {b}} {{c}} {d e} {b} {self}', "f-string") == ("b",)
    assert fields("{{a}} {{{b}}} {{#c}}{{& d}}{{/c}} {e}", "mustache") == ("a", "b", "d")


LONG: list[tuple[TemplateFormat, str]] = [
    ("f-string", "{a}" * 16_600),
    ("f-string", "{{a}}" * 10_000),
    ("f-string", "{" * 50_000),
    ("f-string", "{{a.b}}" * 7_000),
    ("f-string", "{{#" + "a " * 24_000 + "!}}"),
    ("f-string", '{"a": {}},\n' * 4_500),
    ("f-string", "\u202e\n" * 25_000),
    ("mustache", "{{#a}}" * 8_300),
    ("mustache", "{{#a}}{{b}}{{/a}}" * 600),
    ("mustache", "{a} " * 12_500),
]


@pytest.mark.parametrize(("of", "template"), LONG)
def test_the_longest_template_is_judged_in_a_fifth_of_a_second(of: TemplateFormat, template: str) -> None:
    values: list[dict[str, JsonValue]] = [{"a": [{"c": 1}] * 1_000}]
    assert cpu_s(lambda: findings(rows(template), of, values)) < 0.2


def test_a_long_list_of_which_most_items_lack_a_name_is_judged_as_quickly() -> None:
    lacking: list[JsonValue] = [{"c": 1}] * 50_000
    items: list[JsonValue] = [{"b": 1}, *lacking]
    assert cpu_s(lambda: warned("{{#a}}{{b}}{{c}}{{/a}}", {"a": items})) < 0.2
