"""What the doctor finds in the draft, with the values that it has now."""

from collections.abc import Mapping

from pydantic import JsonValue

from chains.spec import MAX_TEMPLATE_CHARACTERS, MessageSpec
from chains.templates.doctor import findings
from chains.templates.doctor.edits import Cure, Finding, applied
from chains.templates.prompt import check
from components import state
from components.prompt import draft, table

MOST_INPUTS = 50
"""Rows of a batch that are looked at."""

Found = dict[int, list[Finding]]
"""Findings by the place of their message among all rows."""


def found() -> Found:
    """Everything that is found, as long as it stands."""
    by_row: Found = {}
    values, names = (inputs(), ()) if draft.template_format() == "mustache" else ([], known())
    for finding in findings.findings(draft.rows(), draft.template_format(), values, names):
        by_row.setdefault(finding.row, []).append(finding)
    return by_row


def inputs() -> list[Mapping[str, JsonValue]]:
    """The present values, of a batch the first `MOST_INPUTS`; none while one of them is what no request can hold."""
    try:
        return present(MOST_INPUTS)
    except draft.InvalidField:
        return []


def present(most: int | None = None) -> list[Mapping[str, JsonValue]]:
    """The present values with those that are bound, or the first `most` of a batch. Raises `InvalidField`."""
    bound = draft.partials()
    return [{**bound, **values} for values in draft.present(most)]


def known() -> frozenset[str]:
    """The names that are variables here, or have a value: braces that hold one are not taken for text."""
    return frozenset((*draft.asks().variables, *given()))


def given() -> tuple[str, ...]:
    """The names that have a value: fields, and in batch the table's columns."""
    if state.text("mode") != "batch":
        return state.inputs.names()
    return tuple(dict.fromkeys(name for row in table.rows() for name, value in row.items() if value.strip()))


def unused() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those of the names with a value that nothing asks for, and those that only a section that is off asks for.

    None while a message has problems.
    """
    rows, of = draft.rows(), draft.template_format()
    if check(rows, of):
        return (), ()
    left = findings.unused(rows, of, given())
    off = [MessageSpec(role="human", template=section.text) for section in state.document.off()] if left else []
    none = findings.unused(off, of, left)
    return none, tuple(name for name in left if name not in none)


def apply(finding: Finding, index: int) -> None:
    """Applies a cure of a finding that was drawn. Where text has changed since, that of the first one like it."""
    now = [each for each in found().get(finding.row, ()) if _is_like(each, finding, index)]
    if not now:
        return
    wanted = finding if finding in now else now[0]
    for row, template in applied(draft.rows(), wanted.cures[index]).items():
        put(state.places.template_key(row), template)


def put(key: str, template: str) -> None:
    """Puts a text into the row whose template has that key, unless it is longer than a row may be."""
    if len(template) <= MAX_TEMPLATE_CHARACTERS:
        state.templates.put(key, template)
    else:
        state.put(f"overlong_{key}", state.templates.text(key))


def is_overlong(key: str) -> bool:
    """Whether the last wish for that row would have made it too long, and the row is as it was then."""
    return state.text(f"overlong_{key}") == state.templates.text(key) != ""


def _is_like(one: Finding, another: Finding, index: int) -> bool:
    return one.message == another.message and _labels(one.cures[index:]) == _labels(another.cures[index:])


def _labels(cures: tuple[Cure, ...]) -> list[tuple[str, dict[str, str]]]:
    return [(cure.label, cure.values) for cure in cures]
