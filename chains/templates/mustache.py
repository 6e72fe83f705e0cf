"""Mustache templates: `{{name}}`, `{{{name}}}`, `{{&name}}`, sections `{{#name}}…{{/name}}` and `{{^name}}…{{/name}}`,
`{{.}}` inside a section, comments `{{! … }}`. A single brace is text.

LangChain's renderer lets much pass in silence (a `{{` that ends the text, `{{{x}}`, a dotted name whose value has no
such part and a partial all give nothing) and raises IndexError for `{{#a}}{{^a}}…{{/a}}{{/a}}` when `a` is a list, as
it takes the inner end for the outer one. So the template is read here first, in the steps of its tokenizer: the first
`}}` behind a `{{` ends the tag. That tokenizer copies the rest of the text at each tag, hence `MAX_TAGS` (with 10,000
tags in 50,000 characters it takes 90 ms, and a run needs it four times).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from chains.templates.names import KEPT, SURROGATE, flaw, suggestion
from chains.templates.problems import PieceKind, Reading, TemplateProblem, Words
from chains.words import mark

MAX_DEPTH: Final = 50
MAX_TAGS: Final = 2_000

_KINDS: Final[Mapping[str, PieceKind]] = {"#": "tag", "^": "tag", "/": "tag", "!": "comment"}
_BLOCK_WORD: Final = re.compile(r"(?:if|each|unless|with)\s+(?P<name>\S+)")

UNCLOSED: Words = (mark("This {{ opens a tag that is not closed."), mark("Close it: {field}. A single brace is text."))
NAMELESS: Words = (mark("This tag holds no name."), mark("Write a name, such as {field}."))
TRIPLE: Words = (
    mark("Three braces open this tag, but three do not close it."),
    mark("Write {field}; or put a space behind the first brace if it is text."),
)
PARTIAL: Words = (
    mark("A tag with > would insert another template, and there is none."),
    mark("Write its text here, or {field} for a variable."),
)
DELIMITERS: Words = (mark("The delimiters of tags cannot be changed."), mark("Write tags with {{ and }}."))
ELSE: Words = (
    mark("Mustache has no else."),
    mark("Close the section, then open its opposite: {field}."),
)
BLOCK: Words = (mark("Mustache sections have no if, each, unless or with."), mark("Write {field}."))
DOT_OUTSIDE: Words = (
    mark("A dot stands for the item of a section, and there is no item here."),
    mark("Write a name, such as {field}, or put the dot into a section."),
)
STRAY: Words = (
    mark("This tag closes a section that was not opened."),
    mark("Delete it, or open the section before it."),
)
MISMATCH: Words = (mark("Another section is still open here."), mark("Close that one first: {field}."))
OPEN: Words = (mark("This section is not closed."), mark("Write {field} where it ends."))
OPPOSITE: Words = (
    mark("A section cannot hold its own opposite: LangChain takes the end of one for the end of the other."),
    mark("Close the section first, then write {field}."),
)
DEEP: Words = (mark("Sections are nested more than {limit} deep."), mark("Close some sections first."))
MANY: Words = (mark("The template has more than {limit} tags."), mark("Use fewer, or a section over a list."))


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag where it stands in a template, whether it is sound or not."""

    offset: int
    """Of the first brace."""
    end: int
    """Behind the last brace."""
    kind: str
    """The character that says what the tag does; `""` for a variable."""
    name: str
    name_offset: int


@dataclass(frozen=True, slots=True)
class _Section:
    tag: Tag
    sound: bool
    """False when its opening tag was refused: then whatever closes it is not refused again."""


def scan(template: str, row: int = 0) -> list[TemplateProblem]:
    """Everything that would keep `template` from running, in reading order; empty when LangChain runs it."""
    return read(template, row).problems


def read(template: str, row: int = 0) -> Reading:
    """The problems of `template`, and its fields outside sections: those that LangChain asks values for."""
    reading = Reading(template, row)
    sections: list[_Section] = []
    for half in SURROGATE.finditer(template):
        reading.refuse_half_character(half.start())
    start, tags = template.find("{{"), 0
    while start >= 0 and not reading.full:
        tag = tag_at(template, start)
        tags += 1
        if tag is None or tags > MAX_TAGS:
            _give_up(reading, start, tag)
            break
        known = len(reading.problems)
        _take(reading, sections, tag)
        sound = len(reading.problems) == known
        reading.note(tag.offset, tag.end, _KINDS.get(tag.kind, "variable") if sound else "error")
        start = template.find("{{", tag.end)
    else:
        for section in sections:
            if section.sound:
                reading.refuse(section.tag.offset, OPEN, {"field": _braced(f"/{section.tag.name}")})
        _spoil(reading, {section.tag.offset for section in sections if section.sound})
    reading.sort()
    return reading


