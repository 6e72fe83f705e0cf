"""Which prompts tell what each section of a prompt does: the prompt as it is, without one of its sections in turn.

A section here is a heading of the highest level at its place, with the deeper ones below it. Where the whole prompt is
one such section, it is those inside it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from chains.spec import MAX_VARIANTS, MessageSpec, TemplateFormat
from chains.templates.names import seen
from chains.templates.outline import Section, outline
from chains.templates.pieces import pieces
from chains.templates.problems import Piece
from chains.unseen import replaced
from chains.words import mark

MAX_CUTS: Final = MAX_VARIANTS - 2
"""Beside them runs the whole prompt, once or twice."""
MAX_TITLE: Final = 120

NOTHING_LEFT: Final = mark("without it no message is left")
TAG_CUT: Final = mark("without it a mustache tag has no partner")
TOO_MANY: Final = mark("too many sections for one run")


@dataclass(frozen=True, slots=True)
class Place:
    """A section that can be left out: characters `start` to `end` (exclusive) of a message's template.

    No other of the same message has its `title`. `row` is the index of the message.
    """

    row: int
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A section, and the messages without it; a message of which nothing is left is left out."""

    place: Place
    messages: tuple[MessageSpec, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A section without which no prompt could run, and the message id of the reason."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a prompt is run without, and what it cannot be run without; both in the order of the prompt."""

    cuts: tuple[Cut, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def places(self) -> list[Place]:
        """All sections, those that are cut first."""
        return [*(cut.place for cut in self.cuts), *(left.place for left in self.left_out)]

    @property
    def in_several_messages(self) -> bool:
        """Whether a title alone may not tell which section is meant."""
        return len({place.row for place in self.places}) > 1


@lru_cache(4)
def plan(messages: tuple[MessageSpec, ...], template_format: TemplateFormat) -> Plan:
    """What to run a sound prompt without."""
    cuts: list[Cut] = []
    left_out: list[LeftOut] = []
    parts = {row: _tags(message, template_format) for row, message in enumerate(messages)}
    for number, place in enumerate(_places(messages)):
        if number >= MAX_CUTS:
            left_out.append(LeftOut(place, TOO_MANY))
        elif not _holds_whole_tags(place, messages[place.row].template, parts[place.row]):
            left_out.append(LeftOut(place, TAG_CUT))
        elif left := _without(messages, place):
            cuts.append(Cut(place, left))
        else:
            left_out.append(LeftOut(place, NOTHING_LEFT))
    return Plan(tuple(cuts), tuple(left_out))


def _places(messages: Sequence[MessageSpec]) -> list[Place]:
    headed = {row: _headed(message) for row, message in enumerate(messages)}
    tops = {row: _tops(sections) for row, sections in headed.items()}
    if sum(map(len, tops.values())) == 1:
        tops = {row: _parts(sections) for row, sections in headed.items()}
    return [place for row, sections in tops.items() for place in _named(row, sections)]


def _headed(message: MessageSpec) -> list[Section]:
    if message.role == "placeholder":
        return []
    return [section for section in outline(message.template) if section.level]


def _tops(sections: Sequence[Section]) -> list[Section]:
    """Each section with the deeper ones that follow it as one."""
    found: list[Section] = []
    for section in sections:
        if found and section.level > found[-1].level:
            found[-1] = replace(found[-1], end=section.end)
        else:
            found.append(section)
    return found


def _parts(sections: Sequence[Section]) -> list[Section]:
    """The outermost sections that are not alone at their level; else the outermost."""
    tops = _tops(sections)
    inner = _parts(sections[1:]) if len(tops) == 1 else []
    return inner if len(inner) > 1 else tops


def _named(row: int, sections: Sequence[Section]) -> list[Place]:
    often, taken = Counter[str](), set[str]()
    places = []
    for section in sections:
        name = title = _title(section)
        often[title] += 1
        while name in taken:
            name = f"{title} ({often[title]})"
            often[title] += name in taken
        taken.add(name)
        places.append(Place(row, name, section.start, section.end))
    return places


def _title(section: Section) -> str:
    """The heading's words on one line, or its marks where it has none; what cannot be seen is made visible."""
    words = replaced(" ".join(section.title.split()), seen) or "#" * section.level
    return words if len(words) <= MAX_TITLE else f"{words[: MAX_TITLE - 1]}…"


def _tags(message: MessageSpec, template_format: TemplateFormat) -> Sequence[Piece]:
    """What a heading may stand in, or part from its end: a field of an f-string ends on its own line."""
    if template_format == "f-string" or message.role == "placeholder":
        return ()
    return [piece for piece in pieces(message.template, template_format) if piece.kind in ("tag", "comment")]


def _holds_whole_tags(place: Place, template: str, tags: Sequence[Piece]) -> bool:
    """Whether every mustache section that begins in a section of the prompt ends there, and none else does."""
    depth = 0
    for tag in tags:
        if any(tag.start < edge < tag.end for edge in (place.start, place.end)):
            return False
        if tag.kind == "tag" and place.start <= tag.start < place.end:
            depth += -1 if template[tag.start + 2] == "/" else 1
            if depth < 0:
                return False
    return depth == 0


def _without(messages: Sequence[MessageSpec], place: Place) -> tuple[MessageSpec, ...]:
    """The messages without a section; none when only histories would be left."""
    cut = messages[place.row]
    left = cut.template[: place.start] + cut.template[place.end :]
    rows = [cut.model_copy(update={"template": left})] if left.strip() or cut.images else []
    found = (*messages[: place.row], *rows, *messages[place.row + 1 :])
    return found if any(message.role != "placeholder" for message in found) else ()
