import pytest

from chains.sections.arrangement import Arrangement, extended, parts
from chains.sections.palette import LANGUAGES, offers
from chains.spec import MessageSpec, TemplateFormat
from chains.templates.outline import outline
from chains.templates.prompt import check, variables

FORMATS: tuple[TemplateFormat, ...] = ("f-string", "mustache")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_palette_has_six_sections_in_every_language(language: str) -> None:
    assert list(offers(language)) == ["role", "situation", "task", "format", "examples", "constraints"]


def test_another_language_gets_them_in_english() -> None:
    assert offers("fr") == offers("en") != offers("ko")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMATS)
def test_all_of_them_make_one_prompt_that_runs(language: str, form: TemplateFormat) -> None:
    found = Arrangement(0, "Hello")
    for offer in offers(language).values():
        assert len(outline(offer.text)) == 1
        found = extended(found, offer.text)
    rows = (MessageSpec(role="system", template=found.template),)
    assert len(parts(found)) == 7
    assert list(check(rows, form)) == []
    assert variables(rows, form) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_has_a_place_to_fill_in(language: str) -> None:
    assert [offer.title for offer in offers(language).values() if "[" not in offer.text] == []
