"""What each brace of a template is: the classes that the editor colours and the doctor explains."""

import re
from collections.abc import Iterator
from typing import Final

from chains.spec import TemplateFormat
from chains.templates import fstring, mustache
from chains.templates.problems import Piece, Reading

_BRACE: Final = re.compile(r"[{}]")


def pieces(template: str, template_format: TemplateFormat) -> tuple[Piece, ...]:
    """All braces of `template`, in order and without overlap, by the reading that decides whether it runs.

    What lies between them is text. Behind the hundredth problem nothing is read any more.
    """
    if template_format == "f-string":
        return tuple(fstring.read(template).pieces)
    return tuple(_with_single_braces(mustache.read(template)))


def _with_single_braces(reading: Reading) -> Iterator[Piece]:
    """The tags, and what is text between them: a brace that stands alone."""
    behind = 0
    for piece in reading.pieces:
        yield from _braces(reading.template, behind, piece.start)
        yield piece
        behind = piece.end
    if not reading.full:
        yield from _braces(reading.template, behind, len(reading.template))


def _braces(template: str, begin: int, end: int) -> Iterator[Piece]:
    for brace in _BRACE.finditer(template, begin, end):
        yield Piece(brace.start(), brace.end(), "literal")
