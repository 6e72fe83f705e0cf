"""A change of a template as a value: what it replaces, and where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from chains.spec import MessageSpec


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the characters `start` to `end` (exclusive) of the template of message `row`."""

    row: int
    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Cure:
    """What takes a finding away: a message id for its button, what fills it, and edits that do not overlap."""

    label: str
    values: dict[str, str] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem or a warning where it stands, with its cures, the likeliest first.

    `message` says what is wrong, `hint` what to write instead: message ids, which `values` fill.
    """

    level: "Level"
    row: int
    line: int
    """From 1, as in a TemplateProblem."""
    column: int
    """From 1, in characters."""
    message: str
    hint: str
    values: dict[str, str] = field(default_factory=dict)
    cures: tuple[Cure, ...] = ()


Level: TypeAlias = Literal["problem", "warning"]
"""A problem keeps a template from running, a warning does not."""


def edited(template: str, edits: Iterable[Edit]) -> str:
    """`template` with the edits made, all of the same row and none overlapping another."""
    made, behind = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        made += [template[behind : edit.start], edit.replacement]
        behind = edit.end
    return "".join([*made, template[behind:]])


def applied(messages: Sequence[MessageSpec], cure: Cure) -> dict[int, str]:
    """The templates that `cure` changes, by row, as they are afterwards."""
    rows = dict.fromkeys(edit.row for edit in cure.edits)
    return {row: edited(messages[row].template, [e for e in cure.edits if e.row == row]) for row in rows}
