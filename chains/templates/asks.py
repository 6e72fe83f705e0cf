"""What a prompt asks values for, and what keeps it from running: read once, and remembered as long as it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from langchain_core.prompts import get_template_variables

from chains.remembered import Remembered
from chains.spec import MessageSpec, TemplateFormat
from chains.templates.problems import TemplateProblem
from chains.templates.rows import Rows, read_rows

MAX_REMEMBERED: Final = 4_000_000
"""Characters of all templates of which it is remembered."""
ROW: Final = 500
"""Characters that a row weighs beside its template."""


@dataclass(frozen=True, slots=True)
class Asks:
    """Finished: whoever has it shares it."""

    variables: tuple[str, ...]
    """The names to ask values for, in order of first appearance, without the placeholders.

    The names of a sound row are those that LangChain finds in it; of a row with problems, the fields that are right.
    """
    section_variables: tuple[str, ...]
    """Those of `variables` that open a mustache section: they take lists, objects and booleans too."""
    placeholders: tuple[str, ...]
    """The names of the rows that take a list of messages, those with a problem left out."""
    problems: tuple[TemplateProblem, ...]
    """Everything that keeps the rows from running, in reading order."""


Key = tuple[tuple[tuple[str, str], ...], TemplateFormat]

_remembered: Final[Remembered[Asks]] = Remembered(MAX_REMEMBERED)


def asks(messages: Sequence[MessageSpec], template_format: TemplateFormat) -> Asks:
    """What `messages` ask for, whatever their images."""
    return _remembered.get(
        key_of(messages, template_format),
        weight_of(messages),
        lambda: _asks(read_rows(messages, template_format), template_format),
    )


def key_of(messages: Sequence[MessageSpec], template_format: TemplateFormat) -> Key:
    """All that a reading of templates depends on."""
    return tuple((message.role, message.template) for message in messages), template_format


def weight_of(messages: Sequence[MessageSpec]) -> int:
    """What remembering something of these rows weighs, in characters."""
    return sum(len(message.template) + ROW for message in messages)


def _asks(rows: Rows, template_format: TemplateFormat) -> Asks:
    fields = [field for reading in rows.readings for field in reading.fields if field.section]
    return Asks(
        variables=_variables(rows, template_format),
        section_variables=tuple(dict.fromkeys(field.name for field in fields if field.name not in rows.placeholders)),
        placeholders=rows.placeholders,
        problems=rows.problems,
    )


def _variables(rows: Rows, template_format: TemplateFormat) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for reading in rows.readings:
        order = dict.fromkeys(field.name for field in reading.fields)
        if not reading.problems:
            known = dict.fromkeys(get_template_variables(reading.template, template_format))
            order = dict.fromkeys([*(name for name in order if name in known), *known])
        found |= order
    return tuple(name for name in found if name not in rows.placeholders)
