"""How long a prompt will be, before it is made.

A short template and modest values can make gigabytes: `{a}` sixteen thousand times over a value of a megabyte, or
sections over lists nested in one another, which multiply. So the tokens of the template (LangChain's own) are walked
with the values first, in the way of its renderer, adding up lengths instead of joining text. The walk stops as soon as
the limit is passed. It stops after `MAX_STEPS` too, since nested sections without text take time instead of memory: a
step is a part of a section's body times the scopes in which its name may be looked up. Lengths are in characters,
which are never more than the bytes; who renders counts the bytes afterwards.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Final, TypeAlias

from langchain_core.utils import mustache

from chains.outcomes import Outcome, Refused
from chains.phrases import Phrase
from chains.spec import TemplateFormat

MAX_STEPS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text of so many characters."""

    length: int


@dataclass(frozen=True, slots=True)
class Value:
    """A variable; `escaped` when it is a `{{name}}` of mustache."""

    name: str
    escaped: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """A mustache section, `inverted` when it opens with `^`."""

    name: str
    inverted: bool
    body: tuple["Part", ...]


Part: TypeAlias = Text | Value | Section


def parts(template: str, template_format: TemplateFormat) -> tuple[Part, ...]:
    """The parts of a sound template, read by the parser that LangChain renders it with."""
    if template_format == "mustache":
        return _body(mustache.tokenize(template))
    found: list[Part] = []
    for text, name, _, _ in Formatter().parse(template):
        found += [Text(len(text))] if text else []
        found += [Value(name)] if name is not None else []
    return tuple(found)


def names(of: Sequence[Part]) -> Iterator[str]:
    """Every name that rendering looks up, inside sections too."""
    for part in of:
        if not isinstance(part, Text):
            yield part.name
        if isinstance(part, Section):
            yield from names(part.body)


def _body(tokens: Iterator[tuple[str, str]]) -> tuple[Part, ...]:
    found: list[Part] = []
    for kind, text in tokens:
        match kind:
            case "end":
                break
            case "literal":
                found.append(Text(len(text)))
            case "variable" | "no escape":
                found.append(Value(text, escaped=kind == "variable"))
            case "section" | "inverted section":
                found.append(Section(text, kind != "section", _body(tokens)))
    return tuple(found)


class Scale:
    """Adds up the length of a prompt until it passes `limit` characters; then raises Refused (`prompt_too_long`)."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._length = 0
        self._steps = 0

    def add(self, length: int) -> None:
        """Adds so many characters."""
        self._length += length
        if self._length > self._limit:
            raise too_long(self._limit)

    def weigh(self, of: Sequence[Part], values: Mapping[str, object]) -> None:
        """Adds what `of` becomes with `values`. Also raises Refused with `too_many_steps`."""
        self._weigh(of, [values])

    def _weigh(self, of: Sequence[Part], scopes: list[object]) -> None:
        if len(scopes) > 1 and not scopes[0]:
            return
        for part in of:
            match part:
                case Text(length):
                    self.add(length)
                case Value():
                    self.add(_length(part, scopes))
                case Section():
                    self._section(part, scopes)

    def _section(self, section: Section, scopes: list[object]) -> None:
        value = _lookup(section.name, scopes)
        if section.inverted:
            value = not value
        for item in value if isinstance(value, list) else [value]:
            self._steps += (1 + len(section.body)) * len(scopes)
            if self._steps > MAX_STEPS:
                raise Refused(Outcome("too_many_steps", {"limit": f"{MAX_STEPS:,}"}))
            self._weigh(section.body, [item, *scopes])


def too_long(limit: int) -> Refused:
    """What to raise for a prompt longer than `limit` bytes."""
    whole = f"{limit // 1_000_000} MB"
    amount = whole if limit >= 1_000_000 else Phrase("bytes", {"count": f"{limit:,}"})
    return Refused(Outcome("prompt_too_long", {"limit": amount}))


def _length(part: Value, scopes: list[object]) -> int:
    value = _lookup(part.name, scopes)
    if value is True and part.name == "." and part.escaped:
        value = scopes[1]
    return len(value if isinstance(value, str) else str(value))


def _lookup(name: str, scopes: list[object]) -> object:
    """The innermost value of `name`; like LangChain, "" for what is empty, but 0 and False as they are."""
    if name == ".":
        return scopes[0]
    for scope in scopes:
        if isinstance(scope, Mapping) and name in scope:
            value: object = scope[name]
            return value if value or value in (0, False) else ""
    return ""
