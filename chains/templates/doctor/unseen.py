"""Characters that nobody sees: those that turn the direction of text, have no width, or carry hidden text.

Joiners stay, as emoji and several scripts are written with them; so does the flag of a region, which is spelled in
characters that cannot be seen.
"""

import re
from typing import Final

from chains.templates.doctor.edits import Cure, Edit, Finding
from chains.templates.doctor.places import Places
from chains.templates.names import INVISIBLE, SURROGATE, seen
from chains.templates.problems import Words
from chains.words import mark

_UNSEEN: Final = re.compile(
    "\U0001f3f4[\U000e0020-\U000e007f]+"
    "|(?P<unseen>[\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]+)"
)
MOST_NAMED: Final = 5

UNSEEN: Words = (
    mark("Characters that cannot be seen stand in this message: {characters}."),
    mark("Delete them, unless they are meant."),
)
DELETE: Final = mark("Delete them")


def unseen(template: str, row: int) -> tuple[Finding, ...]:
    """One warning for all such characters of `template`, at the first; none when there are none."""
    if template.isascii():
        return ()
    found = [each for each in _UNSEEN.finditer(template) if each["unseen"]]
    if not found:
        return ()
    codes = [seen(character) for character in dict.fromkeys("".join(each[0] for each in found))]
    more = ", …" if len(codes) > MOST_NAMED else ""
    values = {"characters": ", ".join(codes[:MOST_NAMED]) + more}
    cure = Cure(DELETE, {}, tuple(Edit(row, *each.span(), "") for each in found))
    return (Finding("warning", row, *Places(template).of(found[0].start()), *UNSEEN, values, (cure,)),)


def visible(text: str) -> str:
    """`text` on one line, each character that cannot be seen written as its code point (`‹U+202E›`)."""
    shown = INVISIBLE.sub(_code, SURROGATE.sub(_code, text))
    return "".join(character if character.isprintable() else _code_of(character) for character in shown)


def _code(found: re.Match[str]) -> str:
    return _code_of(found[0])


def _code_of(character: str) -> str:
    return "↵" if character == "\n" else f"‹U+{ord(character):04X}›"
