"""Which parts of a prompt can be left out, each by itself, and what they are called.

The top sections are the headings of the highest level at their place, with the deeper ones below them; where the whole
prompt is one such section, those inside it. Every section is a heading of any level with the deeper ones below it, as
the outline switches them, and beside these the text that stands between a heading and its first deeper one, and the
text before the first heading of a message.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from chains.spec import MessageSpec
from chains.templates.names import seen
from chains.templates.outline import Section, outline
from chains.unseen import replaced

Depth = Literal["top", "every"]
Part = Literal["section", "body", "opening"]
"""A heading with all below it; the text between it and its first deeper one; the text before the first of all."""

MAX_TITLE: Final = 120
BETWEEN: Final = " › "

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Place:
    """A part that can be left out: characters `start` to `end` (exclusive) of a message's template.

    `title` is the heading's, where every section counts behind those that it stands below: `A › B`; no other part of
    the same kind and message has it. An `opening` has none. `row` is the index of the message.
    """

    row: int
    title: str
    start: int
    end: int
    part: Part = "section"


@dataclass(frozen=True, slots=True)
class _Message:
    """A message by its index, its sections, and for each the index behind it and its deeper ones."""

    row: int
    sections: Sequence[Section]
    behind: Sequence[int]

    @staticmethod
    def of(row: int, message: MessageSpec) -> "_Message":
        """Without sections where it has no heading."""
        sections = () if message.role == "placeholder" else outline(message.template)
        if not any(section.level for section in sections[:2]):
            return _Message(row, (), ())
        return _Message(row, sections, _behind(sections))

    @property
    def first(self) -> int:
        """The index of the first heading."""
        return 1 if self.sections and not self.sections[0].level else 0

    def end(self, n: int) -> int:
        """Where section `n` ends together with its deeper ones."""
        return self.sections[self.behind[n] - 1].end


_Found = Iterable[tuple[_Message, int, Part]]
"""Parts by the section that they are of: its message, and its index there."""


@dataclass(frozen=True, slots=True)
class Places:
    """The parts of one depth. They are named one after the other, for there may be many thousands."""

    count: int
    named: Iterator[Place]


def places(messages: Sequence[MessageSpec]) -> Mapping[Depth, Places]:
    """The parts of each depth, in the order of the prompt."""
    found = [_Message.of(row, message) for row, message in enumerate(messages)]
    tops = _tops(found)
    top: _Found = ((message, n, "section") for message, among in zip(found, tops, strict=True) for n in among)
    every: _Found = ((message, n, part) for message in found for n, part in _every(message))
    count = sum(1 for message in found for _part in _every(message))
    return {"top": Places(sum(map(len, tops)), _named(top)), "every": Places(count, _named(every, deep=True))}


def _tops(messages: Sequence[_Message]) -> list[list[int]]:
    """The top sections of each message."""
    found = [_siblings(message, message.first) for message in messages]
    if sum(map(len, found)) != 1:
        return found
    return [_inside(message, *among) if among else [] for message, among in zip(messages, found, strict=True)]


def _siblings(message: _Message, n: int) -> list[int]:
    """Section `n` and those after it, each with the deeper ones that follow it as one."""
    found = []
    while n < len(message.sections):
        found.append(n)
        n = message.behind[n]
    return found


def _inside(message: _Message, n: int) -> list[int]:
    """The outermost sections that are not alone at their level, in the section `n` that is alone; else that."""
    inner = _siblings(message, n + 1)
    if len(inner) == 1:
        inner = _inside(message, n + 1)
    return inner if len(inner) > 1 else [n]


def _every(message: _Message) -> Iterator[tuple[int, Part]]:
    if message.first and message.sections[0].text.strip():
        yield 0, "opening"
    for n in range(message.first, len(message.sections)):
        yield n, "section"
        if message.behind[n] > n + 1 and _below_its_line(message.sections[n]).strip():
            yield n, "body"


def _behind(sections: Sequence[Section]) -> list[int]:
    found = list(range(1, len(sections) + 1))
    for n in reversed(range(len(sections))):
        while found[n] < len(sections) and sections[found[n]].level > sections[n].level > 0:
            found[n] = found[found[n]]
    return found


def _below_its_line(section: Section) -> str:
    """The text of a section without the line of its heading."""
    return _LINE.sub("", section.text, count=1)


def _named(found: _Found, *, deep: bool = False) -> Iterator[Place]:
    """With what they stand below when `deep`."""
    names: dict[int, _Names] = defaultdict(_Names)
    above: list[tuple[int, str]] = []
    name = ""
    for message, n, part in found:
        section = message.sections[n]
        if part == "section":
            above = (
                [(level, title) for level, title in above if level < section.level]
                if deep and n > message.first
                else []
            )
            joined = _joined([*(title for _level, title in above), _title(section)])
            name = names[message.row].of(joined)
            above.append((section.level, _title(section) + name.removeprefix(joined)))
            yield Place(message.row, name, section.start, message.end(n))
        elif part == "body":
            yield Place(message.row, name, section.end - len(_below_its_line(section)), section.end, "body")
        else:
            yield Place(message.row, "", section.start, section.end, "opening")


@dataclass(slots=True)
class _Names:
    """Gives each its title, or the title with a number where it is taken."""

    _often: Counter[str] = field(default_factory=Counter)
    _taken: set[str] = field(default_factory=set)

    def of(self, title: str) -> str:
        name = title
        self._often[title] += 1
        while name in self._taken:
            name = f"{title} ({self._often[title]})"
            self._often[title] += name in self._taken
        self._taken.add(name)
        return name


def _joined(path: Sequence[str]) -> str:
    """The titles in one line; where they are too long, each of them shortened."""
    whole = BETWEEN.join(path)
    if len(whole) <= MAX_TITLE:
        return whole
    most = (MAX_TITLE - len(BETWEEN) * (len(path) - 1)) // len(path)
    return BETWEEN.join(_short(title, most) for title in path)


def _title(section: Section) -> str:
    """The heading's words on one line, or its marks where it has none; what would reorder them is made visible."""
    return replaced(" ".join(section.title.split()), seen) or "#" * section.level


def _short(title: str, most: int) -> str:
    return title if len(title) <= most else f"{title[: most - 1]}…"
