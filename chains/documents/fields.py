"""Values of typed fields: a number as JSON has it, and the names that the body of a mustache section looks up."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from chains.spec import MessageSpec
from chains.templates.mustache import read
from chains.templates.size import Part, Section, Value, parts

EXACT: Final = 2**53
"""Up to here every whole number is a float too, and so the same in every program that reads JSON."""

ITEM: Final = "."
"""What a section's body writes for the item itself."""


def number(written: str) -> int | float | None:
    """The number that a text is; None for any other text, for infinities and for what is no number."""
    try:
        value = float(written.replace("_", "x"))
    except ValueError:
        return None
    return plain_number(value) if math.isfinite(value) else None


def plain_number(value: float) -> int | float:
    """`value` as a prompt should show it: 3 and not 3.0."""
    return int(value) if value.is_integer() and abs(value) <= EXACT else value


def item_names(messages: Sequence[MessageSpec]) -> Mapping[str, tuple[str, ...]]:
    """Of each variable that opens a mustache section: the names that an item of it needs, `ITEM` for itself.

    Rows with a problem and placeholders are left out, and so is an inverted section, which has no item.
    """
    found: dict[str, dict[str, None]] = {}
    for message in messages:
        if message.role == "placeholder" or read(message.template).problems:
            continue
        for name, inner in _opened(parts(message.template, "mustache")):
            found.setdefault(name, {}).update(dict.fromkeys(inner))
    return {name: tuple(inner) for name, inner in found.items()}


def _opened(of: Sequence[Part]) -> Iterator[tuple[str, Iterator[str]]]:
    """The sections that look up a variable of the prompt itself, with what their bodies look up."""
    for part in of:
        if isinstance(part, Section):
            if part.inverted:
                yield from _opened(part.body)
            else:
                yield part.name, _looked_up(part.body)


def _looked_up(body: Sequence[Part]) -> Iterator[str]:
    for part in body:
        if isinstance(part, Value | Section):
            yield part.name
        if isinstance(part, Section) and part.inverted:
            yield from _looked_up(part.body)
