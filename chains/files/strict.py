"""JSON without what would not be written as it was read: a name twice in one object, NaN, infinities."""

import json
import math
from collections.abc import Sequence
from typing import Literal

from pydantic import JsonValue

Fault = Literal["twice", "no_number", "too_large"]


class NotStrict(Exception):
    """A JSON text holds what JSON does not have; `found` is the name or the number as it is written."""

    def __init__(self, fault: Fault, found: str) -> None:
        super().__init__(fault, found)
        self.fault, self.found = fault, found


def read_json(text: str) -> JsonValue:
    """The value of a JSON text. Raises `NotStrict`, and what `json.loads` does."""
    value: JsonValue = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number, parse_float=_finite)
    return value


def _object(pairs: Sequence[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    for name, value in pairs:
        if name in found:
            raise NotStrict("twice", name)
        found[name] = value
    return found


def _no_number(written: str) -> JsonValue:
    raise NotStrict("no_number", written)


def _finite(written: str) -> float:
    value = float(written)
    if not math.isfinite(value):
        raise NotStrict("too_large", written)
    return value
