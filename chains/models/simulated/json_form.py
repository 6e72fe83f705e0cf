"""The JSON that a prompt asks for: its shape, and a value of that shape."""

import json
import re
from collections.abc import Callable, Mapping

from pydantic import JsonValue

Say = Callable[[str], str]
"""Gives the text for a key, for `""` the whole answer. The first text that it gives holds the disclaimer."""

_WANTED = re.compile(r"(?<![A-Za-z])JSON(?![A-Za-z])|제이슨|\{\s*[\"']\w[^\"'\n]{0,80}[\"']\s*:", re.IGNORECASE)
_ARRAY_WANTED = re.compile(r"\bJSON[ \t]+(?:array|list)\b|JSON\s?(?:배열|목록|리스트)", re.IGNORECASE)
_BRACKET = re.compile(r"[{\[]")
_BRACES = re.compile(r"\{([^{}]{1,500})\}")
_BRACES_KEY = re.compile(r"[\"']?(\w[\w-]{0,40})[\"']?\s*:")
_KEY = re.compile(r"[`\"'“]?([A-Za-z_][A-Za-z0-9_-]{0,40})[`\"'”]?")
_AND = r"(?:\s*,\s*(?:and\s+)?|\s+(?:and|or|및)\s+|(?:와|과)\s+)"
_KEYS = re.compile(
    r"(?:\b(?:keys?|fields?)\b|키|필드)(?:는|은|로|:|\s+named|\s+called)?\s+"
    rf"({_KEY.pattern}(?:{_AND}{_KEY.pattern}){{0,30}})",
    re.IGNORECASE,
)
_DEPTH = 12
_VALUES = 1_000


def is_wanted(text: str) -> bool:
    """Whether `text` names JSON or shows an object in braces."""
    return bool(_WANTED.search(text))


def value(text: str, say: Say) -> JsonValue:
    """A value in the form that `text` asks for: of its JSON schema, like its example, or with the keys that it names.

    Strings come from `say`; numbers are 0 and booleans false, for want of knowledge.
    """
    example = _example(text)
    if isinstance(example, dict) and isinstance(example.get("properties"), dict):
        return _Filler(say, _mapping(example.get("$defs"))).of_schema(example)
    if example is not None:
        return _Filler(say, {}).like(example)
    keys = _keys(text)
    item: dict[str, JsonValue] = {key: say(key) for key in keys}
    if not keys:
        item = {"answer": say(""), "simulated": True}
    return [item] if _ARRAY_WANTED.search(text) else item


def _example(text: str) -> JsonValue:
    """The last object, or list of objects, that stands in `text` as valid JSON; None if there is none."""
    decoder = json.JSONDecoder()
    last: JsonValue = None
    at = 0
    while found := _BRACKET.search(text, at):
        at = found.start() + 1
        try:
            decoded, end = decoder.raw_decode(text, found.start())
        except ValueError:
            continue
        except RecursionError:
            break
        if decoded and (isinstance(decoded, dict) or isinstance(decoded[0], dict)):
            last, at = decoded, end
    return last


def _keys(text: str) -> list[str]:
    for braces in _BRACES.findall(text):
        if keys := _BRACES_KEY.findall(braces):
            return list(dict.fromkeys(keys))
    named = _KEYS.search(text)
    return [key for key in dict.fromkeys(_KEY.findall(named[1])) if key.lower() not in ("and", "or")] if named else []


class _Filler:
    """Fills a form in. What lies too deep, or comes after 1,000 values (schemas can refer to themselves), is null."""

    def __init__(self, say: Say, definitions: Mapping[str, JsonValue]) -> None:
        self._say = say
        self._definitions = definitions
        self._left = _VALUES

    def like(self, example: JsonValue, key: str = "", depth: int = 0) -> JsonValue:
        """A value of the same form as `example`, with at most three items in a list."""
        if self._is_too_much(depth):
            return None
        match example:
            case dict():
                return {name: self.like(inner, name, depth + 1) for name, inner in example.items()}
            case list():
                return [self.like(inner, key, depth + 1) for inner in example[:3]]
            case bool():
                return False
            case int() | float():
                return type(example)(0)
            case str():
                return self._say(key)
            case _:
                return None

    def of_schema(self, schema: Mapping[str, JsonValue], key: str = "", depth: int = 0) -> JsonValue:
        """A value that fits the JSON schema, as far as types, choices and lower bounds go."""
        if self._is_too_much(depth):
            return None
        match schema:
            case {"const": constant}:
                return constant
            case {"enum": [first, *_]}:
                return first
            case {"$ref": str(reference)}:
                return self.of_schema(_mapping(self._definitions.get(reference.rpartition("/")[2])), key, depth + 1)
            case {"anyOf": [first, *_]} | {"oneOf": [first, *_]} | {"allOf": [first, *_]}:
                return self.of_schema(_mapping(first), key, depth + 1)
            case {"properties": dict(properties)}:
                return {name: self.of_schema(_mapping(of), name, depth + 1) for name, of in properties.items()}
            case {"type": "array"}:
                return [self.of_schema(_mapping(schema.get("items")), key, depth + 1)]
        return self._simple(schema, key)

    def _simple(self, schema: Mapping[str, JsonValue], key: str) -> JsonValue:
        match schema.get("type"):
            case "object":
                return {}
            case "boolean":
                return False
            case "integer" | "number":
                return schema.get("minimum", 0)
            case "null":
                return None
            case _:
                return self._say(key)

    def _is_too_much(self, depth: int) -> bool:
        self._left -= 1
        return depth > _DEPTH or self._left < 0


def _mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}
