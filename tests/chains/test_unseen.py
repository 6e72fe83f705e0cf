"""Characters that nobody sees: which they are among all of Unicode, and which are part of something that is seen."""

import sys
import unicodedata

import pytest

from chains.spec import MessageSpec
from chains.templates.doctor.findings import findings
from chains.templates.names import is_plain
from chains.unseen import INVISIBLE, hidden, replaced
from tests.support.clock import cpu_s
from tests.support.unseen import PARTS_OF_WHAT_IS_SEEN

ALL = [chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF]

DRAWN = {*"\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"}
"""Format characters that are drawn: Prepended_Concatenation_Mark, and the abbreviation mark of Syriac."""
HIEROGLYPHS = {chr(point) for point in range(0x13430, 0x13440)}

DEFAULT_IGNORABLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""DerivedCoreProperties.txt of Unicode 15.1."""

OTHERS = {*"\u2028\u2029\ufff9\ufffa\ufffb\U00016fe4"}
"""Separators of lines and paragraphs, interlinear annotations, and the filler of Khitan."""


def test_the_set_is_what_unicode_says_of_every_character() -> None:
    formats = {character for character in ALL if unicodedata.category(character) == "Cf"} - DRAWN - HIEROGLYPHS
    ignorable = {chr(point) for first, last in DEFAULT_IGNORABLE for point in range(first, last + 1)}
    controls = {character for character in ALL if unicodedata.category(character) == "Cc" and not character.isspace()}
    nel = {"\x85"}
    expected = formats | ignorable | controls | nel | OTHERS
    assert {character for character in ALL if INVISIBLE.match(character)} == expected


def test_none_may_stand_in_a_name_and_each_is_warned_of_in_a_message() -> None:
    found = [character for character in ALL if INVISIBLE.match(character)]
    assert not any(is_plain(f"a{character}b") for character in found)
    assert all(list(hidden(f"a{character}b")) == [(1, 2)] for character in found)


@pytest.mark.parametrize("point", [0x61C, 0xAD, 0x34F, 0x3164, 0x180E, 0x206A, 0xFE01, 0xE0101, 0xFFF9, 0x200D, 0x1B])
def test_the_doctor_warns_of_it_and_takes_it_away(point: int) -> None:
    (found,) = findings([MessageSpec(role="human", template=f"ab{chr(point)}c")], "f-string")
    assert found.values == {"characters": f"U+{point:04X}"}
    assert [(edit.start, edit.end) for edit in found.cures[0].edits] == [(2, 3)]


@pytest.mark.parametrize("text", PARTS_OF_WHAT_IS_SEEN)
def test_what_is_part_of_an_emoji_or_of_a_script_s_writing_is_no_finding(text: str) -> None:
    assert list(hidden(text)) == []
    assert replaced(text, ascii) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\u200b\u200bb\u202e", [(1, 3), (4, 5)]),
        ("a\ufe0f", [(1, 2)]),
        ("👩\u200d", [(1, 2)]),
        ("👩\u200dx", [(1, 2)]),
        ("❤\ufe0f\ufe0f\ufe0e", [(2, 4)]),
        ("\U0001f3f4\U000e0068\U000e0069", [(1, 3)]),
        ("می\u200c\u200cخ", [(3, 4)]),
        ("\u180b", [(0, 1)]),
    ],
)
def test_text_can_be_hidden_in_none_of_them(text: str, found: list[tuple[int, int]]) -> None:
    assert list(hidden(text)) == found
    left = [character for at, character in enumerate(text) if not any(start <= at < end for start, end in found)]
    assert replaced(text, lambda _: "") == "".join(left)


@pytest.mark.parametrize("text", ["a" * 50_000 + "\u200b", "\u200b" * 50_000, "\u200ba" * 25_000, "👩\u200d" * 25_000])
def test_the_longest_text_is_searched_at_once(text: str) -> None:
    assert cpu_s(lambda: list(hidden(text))) < 0.1
