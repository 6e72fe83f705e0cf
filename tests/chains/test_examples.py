"""The guided examples: the same ones in each language, and every one of them can be run."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chains.examples.catalogue import FOLDER, Example, examples
from runs.engine import Engine
from tests.support.engines import opened

LANGUAGES = ("en", "ko")
WANTED = ("A1", "A2", "A3", "A4", "A5", "A6", "B1", "B2", "B4", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8")


def every(language: str) -> list[Example]:
    return [example for group in examples(language) for example in group.examples]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with opened(tmp_path_factory.mktemp("examples")) as engine:
        yield engine


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_one_for_each_scenario(language: str) -> None:
    assert tuple(example.id for example in every(language)) == WANTED


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wanted", WANTED)
def test_an_example_runs(engine: Engine, language: str, wanted: str) -> None:
    (example,) = (example for example in every(language) if example.id == wanted)
    engine.check(example.request)


@pytest.mark.parametrize("wanted", WANTED)
def test_languages_differ_in_words_only(wanted: str) -> None:
    (english,), (korean,) = ([e for e in every(language) if e.id == wanted] for language in LANGUAGES)
    for name in ("page", "press", "reading", "code_form"):
        assert getattr(english, name) == getattr(korean, name)
    assert english.request.mode == korean.request.mode
    assert english.request.run_with == korean.request.run_with
    assert english.request.chain.model == korean.request.chain.model
    assert len(english.request.inputs) == len(korean.request.inputs)
    assert re.search("[가-힣]", korean.title + korean.look)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_to_look_at_is_said_in_two_or_three_sentences(language: str) -> None:
    for example in every(language):
        assert 2 <= len(re.findall(r"[.?!](?:\s|$)", example.look)) <= 3, example.id


def test_a_language_without_examples_gets_english() -> None:
    assert examples("fr") == examples("en")
    assert not (Path(FOLDER) / "fr.toml").exists()
