"""The braces of a template one by one, for a reader: what each is, where it stands, what it holds."""

from dataclasses import dataclass
from itertools import islice
from typing import Final

from chains.spec import TemplateFormat
from chains.templates import fstring
from chains.templates.doctor.places import Places
from chains.templates.doctor.unseen import visible
from chains.templates.pieces import pieces
from chains.templates.problems import PieceKind

MOST: Final = 200
MOST_CHARACTERS: Final = 60


@dataclass(frozen=True, slots=True)
class Brace:
    """Braces that belong together; `text` is on one line, every character visible, and may be cut (`…`)."""

    line: int
    column: int
    kind: PieceKind
    text: str


def braces(template: str, template_format: TemplateFormat, most: int = MOST) -> tuple[tuple[Brace, ...], int]:
    """The first `most` of them, and how many there are; of mustache up to the hundredth problem."""
    found = tuple(fstring.walk(template)) if template_format == "f-string" else pieces(template, template_format)
    places = Places(template)
    shown = (
        Brace(*places.of(piece.start), piece.kind, _cut(template[piece.start : piece.end]))
        for piece in islice(found, most)
    )
    return tuple(shown), len(found)


def _cut(text: str) -> str:
    return visible(text[:MOST_CHARACTERS]) + ("…" if len(text) > MOST_CHARACTERS else "")