def walk(template: str) -> Iterator[Tag]:
    """Every tag of `template` up to one that is not closed, however many they are."""
    start = template.find("{{")
    while start >= 0:
        tag = tag_at(template, start)
        if tag is None:
            return
        yield tag
        start = template.find("{{", tag.end)


def tag_at(template: str, offset: int) -> Tag | None:
    """The tag whose `{{` stands at `offset`; None when nothing closes it."""
    end = template.find("}}", offset + 2)
    if end < 0:
        return None
    text = template[offset + 2 : end]
    kind = text[:1] if text[:1] in tuple("!#^/>={&") else ""
    name = text[len(kind) :]
    margin = len(name) - len(name.lstrip())
    if kind == "{" and template.startswith("}", end + 2):
        kind, end = "&", end + 1
    return Tag(offset, end + 2, kind, name.strip(), offset + 2 + len(text) - len(name) + margin)


def _spoil(reading: Reading, starts: set[int]) -> None:
    """Makes the pieces that begin there errors."""
    if starts:
        reading.pieces = [replace(p, kind="error") if p.start in starts else p for p in reading.pieces]


def _give_up(reading: Reading, start: int, tag: Tag | None) -> None:
    reading.note(start, start + 2 if tag is None else tag.end, "error")
    if tag is None:
        name = suggestion(reading.template[start + 2 : start + 40].lstrip().split(" ")[0])
        reading.refuse(start, UNCLOSED, {"field": _braced(name)})
    else:
        reading.refuse(start, MANY, {"limit": f"{MAX_TAGS:,}"})


def _take(reading: Reading, sections: list[_Section], tag: Tag) -> None:
    if tag.kind == "!":
        return
    if tag.kind == "/":
        _close(reading, sections, tag)
        return
    problem = _shape(tag, sections) or _position(tag, sections)
    if problem is not None:
        reading.refuse(tag.offset, *problem)
    sound = problem is None and _named(reading, tag, inside=bool(sections))
    if sound and not sections:
        reading.add(tag.name, tag.offset, section=tag.kind in ("#", "^"))
    if tag.kind in ("#", "^"):
        sections.append(_Section(tag, sound))


def _shape(tag: Tag, sections: list[_Section]) -> tuple[Words, dict[str, str]] | None:
    """What is wrong with a tag that opens or shows something, whatever its place."""
    block = _BLOCK_WORD.fullmatch(tag.name) if tag.kind in ("#", "^") else None
    if block is not None:
        name = suggestion(block["name"])
        return BLOCK, {"field": f"{_braced(tag.kind + name)} … {_braced('/' + name)}"}
    if tag.kind == ">":
        return PARTIAL, {"field": _braced(suggestion(tag.name))}
    if tag.kind == "=":
        return DELIMITERS, {}
    if tag.kind == "{":
        return TRIPLE, {"field": "{" + _braced(suggestion(tag.name)) + "}"}
    if not tag.name:
        return NAMELESS, {"field": _braced(tag.kind + "topic")}
    if tag.name.split()[0] == "else":
        name = sections[-1].tag.name if sections and sections[-1].sound else "name"
        return ELSE, {"field": _braced(f"/{name}") + _braced(f"^{name}")}
    return None


def _position(tag: Tag, sections: list[_Section]) -> tuple[Words, dict[str, str]] | None:
    """What is wrong with a tag where it stands."""
    if tag.name == "." and (not sections or sections[-1].tag.kind == "^"):
        return DOT_OUTSIDE, {"field": _braced(tag.kind + "topic")}
    if tag.kind in ("#", "^") and len(sections) >= MAX_DEPTH:
        return DEEP, {"limit": str(MAX_DEPTH)}
    if tag.kind == "^" and any(section.tag.kind == "#" and section.tag.name == tag.name for section in sections):
        return OPPOSITE, {"field": _braced(f"^{tag.name}")}
    return None


def _named(reading: Reading, tag: Tag, *, inside: bool) -> bool:
    """Refuses a tag whose name is not plain; `inside` a section a name that LangChain keeps does no harm."""
    found = flaw(tag.name)
    if tag.name == "." or found is None or (inside and found.words is KEPT):
        return True
    field = found.values.get("field", "topic")
    reading.refuse(tag.name_offset + found.index, found.words, found.values | {"field": _braced(tag.kind + field)})
    return False


def _close(reading: Reading, sections: list[_Section], tag: Tag) -> None:
    if not sections:
        reading.refuse(tag.offset, STRAY)
    elif not sections[-1].sound or sections[-1].tag.name == tag.name:
        sections.pop()
    elif any(section.tag.name == tag.name for section in sections):
        reading.refuse(tag.offset, MISMATCH, {"field": _braced("/" + sections[-1].tag.name)})
        while sections.pop().tag.name != tag.name:
            pass
    else:
        reading.refuse(tag.offset, STRAY)


def _braced(name: str) -> str:
    return "{{" + name + "}}"
