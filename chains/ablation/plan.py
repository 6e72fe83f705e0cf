"""Which prompts tell what each section of a prompt does: the prompt as it is, without one of its parts in turn."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from chains.ablation.places import Depth, Place, places
from chains.spec import MAX_VARIANTS, MessageSpec, TemplateFormat
from chains.templates.pieces import pieces
from chains.words import mark

MAX_CUTS: Final = MAX_VARIANTS - 2
"""Beside them runs the whole prompt, once or twice."""

NOTHING_LEFT: Final = mark("without it no message is left")
TAG_CUT: Final = mark("without it a mustache tag has no partner")
TOO_MANY: Final = mark("too many sections for one run")


@dataclass(frozen=True, slots=True)
class Cut:
    """A part, and the messages without it; a message of which nothing is left is left out."""

    place: Place
    messages: tuple[MessageSpec, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part without which no prompt could run, and the message id of the reason."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a prompt is run without, and what it cannot be run without; both in the order of the prompt.

    Of those that are too many only the first is named; so many `more` follow.
    """

    cuts: tuple[Cut, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    more: int = 0
    has_deeper: bool = False
    """Whether every section of the prompt is more than its top sections."""

    @property
    def places(self) -> list[Place]:
        """The parts that are named, those that are cut first."""
        return [*(cut.place for cut in self.cuts), *(left.place for left in self.left_out)]

    @property
    def in_several_messages(self) -> bool:
        """Whether a title alone may not tell which section is meant."""
        return len({place.row for place in self.places}) > 1

    @property
    def is_capped(self) -> bool:
        """Whether there are more parts than one run can do without in turn."""
        return any(left.reason == TOO_MANY for left in self.left_out)


@lru_cache(4)
def plan(messages: tuple[MessageSpec, ...], template_format: TemplateFormat, depth: Depth = "top") -> Plan:
    """What to run a prompt without, whether it is sound or not: of one that is not, nothing of the plan can run.

    A page asks at every rerun: plans are held by content, and one of a template of the greatest length takes 50 ms.
    """
    cuts: list[Cut] = []
    left_out: list[LeftOut] = []
    tags = [_Tags.of(message, template_format) for message in messages]
    found = places(messages)
    for place in found[depth].named:
        if len(cuts) == MAX_CUTS:
            left_out.append(LeftOut(place, TOO_MANY))
            break
        if not tags[place.row].are_whole_in(place):
            left_out.append(LeftOut(place, TAG_CUT))
        elif left := _without(messages, place):
            cuts.append(Cut(place, left))
        else:
            left_out.append(LeftOut(place, NOTHING_LEFT))
    more = found[depth].count - len(cuts) - len(left_out)
    return Plan(tuple(cuts), tuple(left_out), more, has_deeper=found["every"].count > found["top"].count)


@dataclass(frozen=True, slots=True)
class _Tags:
    """The mustache tags and comments of a message, in order: where they start and end, how deep it is before each."""

    starts: Sequence[int] = ()
    ends: Sequence[int] = ()
    depths: Sequence[int] = (0,)
    """One more than there are tags."""

    @staticmethod
    def of(message: MessageSpec, template_format: TemplateFormat) -> "_Tags":
        """None of an f-string: a field ends on the line on which it began."""
        if template_format == "f-string" or message.role == "placeholder":
            return _Tags()
        template = message.template
        found = [piece for piece in pieces(template, template_format) if piece.kind in ("tag", "comment")]
        steps = [0 if tag.kind == "comment" else -1 if template[tag.start + 2] == "/" else 1 for tag in found]
        return _Tags([tag.start for tag in found], [tag.end for tag in found], [0, *accumulate(steps)])

    def are_whole_in(self, place: Place) -> bool:
        """Whether no tag stands on an edge of the place, and each that opens a section in it has its end there."""
        first, behind = bisect_left(self.starts, place.start), bisect_left(self.starts, place.end)
        if any(n and self.ends[n - 1] > edge for n, edge in ((first, place.start), (behind, place.end))):
            return False
        within = self.depths[first : behind + 1]
        return within[0] == within[-1] == min(within)


def _without(messages: Sequence[MessageSpec], place: Place) -> tuple[MessageSpec, ...]:
    """The messages without a part; none when only histories would be left."""
    cut = messages[place.row]
    left = cut.template[: place.start] + cut.template[place.end :]
    rows = [cut.model_copy(update={"template": left})] if left.strip() or cut.images else []
    found = (*messages[: place.row], *rows, *messages[place.row + 1 :])
    return found if any(message.role != "placeholder" for message in found) else ()
