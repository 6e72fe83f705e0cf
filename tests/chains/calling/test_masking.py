"""A key is taken out of answers, wherever their chunks part it, and nothing else is touched or held back for long."""

from itertools import combinations

import pytest
from pydantic import JsonValue, SecretStr

from chains.calling.masking import SHOWN, Masking, masked

KEY = "sk-sk-typed-secret-20"


def told(*chunks: str, key: str = KEY) -> list[str]:
    """What is given of each chunk, and of what is left at the end."""
    masking = Masking(SecretStr(key))
    given = [masking.take("text", chunk) for chunk in chunks]
    return [*given, *(text for _kind, text in masking.rest())]


def test_a_key_never_comes_through_wherever_it_is_parted() -> None:
    text = f"a sk-{KEY} b {KEY}{KEY}"
    for one, other in combinations(range(len(text)), 2):
        whole = "".join(told(text[:one], text[one:other], text[other:]))
        assert KEY not in whole
        assert KEY[: SHOWN + 1] not in whole.replace(f"sk-{KEY[:SHOWN]}", "")
        assert whole.count("…") == 3


def test_letter_by_letter_its_first_four_characters_stay() -> None:
    assert "".join(told(*f"a {KEY} b")) == f"a {KEY[:SHOWN]}… b"


def test_in_one_chunk_nothing_of_it_stays() -> None:
    assert told(f"a {KEY} b") == ["a … b"]


def test_what_only_begins_like_the_key_comes_with_the_next_chunk() -> None:
    assert told("this", " is", " sk-sk-ty", "ping", "") == ["this", " is", " sk-s", "k-typing", ""]
    assert told("sk-sk-ty") == ["sk-s", "k-ty"]


def test_kinds_are_apart() -> None:
    masking = Masking(SecretStr(KEY))
    assert masking.take("reasoning", KEY[:9]) == KEY[:SHOWN]
    assert masking.take("text", KEY[9:]) == KEY[9:]
    assert list(masking.rest()) == [("reasoning", KEY[SHOWN:9])]


@pytest.mark.parametrize("key", ["", "lm-studio", "assistant", "sk-1234567890", "a-long-word-without-digits", "1" * 20])
def test_a_key_that_an_answer_may_say_by_chance_stays(key: str) -> None:
    assert told("I am the ", key, key=key) == ["I am the ", key]
    assert masked([key], SecretStr(key)) == [key]


def test_in_a_value_texts_are_masked_and_names_stay() -> None:
    value: JsonValue = {"a": [f"x {KEY}", 1, None], KEY: {"b": KEY}}
    assert masked(value, SecretStr(KEY)) == {"a": ["x …", 1, None], KEY: {"b": "…"}}
