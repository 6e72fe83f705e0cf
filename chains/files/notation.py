"""JSON and YAML as plain values and back: names and texts, numbers, true, false, null, lists and objects, no more.

Of YAML nothing is taken that could be read in two ways, built into anything else, or grow: no tag, anchor or alias, no
date, no `yes`, no `1:30`. Two equal names in one object are refused in both, and so is more than a reader has time for.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

import yaml
from pydantic import JsonValue

from chains.files.strict import NotStrict, read_json
from chains.outcomes import Outcome, Refused
from chains.phrases import Phrase
from chains.templates import values

Notation = Literal["json", "yaml"]

MAX_FILE_BYTES = 30_000_000
"""A chain with all the images that it may have fits."""
MAX_DEPTH = values.MAX_DEPTH + 20
"""Of a file: the deepest value with what stands around it."""
MAX_VALUES = 100_000
"""Names and values; the reader of YAML takes some 10 µs for one."""

# What `yaml.safe_load` reads with, written in C where libyaml is there.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER: Any = yaml.SafeLoader("")
_PLAIN = {
    "tag:yaml.org,2002:str": re.compile(r".*", re.DOTALL),
    "tag:yaml.org,2002:null": re.compile(r"|~|null"),
    "tag:yaml.org,2002:bool": re.compile(r"true|false"),
    "tag:yaml.org,2002:int": re.compile(r"[-+]?(0|[1-9][0-9]{0,3999})"),
    "tag:yaml.org,2002:float": re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?"),
}
_TEXT = "tag:yaml.org,2002:str"
_SHOWN_CHARACTERS = 40
_JSON_PART = re.compile(r'("[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[^\s"\[\]{},:]++)|[\s\]},:]++', re.DOTALL)
"""A name or a value, or whatever stands between them."""
_BEGINNING = 100
_IMAGE = re.compile(r"data:image/[a-z]+;base64,[A-Za-z0-9+/]++=*+")
_WORD = re.compile(r"[\w:;,/+=-]++", re.ASCII)
_TO_ESCAPE = re.compile(r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffe]")
"""Line breaks that YAML would read as others, and what it does not take as it stands."""


def read(name: str, data: bytes) -> JsonValue:
    """The value in a file: by the ending of its name, else JSON when it begins with a brace.

    Raises `Refused` (`bad_chain_file`) with the place of what cannot be taken.
    """
    if len(data) > MAX_FILE_BYTES:
        raise bad(Phrase("file_too_large", {"limit": f"{MAX_FILE_BYTES // 1_000_000} MB"}))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise bad(Phrase("not_utf8")) from None
    return _from_json(text) if notation_of(name, text) == "json" else _from_yaml(text)


def notation_of(name: str, text: str) -> Notation:
    """How a file is written."""
    if name.lower().endswith(".json"):
        return "json"
    is_yaml = name.lower().endswith((".yaml", ".yml"))
    return "json" if text.lstrip().startswith("{") and not is_yaml else "yaml"


def write(value: JsonValue, notation: Notation) -> bytes:
    """A value as UTF-8, names in their order; in YAML a text of several lines is a literal block."""
    if notation == "json":
        return f"{json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)}\n".encode()
    written: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**31)
    return written.encode()


def fits(value: JsonValue) -> bool:
    """Whether `read` takes what `write` makes of a value, in either notation."""
    count = size = 0
    for part, depth in _nodes(value, 0):
        count, size = count + 1, size + _most_bytes(part, depth)
        if count > MAX_VALUES or size > MAX_FILE_BYTES or depth + 2 > MAX_DEPTH:
            return False
    return True


def values_in(text: str, most: int = MAX_VALUES) -> int:
    """How many names and values a JSON text has; it stops counting beyond `most`."""
    nodes = (part for part in _JSON_PART.finditer(text) if part.lastindex)
    return sum(1 for _node in islice(nodes, most + 1))


def bad(reason: Phrase) -> Refused:
    """The refusal of a file, for a reason."""
    return Refused(Outcome("bad_chain_file", {"reason": reason}))


def _nodes(value: JsonValue, depth: int) -> Iterator[tuple[JsonValue, int]]:
    """A value with all names and values in it, each with how deep it stands."""
    yield value, depth
    if isinstance(value, dict):
        for name, part in value.items():
            yield name, depth + 1
            yield from _nodes(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            yield from _nodes(part, depth + 1)


def _most_bytes(part: JsonValue, depth: int) -> int:
    """What a name or a value may take in a file at most: itself, what it is put into, and its lines' indentation."""
    indented = 2 * depth + 12
    if not isinstance(part, str):
        return 2 * indented + (0 if isinstance(part, dict | list) else len(repr(part)))
    if _WORD.fullmatch(part):
        return indented + len(part)
    longest = 6 if _TO_ESCAPE.search(part) else 2
    return indented + longest * len(part.encode()) + indented * part.count("\n")


