"""What to do about a problem or a suspicious place of an f-string template, as edits."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final

from chains.templates import fstring
from chains.templates.doctor.edits import Cure, Edit, Finding
from chains.templates.doctor.escaping import doubled, escape
from chains.templates.doctor.places import Places
from chains.templates.names import is_plain
from chains.templates.problems import Piece, TemplateProblem, Words
from chains.words import mark

WRITE = mark("Write {field}")
DOUBLE_IT = mark("Write {field} for a literal brace")
MAKE_LITERAL = mark("Make literal")

_NO_NAME = (fstring.LONE_OPEN, fstring.NESTED, fstring.NAMELESS, fstring.CODE)
"""Problems that offer no name that was meant."""

DOUBLED: Words = (
    mark("The doubled braces are literal: the model reads {field}, not a value."),
    mark("Write {field} if the variable is meant."),
)
MUSTACHE: Words = (
    mark("This looks like a mustache tag; in f-string it is text."),
    mark("Choose mustache above if a section is meant."),
)

_OF_MUSTACHE: Final = re.compile(r"[#^/>&]\s*[\w.-]+(?:\s+[\w.-]+)*|!.*|(?:else|this)(?:\s+[\w.-]+)*", re.DOTALL)
"""What stands between doubled braces in mustache alone, or what those who write it there are used to."""


def cures(problem: TemplateProblem, template: str, piece: Piece, keep: Collection[str]) -> tuple[Cure, ...]:
    """The cures of `problem`, which stands in `piece`; a literal keeps the fields named in `keep`."""
    text = template[piece.start : piece.end]
    words = (problem.message, problem.hint)
    if text in ("{", "}"):
        return (Cure(DOUBLE_IT, {"field": doubled(text)}, (_edit(problem, piece, doubled(text)),)),)
    if text[:1] != "{":
        return ()
    literal = Cure(MAKE_LITERAL, {}, (_edit(problem, piece, escape(text, "f-string", keep)),))
    field = problem.values.get("field", "")
    if words in _NO_NAME or "{" in text[1:] or not is_plain(field[1:-1]):
        return (literal,)
    return Cure(WRITE, {"field": field}, (_edit(problem, piece, field),)), literal


def warnings(template: str, row: int, pieces: Sequence[Piece]) -> Iterator[Finding]:
    """Literal braces that hold a name: was the variable meant? Or a tag of mustache, which is told once.

    `pieces` are those of `template`.
    """
    places, is_told = Places(template), False
    for one, another in pairwise(piece for piece in pieces if piece.kind == "literal"):
        name = template[one.end : another.start].strip()
        if not _is_pair(template, one, another):
            continue
        if _is_of_mustache(name):
            if not is_told:
                yield Finding("warning", row, *places.of(one.start), *MUSTACHE)
            is_told = True
        elif is_plain(name):
            field = "{" + name + "}"
            cure = Cure(WRITE, {"field": field}, (Edit(row, one.start, another.end, field),))
            yield Finding("warning", row, *places.of(one.start), *DOUBLED, {"field": field}, (cure,))


def _is_of_mustache(text: str) -> bool:
    """Whether mustache knows the text as a tag that is more than a name, dotted names among them."""
    parts = text.split(".") if "." in text else []
    return _OF_MUSTACHE.fullmatch(text) is not None or (bool(parts) and all(is_plain(part) for part in parts))


def _is_pair(template: str, one: Piece, another: Piece) -> bool:
    """Whether they are `{{` and `}}`; of `{{{{` and `}}}}` nobody means a variable."""
    opened = template[one.start : one.end] == "{{" and template[one.start - 1 : one.start] != "{"
    return opened and template[another.start : another.end] == "}}"


def _edit(problem: TemplateProblem, piece: Piece, replacement: str) -> Edit:
    return Edit(problem.row, piece.start, piece.end, replacement)
