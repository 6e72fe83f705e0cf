"""Characters that nobody sees, in a template: those of `chains.unseen` that are no part of what is seen."""

import re
from typing import Final

from chains.templates.doctor.edits import Cure, Edit, Finding
from chains.templates.doctor.places import Places
from chains.templates.names import SURROGATE, seen
from chains.templates.problems import Words
from chains.unseen import INVISIBLE, hidden
from chains.words import mark

MOST_NAMED: Final = 5

UNSEEN: Words = (
    mark("Characters that cannot be seen stand in this message: {characters}."),
    mark("Delete them, unless they are meant."),
)
DELETE: Final = mark("Delete them")


def unseen(template: str, row: int) -> tuple[Finding, ...]:
    """One warning for all such characters of `template`, at the first; none when there are none."""
    found = list(hidden(template))
    if not found:
        return ()
    codes = [seen(character) for character in dict.fromkeys("".join(template[start:end] for start, end in found))]
    more = ", …" if len(codes) > MOST_NAMED else ""
    values = {"characters": ", ".join(codes[:MOST_NAMED]) + more}
    cure = Cure(DELETE, {}, tuple(Edit(row, start, end, "") for start, end in found))
    return (Finding("warning", row, *Places(template).of(found[0][0]), *UNSEEN, values, (cure,)),)


def visible(text: str) -> str:
    """`text` on one line, each character that cannot be seen written as its code point (`‹U+202E›`)."""
    shown = INVISIBLE.sub(_code, SURROGATE.sub(_code, text))
    return "".join(character if character.isprintable() else _code_of(character) for character in shown)


def _code(found: re.Match[str]) -> str:
    return _code_of(found[0])


def _code_of(character: str) -> str:
    return "↵" if character == "\n" else f"‹U+{ord(character):04X}›"
