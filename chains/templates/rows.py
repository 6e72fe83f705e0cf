"""Reads all rows of a prompt: what each scanner finds, and what only shows across rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chains.spec import MessageSpec, TemplateFormat
from chains.templates import fstring, mustache
from chains.templates.names import flaw, is_plain
from chains.templates.problems import Reading, TemplateProblem, Words
from chains.words import mark

MAX_CHARACTERS: Final = 1_000_000
"""Of all rows together: more text makes no prompt that may be sent."""

BARE: Words = (mark("A placeholder is the name of its variable alone."), mark("Write {field} without braces."))
TWICE: Words = (
    mark("{name} is a list of messages: a placeholder has that name."),
    mark("Give this field or the placeholder another name."),
)
TOO_MUCH: Words = (
    mark("The messages have more than {limit} characters together."),
    mark("Shorten them, or give long text as the value of a variable."),
)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a prompt, read. `readings` leave out the placeholders."""

    readings: tuple[Reading, ...]
    placeholders: tuple[str, ...]
    problems: tuple[TemplateProblem, ...]


def read_rows(messages: Sequence[MessageSpec], template_format: TemplateFormat) -> Rows:
    """Never raises; the problems are in reading order."""
    read = mustache.read if template_format == "mustache" else fstring.read
    readings = []
    room = MAX_CHARACTERS
    for row, message in enumerate(messages):
        room -= len(message.template)
        if room < 0:
            readings.append(Reading(message.template, row))
            readings[-1].refuse(0, TOO_MUCH, {"limit": f"{MAX_CHARACTERS:,}"})
            break
        reader = _placeholder if message.role == "placeholder" else read
        readings.append(reader(message.template, row))
    names = placeholder_names(messages)
    texts = [reading for reading in readings if messages[reading.row].role != "placeholder"]
    for reading in texts:
        for field in reading.fields:
            if field.name in names:
                reading.refuse(field.offset, TWICE, {"name": field.name})
        reading.sort()
    return Rows(tuple(texts), names, tuple(problem for reading in readings for problem in reading.problems))


def placeholder_names(messages: Sequence[MessageSpec]) -> tuple[str, ...]:
    """The names of the placeholder rows, each once, those that are not plain left out."""
    names = [message.template for message in messages if message.role == "placeholder"]
    return tuple(name for name in dict.fromkeys(names) if is_plain(name))


def _placeholder(template: str, row: int) -> Reading:
    reading = Reading(template, row)
    found = flaw(template)
    if found is not None:
        words = BARE if template[:1] == "{" else found.words
        reading.refuse(found.index, words, found.values)
    return reading
