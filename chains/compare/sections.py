"""The sections of a message compared with those of another.

A section is found again by its heading, wherever it stands now, and one without its equal by what it says: so one that
was moved, renamed or switched off is still itself.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from chains.compare.diff import ALIKE, Diff, diff, likeness, only_left, only_right, weights
from chains.compare.edits import Pair
from chains.compare.pairs import in_place, likeliest, merged
from chains.documents.document import OffSection
from chains.sections import arrangement
from chains.sections.arrangement import Arrangement


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its heading's words, '' for none, whether it is off, and its text.

    The line break at the end of a text is left out where another section follows.
    """

    title: str
    off: bool
    text: str


@dataclass(frozen=True, slots=True)
class SectionDiff:
    """A section on the left, on the right or on both; `moved` where others changed places with it."""

    left: Part | None
    right: Part | None
    moved: bool
    diff: Diff

    @property
    def is_same(self) -> bool:
        """Whether nothing at all is different: neither text nor place nor switch."""
        both = self.left is not None and self.right is not None and self.left.off == self.right.off
        return both and not self.moved and self.diff.is_same


def parts(template: str, off: Sequence[OffSection]) -> list[Part]:
    """The sections of a message in order, those that are off in their places."""
    arranged = arrangement.parts(Arrangement(0, template, tuple(off)))
    found = [Part(part.title, not part.on, part.text) for part in arranged] or [Part("", off=False, text="")]
    return [Part(part.title, part.off, part.text.removesuffix("\n")) for part in found[:-1]] + found[-1:]


def compare_sections(left: Sequence[Part], right: Sequence[Part]) -> Iterator[SectionDiff]:
    """All sections of both, in the order of the right."""
    pairs = _same_title(left, right)
    pairs += _alike(left, right, pairs)
    stay = in_place(pairs)
    for one, other in merged(len(left), len(right), pairs):
        old, new = None if one is None else left[one], None if other is None else right[other]
        moved = one is not None and other is not None and (one, other) not in stay
        yield SectionDiff(old, new, moved, _texts(old, new))


def _texts(old: Part | None, new: Part | None) -> Diff:
    if new is None:
        return only_left(old.text if old else "")
    return diff(old.text, new.text) if old else only_right(new.text)


def _same_title(left: Sequence[Part], right: Sequence[Part]) -> list[Pair]:
    free: defaultdict[str, deque[int]] = defaultdict(deque)
    for other, part in enumerate(right):
        free[part.title].append(other)
    return [(one, free[part.title].popleft()) for one, part in enumerate(left) if free[part.title]]


def _alike(left: Sequence[Part], right: Sequence[Part], pairs: Sequence[Pair]) -> list[Pair]:
    """Of the sections that have no partner yet, those that say much the same under another heading."""
    taken = [{pair[side] for pair in pairs} for side in (0, 1)]
    weigh = cache(weights)

    def like(one: int, other: int) -> float:
        much = likeness(weigh(left[one].text), weigh(right[other].text))
        return much if much >= ALIKE else 0.0

    ones = [one for one in range(len(left)) if one not in taken[0]]
    others = [other for other in range(len(right)) if other not in taken[1]]
    return likeliest(ones, others, like)