def _from_json(text: str) -> JsonValue:
    if values_in(text) > MAX_VALUES:
        raise bad(_too_many())
    try:
        return read_json(text)
    except NotStrict as error:
        raise bad(_not_strict(error)) from None
    except json.JSONDecodeError as error:
        raise bad(_place("file_syntax", error.lineno, error.colno, notation="JSON")) from None
    except RecursionError:
        raise bad(Phrase("deep", {"depth": str(MAX_DEPTH)})) from None
    except ValueError:
        raise bad(Phrase("long_number")) from None


def _not_strict(error: NotStrict) -> Phrase:
    found = error.found[:_SHOWN_CHARACTERS]
    return (
        Phrase("field_twice", {"name": found}) if error.fault == "twice" else Phrase("no_json_number", {"text": found})
    )


def _from_yaml(text: str) -> JsonValue:
    try:
        _check_events(yaml.parse(text, Loader=_LOADER))
        value: JsonValue = yaml.load(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise bad(_place("file_syntax", line, column, notation="YAML")) from None
    except yaml.YAMLError:
        raise bad(_place("file_syntax", 1, 1, notation="YAML")) from None
    return value


@dataclass(slots=True)
class _Open:
    """A list or an object whose end has not come; of an object, its names so far, and whether one comes next."""

    names: set[str] | None = None
    is_name_next: bool = field(default=False)

    def takes_name(self) -> bool:
        """Whether the node that comes is a name; to be asked once a node."""
        if self.names is None:
            return False
        self.is_name_next = not self.is_name_next
        return self.is_name_next


def _check_events(events: Any) -> None:
    """Raises `Refused` for what no JSON can say, before anything is built of it."""
    opened: list[_Open] = [_Open()]
    count = 0
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            opened.pop()
        elif isinstance(event, yaml.NodeEvent):
            count += 1
            if count > MAX_VALUES:
                raise bad(_too_many())
            _check_node(event, opened[-1])
            if isinstance(event, yaml.CollectionStartEvent):
                opened.append(_Open(names=set() if isinstance(event, yaml.MappingStartEvent) else None))
                if len(opened) > MAX_DEPTH:
                    raise bad(Phrase("deep", {"depth": str(MAX_DEPTH)}))


def _check_node(event: Any, inside: _Open) -> None:
    line, column = event.start_mark.line + 1, event.start_mark.column + 1
    is_name = inside.takes_name()
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise bad(_place("yaml_alias", line, column))
    if event.tag is not None:
        raise bad(_place("yaml_tag", line, column))
    if not isinstance(event, yaml.ScalarEvent):
        if is_name:
            raise bad(_place("yaml_name", line, column))
        return
    tag = _RESOLVER.resolve(yaml.ScalarNode, event.value, event.implicit)
    if (is_name and tag != _TEXT) or tag not in _PLAIN or not _PLAIN[tag].fullmatch(event.value):
        raise bad(_place("yaml_unclear", line, column, text=event.value[:_SHOWN_CHARACTERS]))
    if is_name and inside.names is not None:
        if event.value in inside.names:
            raise bad(Phrase("field_twice", {"name": event.value[:_SHOWN_CHARACTERS]}))
        inside.names.add(event.value)


def _too_many() -> Phrase:
    return Phrase("too_many_values", {"most": f"{MAX_VALUES:,}"})


def _place(code: str, line: int, column: int, **values: str) -> Phrase:
    return Phrase(code, {"line": str(line), "column": str(column), **values})


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Writes each value where it stands, and a text of several lines as it stands."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def analyze_scalar(self, scalar: str) -> Any:
        # Letter by letter: of a long word, such as an image, the beginning tells what it is.
        analysis = super().analyze_scalar(scalar[:_BEGINNING] if _is_long_word(scalar) else scalar)
        analysis.scalar = scalar
        if _fits_block(scalar):
            analysis.allow_block = True
        return analysis

    def write_plain(self, text: str, split: bool = True) -> None:
        if not _is_long_word(text):
            super().write_plain(text, split)
            return
        super().write_plain(text[:_BEGINNING], split)
        self.stream.write(text[_BEGINNING:])
        self.column += len(text) - _BEGINNING


def _is_long_word(text: str) -> bool:
    return len(text) > 2 * _BEGINNING and _IMAGE.fullmatch(text) is not None


def _fits_block(text: str) -> bool:
    return "\n" in text and bool(text.strip(" \n")) and not _TO_ESCAPE.search(text)


def _represented(dumper: Any, text: str) -> Any:
    escaped = '"' if _TO_ESCAPE.search(text) else None
    return dumper.represent_scalar(_TEXT, text, style="|" if _fits_block(text) else escaped)


_Dumper.add_representer(str, _represented)
