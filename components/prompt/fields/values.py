"""From what a field or a cell of the table holds to the value that is sent, and from one kind of field to another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from chains.documents.document import FieldSpec
from chains.documents.fields import number, plain_number
from chains.files.strict import Fault, NotStrict, read_json
from chains.words import fill, mark
from components.prompt import misfits
from components.prompt.misfits import InvalidField
from components.words import _

PLAIN: Final = FieldSpec()
MOST_SHOWN: Final = 40
"""Characters of what is wrong that are said."""
_NOT_STRICT: Final[Mapping[Fault, str]] = {
    "twice": mark("The value of {name} has an object with the name {key} twice: one of its values would be lost."),
    "no_number": mark(
        "The value of {name} holds {number}, which JSON does not have. Write null, or a text in double quotes."
    ),
    "too_large": mark(
        "The value of {name} holds {number}, which is too large for a number of JSON. Write it as a text."
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The variables of a prompt, and how each is asked for."""

    names: tuple[str, ...]
    as_json: frozenset[str]
    fields: Mapping[str, FieldSpec]
    """One that is missing is plain text."""

    def sent(self, held: Mapping[str, JsonValue], called: Callable[[str], str]) -> dict[str, JsonValue]:
        """The values that are sent of what is held; JSON that is empty is not sent.

        Raises `InvalidField`, which names a field as it is `called`.
        """
        found: dict[str, JsonValue] = {}
        for name in self.names:
            text = as_text(held.get(name))
            if name not in self.as_json:
                is_number = self.fields.get(name, PLAIN).kind == "number" and text.strip()
                found[name] = _number(called(name), text) if is_number else text
            elif text.strip():
                found[name] = parsed(called(name), text.strip())
        return found


def as_text(held: JsonValue) -> str:
    """What a field of text holds in place of `held`: a whole number without a decimal point."""
    if isinstance(held, float):
        held = plain_number(held)
    return "" if held is None else str(held)


def as_number(held: JsonValue) -> float | None:
    """What a field of numbers holds in place of `held`; None for what is no number."""
    value = number(as_text(held))
    return None if value is None else float(value)


def options(field: FieldSpec, *held: str) -> list[str]:
    """The choices, then what is `held` and is none of them: nothing that was written is lost."""
    return list(dict.fromkeys([*field.choices, *(value for value in held if value.strip())]))


def parsed(name: str, written: str) -> JsonValue:
    """The JSON in a field. Raises `InvalidField`, which says `name` and what is wrong, with its place where it has one.

    What JSON does not have (NaN, infinities, a name twice in one object) would not be recorded as it was sent.
    """
    try:
        return read_json(written)
    except NotStrict as error:
        found = error.found[:MOST_SHOWN]
        said = fill(_(_NOT_STRICT[error.fault]), {"name": name, "key": found, "number": found})
        raise InvalidField(said) from None
    except (ValueError, RecursionError) as error:
        raise InvalidField(misfits.of_json(name, error)) from None


def _number(name: str, text: str) -> int | float:
    value = number(text)
    if value is None:
        raise InvalidField(fill(_("The value of {name} is no number."), {"name": name}))
    return value
