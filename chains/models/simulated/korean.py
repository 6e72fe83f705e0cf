"""Korean particles follow the sound that the word before them ends in."""

import re
import unicodedata

_PAIRS = ("은/는", "이/가", "을/를", "과/와", "으로/로")
_FIELD = re.compile(r"\{(\w+)\}(?:(" + "|".join(_PAIRS) + r"))?")

_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_FINALS = 28
_RIEUL = 8
_DIGIT_FINALS = {"0": 21, "1": 8, "3": 16, "6": 1, "7": 8, "8": 8}


def particle(word: str, pair: str) -> str:
    """The half of `pair` ("은/는") that fits after `word`; both ("은(는)") where the ending's sound is not known.

    A Latin word counts as ending in a consonant after l, m, n and ng, as such words are read in Korean.
    """
    after_consonant, after_vowel = pair.split("/")
    final = _final(word)
    if final is None:
        return f"{after_consonant}({after_vowel})"
    if pair == "으로/로" and final == _RIEUL:
        return after_vowel
    return after_consonant if final else after_vowel


def fill_in(sentence: str, values: dict[str, str]) -> str:
    """Puts `values` in the `{names}` of `sentence`; a pair of particles that follows a name becomes the fitting one."""

    def value(found: re.Match[str]) -> str:
        word = values[found[1]]
        return word + (particle(word, found[2]) if found[2] else "")

    return _FIELD.sub(value, sentence)


def _final(word: str) -> int | None:
    """The final consonant that `word` ends in: its number among Hangul's 28, 0 for none, None if not known."""
    sounds = [letter for letter in unicodedata.normalize("NFC", word) if letter.isalnum()]
    if not sounds:
        return None
    last = sounds[-1]
    if _FIRST_SYLLABLE <= ord(last) <= _LAST_SYLLABLE:
        return (ord(last) - _FIRST_SYLLABLE) % _FINALS
    if last.isascii() and last.isdigit():
        return _DIGIT_FINALS.get(last, 0)
    if last.isascii():
        return _latin_final("".join(sounds[-2:]))
    return None


def _latin_final(ending: str) -> int:
    if ending[-1] in "lL" or ending.endswith("R"):
        return _RIEUL
    return int(ending[-1] in "mnMN" or ending.lower() == "ng")
