"""What stands in the way of a template: each problem with its place and with what to write instead.

A sentence never quotes the template, only names that are plain and single characters that can be seen: what is written
in a template may be markup, and a problem is drawn on a screen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from chains.outcomes import Outcome, Refused
from chains.words import fill, mark

MAX_PROBLEMS = 100
"""Problems reported for one template; whoever corrects them sees the rest afterwards."""

Words = tuple[str, str]
"""Two message ids: what is wrong, and what to write instead."""

HALF: Words = (
    mark("Half a character ({character}) stands here; it cannot be sent."),
    mark("Delete it and type the character again."),
)


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """Why a template cannot run, and where. `values` fill `message` and `hint`."""

    row: int
    """Index of the message, from 0."""
    line: int
    """From 1; lines end with a line feed."""
    column: int
    """From 1, in characters (code points)."""
    message: str
    """Message id of what is wrong."""
    hint: str
    """Message id of what to write instead."""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What is wrong, in English."""
        return fill(self.message, self.values)

    @property
    def advice(self) -> str:
        """What to write instead, in English."""
        return fill(self.hint, self.values)


class RefusedTemplate(Refused):
    """A template that could not run. `line` and `column` are those of the first problem."""

    def __init__(self, problems: Sequence[TemplateProblem], variant: str = "") -> None:
        """`problems` must not be empty; their rows are those of the named `variant`, or of the chain where it is ''."""
        self.variant = variant
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(Outcome("bad_template", detail=f"{first.text} {first.advice}"))
        self.line = first.line
        self.column = first.column


@dataclass(frozen=True, slots=True)
class TemplateField:
    """A variable where it stands in a template. `section` when it opens a mustache section."""

    name: str
    offset: int
    section: bool = False


PieceKind: TypeAlias = Literal["variable", "literal", "tag", "comment", "error"]
"""What braces are: a variable, text, a tag that opens or closes a mustache section, a comment, or wrong."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Braces that belong together, with what they hold: the characters `start` to `end` (exclusive) of a template."""

    start: int
    end: int
    kind: PieceKind


class Reading:
    """What a scanner found in one template: its pieces, its problems, and the variables that the prompt would ask for.

    The pieces are in order and do not overlap; those of mustache leave out braces that stand alone, which are text.
    Behind the last problem that is kept nothing is read any more.
    """

    def __init__(self, template: str, row: int = 0) -> None:
        self.template = template
        self.row = row
        self.problems: list[TemplateProblem] = []
        self.fields: list[TemplateField] = []
        self.pieces: list[Piece] = []

    @property
    def full(self) -> bool:
        """True when no further problem would be kept."""
        return len(self.problems) >= MAX_PROBLEMS

    def add(self, name: str, offset: int, *, section: bool = False) -> None:
        """Notes a variable."""
        self.fields.append(TemplateField(name, offset, section))

    def note(self, start: int, end: int, kind: PieceKind) -> None:
        """Notes a piece, behind those that are noted."""
        self.pieces.append(Piece(start, end, kind))

    def refuse(self, offset: int, words: Words, values: Mapping[str, str] | None = None) -> None:
        """Notes a problem at the character `offset` of the template."""
        if self.full:
            return
        line = self.template.count("\n", 0, offset) + 1
        column = offset - self.template.rfind("\n", 0, offset)
        self.problems.append(TemplateProblem(self.row, line, column, words[0], words[1], values or {}))

    def refuse_half_character(self, offset: int) -> None:
        """Notes a lone surrogate, which no UTF-8 can carry."""
        self.refuse(offset, HALF, {"character": f"U+{ord(self.template[offset]):04X}"})

    def sort(self) -> None:
        """Puts the problems in the order in which they are read."""
        self.problems.sort(key=lambda problem: (problem.line, problem.column))
