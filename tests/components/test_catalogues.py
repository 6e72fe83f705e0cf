"""The catalogues: nothing is missing, nothing is guessed, nothing gets lost in a translation."""

import re
from collections import Counter

import pytest
from babel.messages.catalog import Catalog, Message

from components.words import LANGUAGES
from tests.support.catalogue import catalogues, messages, template

CATALOGUES = [pytest.param(catalogue, id=path.parts[-3]) for path, catalogue in catalogues()]
_NAME = re.compile(r"\{\w+\}")


def test_every_language_on_offer_has_a_catalogue_and_english_needs_none() -> None:
    assert {path.parts[-3] for path, _ in catalogues()} == LANGUAGES.keys() - {"en"}


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_every_message_of_the_source_is_translated(catalogue: Catalog) -> None:
    assert _ids(template()) - {message.id for message in catalogue if _is_translated(message)} == set()


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_no_message_is_left_over(catalogue: Catalog) -> None:
    assert _ids(catalogue) - _ids(template()) == set()


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_a_translation_holds_the_placeholders_of_its_message(catalogue: Catalog) -> None:
    for message in (message for message in catalogue if message.id):
        wanted = _NAME.findall(_forms(message.id)[-1])
        for form in _forms(message.string):
            assert Counter(_NAME.findall(form)) == Counter(wanted), message.id


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("_('a')", ["a"]),
        ("f\"**{_('inside')}**\"", ["inside"]),
        ("several('one', 'more', n)", [("one", "more")]),
        ("counted('one', 'more')", [("one", "more")]),
        ("mark('a ' 'b')", ["a b"]),
        ("_(DEFINITIONS['ttft'])", []),
        ("other('a')", []),
    ],
)
def test_the_words_of_a_source_are_found(source: str, found: list[str]) -> None:
    assert list(messages(source)) == found


def _ids(catalogue: Catalog) -> set[str | tuple[str, ...]]:
    return {message.id if isinstance(message.id, str) else tuple(message.id) for message in catalogue if message.id}


def _forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else [str(form) for form in text] if isinstance(text, list | tuple) else []


def _is_translated(message: Message) -> bool:
    forms = _forms(message.string)
    return bool(forms) and all(form.strip() for form in forms) and not message.fuzzy
