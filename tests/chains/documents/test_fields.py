"""Numbers of typed fields, and what an item of a mustache section needs."""

import pytest

from chains.documents.fields import item_names, number
from chains.spec import MessageSpec
from chains.templates.prompt import render


@pytest.mark.parametrize(
    ("written", "value"),
    [("3", 3), (" 3.0 ", 3), ("-0.5", -0.5), ("1e3", 1000), ("9007199254740992", 2**53), ("1e300", 1e300)],
)
def test_a_number_is_whole_where_it_can_be(written: str, value: float) -> None:
    found = number(written)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("written", ["", "three", "1,5", "1_000", "nan", "inf", "1e999", "3 4"])
def test_what_is_no_finite_number_is_none(written: str) -> None:
    assert number(written) is None


@pytest.mark.parametrize(("form", "template"), [("f-string", "{n}"), ("mustache", "{{n}}")])
def test_a_whole_number_is_rendered_without_a_point(form: str, template: str) -> None:
    row = MessageSpec(role="human", template=template)
    for written, shown in (("3.0", "3"), ("0", "0"), ("0.25", "0.25")):
        assert render([row], form, {"n": number(written)})[0].content == shown  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("{{#items}}- {{name}} {{{price}}}\n{{/items}}", {"items": ("name", "price")}),
        ("{{#items}}{{.}}{{/items}}", {"items": (".",)}),
        ("{{#items}}{{#tags}}{{.}}{{/tags}}{{^tags}}{{none}}{{/tags}}{{/items}}", {"items": ("tags", "none")}),
        ("{{^items}}{{empty}}{{/items}}", {}),
        ("{{#on}}yes{{/on}}{{#on}}{{why}}{{/on}}", {"on": ("why",)}),
        ("{{#open}}", {}),
        ("{{topic}}", {}),
    ],
)
def test_the_names_that_an_item_needs(template: str, names: dict[str, tuple[str, ...]]) -> None:
    assert item_names([MessageSpec(role="human", template=template)]) == names
