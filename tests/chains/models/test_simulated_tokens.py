from hypothesis import given
from hypothesis import strategies as st

from chains.models.simulated.tokens import count, split


@given(st.text())
def test_joined_tokens_are_the_text(text: str) -> None:
    assert "".join(split(text)) == text
    assert count(text) == len(split(text))


@given(st.text(alphabet=" \n\t가힣ㅏa1é—🙂\r", max_size=60))
def test_no_token_is_empty_or_long(text: str) -> None:
    assert all(1 <= len(token) <= 16 for token in split(text))


def test_words_keep_the_space_before_them_and_long_ones_are_cut() -> None:
    assert split("Why did ice cream, understandably, wait?") == [
        "Why",
        " did",
        " ice",
        " cream",
        ",",
        " underst",
        "andably",
        ",",
        " wait",
        "?",
    ]


def test_korean_is_cut_by_one_or_two_syllables() -> None:
    assert split("아이스크림에 대해") == ["아이", "스크", "림에", " 대해"]


def test_indents_and_line_breaks_are_tokens() -> None:
    assert split('{\n    "a": 10000\n\n}') == ["{", "\n", "   ", ' "', "a", '"', ":", " 100", "00", "\n\n", "}"]
