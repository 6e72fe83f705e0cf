"""f-string templates: `{name}` is a variable, `{{` and `}}` are literal braces, and nothing else may stand in braces.

LangChain accepts more and fails later, or does what nobody asked for (`{a:>9999999}` is ten megabytes of spaces), so
the template is read here first. What is accepted `string.Formatter`, LangChain's parser, reads in the same way.
"""

import re
from collections.abc import Iterator
from typing import Final

from chains.templates.names import Flaw, flaw, suggestion
from chains.templates.problems import Piece, PieceKind, Reading, TemplateProblem, Words
from chains.words import mark

_PIECE: Final = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}]*+)\}|[{}\ud800-\udfff]")
_FIELD: Final = re.compile(r"\{[^{}]*+\}")
_BRACE: Final = re.compile(r"[{}]")
_FOLLOWS: Final = re.compile(r"[!:\[\]]")
_QUOTE: Final = re.compile(r"\s*[\"'“”]")

LONE_OPEN: Words = (
    mark("This { opens a field that is not closed."),
    mark("Write {{ for a literal brace, or close the field: {field}."),
)
LONE_CLOSE: Words = (mark("This } closes no field."), mark("Write }} for a literal brace."))
NESTED: Words = (
    mark("A field holds a name only, not another field."),
    mark("Write {field}, or {{ and }} for literal braces."),
)
NAMELESS: Words = (
    mark("These braces hold no name."),
    mark("Write a name, such as {field}, or {{ and }} for literal braces."),
)
CODE: Words = (
    mark("These braces look like JSON or code, not like a field."),
    mark("Write {{ and }} for literal braces."),
)
CONVERSION: Words = (
    mark("A field is a plain name: no conversion (!) may follow it."),
    mark("Write {field}, or {{ and }} for literal braces."),
)
FORMAT: Words = (
    mark("A field is a plain name: no format specification (:) may follow it."),
    mark("Write {field} and format the value beforehand, or write {{ and }} for literal braces."),
)
INDEX: Words = (
    mark("A field is a plain name: no index ([ ]) may follow it."),
    mark("Write {field}, and give that as a variable of its own; or write {{ and }} for literal braces."),
)


def scan(template: str, row: int = 0) -> list[TemplateProblem]:
    """Everything that would keep `template` from running, in reading order; empty when LangChain runs it."""
    return read(template, row).problems


def read(template: str, row: int = 0) -> Reading:
    """The problems of `template` and its fields. After a problem, reading goes on behind its braces."""
    reading = Reading(template, row)
    for piece in walk(template):
        if reading.full:
            break
        if piece.kind == "variable":
            reading.add(template[piece.start + 1 : piece.end - 1], piece.start + 1)
        elif piece.kind == "error":
            _refuse(reading, piece)
        reading.pieces.append(piece)
    return reading


def walk(template: str) -> Iterator[Piece]:
    """Every piece of `template`, behind the last problem that would be kept too, and each half character."""
    pairs: dict[int, int] | None = None
    found = _PIECE.search(template)
    while found is not None:
        start, end = found.span()
        kind: PieceKind = "error"
        if found["name"] is not None:
            kind = "variable" if flaw(found["name"]) is None else "error"
        elif found[0] == "{":
            pairs = _pairs(template) if pairs is None else pairs
            end = pairs.get(start, start) + 1
        elif len(found[0]) == 2:
            kind = "literal"
        yield Piece(start, end, kind)
        found = _PIECE.search(template, end)


def _refuse(reading: Reading, piece: Piece) -> None:
    text = reading.template[piece.start : piece.end]
    if _FIELD.fullmatch(text):
        _refuse_field(reading, piece.start + 1, text[1:-1])
    elif text[0] == "{":
        _refuse_open(reading, piece.start, None if piece.end == piece.start + 1 else piece.end - 1)
    elif text == "}":
        reading.refuse(piece.start, LONE_CLOSE)
    else:
        reading.refuse_half_character(piece.start)


def _refuse_field(reading: Reading, offset: int, name: str) -> None:
    found = _field_flaw(name)
    if found is None:
        return
    at = offset - 1 if found.words in (NAMELESS, CODE) else offset + found.index
    reading.refuse(at, found.words, found.values | {"field": "{" + found.values.get("field", "topic") + "}"})


def _field_flaw(name: str) -> Flaw | None:
    found = flaw(name)
    if found is None:
        return None
    if not name.strip():
        return Flaw(0, NAMELESS, {})
    if _QUOTE.match(name) or "\n" in name:
        return Flaw(0, CODE, {})
    character = name[found.index : found.index + 1]
    if _FOLLOWS.match(character):
        words = {"!": CONVERSION, ":": FORMAT}.get(character, INDEX)
        return Flaw(found.index, words, {"field": suggestion(name if words is INDEX else name[: found.index])})
    return found


def _refuse_open(reading: Reading, start: int, end: int | None) -> None:
    """Refuses a `{` whose next brace is no `}`; `end` is where its counterpart stands, if it has one."""
    brace = _BRACE.search(reading.template, start + 1)
    content = reading.template[start + 1 : brace.start() if brace else None]
    if _QUOTE.match(content) or (end is not None and not content.strip()):
        reading.refuse(start, CODE)
    elif ":" in content and end is not None:
        reading.refuse(start + 1 + content.index(":"), FORMAT, {"field": "{" + suggestion(content.split(":")[0]) + "}"})
    else:
        words = LONE_OPEN if end is None else NESTED
        reading.refuse(start, words, {"field": "{" + suggestion(content.lstrip().split(" ")[0]) + "}"})


def _pairs(template: str) -> dict[int, int]:
    """Each `{` that has a counterpart → that `}`, counting every brace by itself."""
    opened: list[int] = []
    pairs = {}
    for brace in _BRACE.finditer(template):
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            pairs[opened.pop()] = brace.start()
    return pairs
