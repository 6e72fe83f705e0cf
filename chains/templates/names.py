"""Which names a field may have.

A plain name is a letter, a digit or `_`, followed by letters, digits, `_` and `-` in any script (Unicode's XID_Continue
as Python knows it), up to 100 characters. It is neither a number (Python takes that for a position, and mustache for an
index) nor one of the two names that LangChain keeps for itself: `self` collides with the receiver of `format_messages`,
`stop` is refused by `BasePromptTemplate`. Both were found by trying 482 names (builtins, keywords, every attribute and
parameter of the prompt classes) in `format_messages`, `invoke` and `ainvoke`.
"""

import re
from dataclasses import dataclass
from typing import Final

from chains.templates.problems import Words
from chains.unseen import INVISIBLE
from chains.words import mark

RESERVED: Final = frozenset({"self", "stop"})
MAX_NAME_CHARACTERS: Final = 100

_SIMPLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}")
"""Names of which nothing but `RESERVED` needs to be asked; most are such."""
SURROGATE: Final = re.compile("[\ud800-\udfff]")

EMPTY: Words = (mark("A field needs a name."), mark("Write one, such as {field}."))
SPACE: Words = (mark("A name has no spaces or line breaks."), mark("Write {field}."))
DOT: Words = (
    mark("A field is a plain name: a dot cannot reach into a value."),
    mark("Write {field}, and give that as a variable of its own."),
)
UNSEEN: Words = (mark("The name holds a character that cannot be seen ({character})."), mark("Write {field}."))
CHARACTER: Words = (
    mark("A name cannot hold the character {character}."),
    mark("Use letters, digits, _ and - only, as in {field}."),
)
NUMBER: Words = (mark("A name cannot be a number."), mark("Write {field}, for example."))
KEPT: Words = (mark("LangChain keeps the name {name} for itself."), mark("Rename it, for example to {field}."))
LONG: Words = (
    mark("The name is longer than {limit} characters."),
    mark("Choose a shorter one; text that is not a variable stands outside the braces."),
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a name cannot be used: the index of the character at fault, and what to say about it."""

    index: int
    words: Words
    values: dict[str, str]


def is_plain(name: str) -> bool:
    """True for a name that LangChain runs in both formats, in every place."""
    return flaw(name) is None


def flaw(name: str) -> Flaw | None:
    """The first thing that is wrong with `name`; `values["field"]` is a plain name to write instead, without braces."""
    if _SIMPLE.fullmatch(name) and name not in RESERVED:
        return None
    if not name:
        return Flaw(0, EMPTY, {"field": "topic"})
    wrong = _wrong_character(name)
    if wrong is not None:
        return Flaw(wrong, _words(name[wrong]), {"field": suggestion(name), "character": seen(name[wrong])})
    if _is_number(name):
        return Flaw(0, NUMBER, {"field": suggestion(name)})
    if name in RESERVED:
        return Flaw(0, KEPT, {"field": suggestion(name), "name": name})
    if len(name) > MAX_NAME_CHARACTERS:
        return Flaw(MAX_NAME_CHARACTERS, LONG, {"limit": str(MAX_NAME_CHARACTERS)})
    return None


def suggestion(text: str) -> str:
    """A plain name made of what is plain in the beginning of `text`."""
    visible = INVISIBLE.sub("", text[:MAX_NAME_CHARACTERS])
    kept = "".join(character if _continues(character) else " " for character in visible)
    name = "_".join(kept.split()).lstrip("-")
    if not name or _is_number(name) or not _starts(name[0]):
        name = f"value_{name}".rstrip("_")
    return f"{name}_text" if name in RESERVED else name[:MAX_NAME_CHARACTERS]


def seen(character: str) -> str:
    """The character itself, or its code point (`U+200B`) when printing it would show nothing."""
    visible = character.isprintable() and not character.isspace() and not INVISIBLE.match(character)
    return character if visible else f"U+{ord(character):04X}"


def _wrong_character(name: str) -> int | None:
    if f"_{name.replace('-', '_')}".isidentifier() and _starts(name[0]) and not INVISIBLE.search(name):
        return None
    if not _starts(name[0]):
        return 0
    return next((index for index, character in enumerate(name) if not _continues(character)), None)


def _starts(character: str) -> bool:
    return (character.isidentifier() or character.isdecimal()) and not INVISIBLE.match(character)


def _continues(character: str) -> bool:
    return character == "-" or (f"_{character}".isidentifier() and not INVISIBLE.match(character))


def _is_number(name: str) -> bool:
    return name.replace("_", "").isdigit()


def _words(character: str) -> Words:
    if character == ".":
        return DOT
    if character.isspace():
        return SPACE
    return UNSEEN if not character.isprintable() or INVISIBLE.match(character) else CHARACTER
