import unicodedata

import pytest

from chains.models.simulated.korean import fill_in, particle


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("아이스크림", "은 이 을 과 으로"),
        ("바닐라", "는 가 를 와 로"),
        ("서울", "은 이 을 과 로"),
        ("“고양이”", "는 가 를 와 로"),
        ("한국(서울)", "은 이 을 과 로"),
        ("LangChain", "은 이 을 과 으로"),
        ("LCEL", "은 이 을 과 로"),
        ("Java", "는 가 를 와 로"),
        ("king", "은 이 을 과 으로"),
        ("2025", "는 가 를 와 로"),
        ("10", "은 이 을 과 으로"),
        ("제7", "은 이 을 과 로"),
        (unicodedata.normalize("NFD", "초콜릿"), "은 이 을 과 으로"),
    ],
)
def test_particles_follow_the_final_consonant(word: str, expected: str) -> None:
    pairs = ["은/는", "이/가", "을/를", "과/와", "으로/로"]
    assert " ".join(particle(word, pair) for pair in pairs) == expected


@pytest.mark.parametrize("word", ["🍦", "東京", ""])
def test_an_ending_of_unknown_sound_gets_both_forms(word: str) -> None:
    assert particle(word, "을/를") == "을(를)"


def test_values_are_filled_in_once_and_never_read_again() -> None:
    assert fill_in("{subject}은/는 {title}.", {"subject": "{title}", "title": "제목"}) == "{title}는 제목."
