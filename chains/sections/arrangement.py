"""The sections of one message, on and off: what may be done with them, each as a pure function.

Those that are on make the template; those that are off stand beside it, each with its place. A section that is named by
its index is one of `parts`. With its deeper sections, on or off, it is a block: they move and are switched together.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from chains.documents.document import OffSection
from chains.templates.outline import estimated_tokens, outline, retitled

_BLANK: Final = " \t\r\n"


class OpenFence(Exception):
    """A code fence that is not closed would take in the sections behind it; nothing is changed."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A message, by its index among all rows of the chain: its template, and its sections that are off."""

    row: int
    template: str
    off: tuple[OffSection, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section where it stands among all of its message's; of level 0 is the text before the first heading."""

    level: int
    title: str
    text: str
    on: bool

    @property
    def tokens(self) -> int:
        """An estimate, from the number of characters."""
        return estimated_tokens(self.text)


def parts(of: Arrangement) -> tuple[Part, ...]:
    """All sections of a message in order, those that are off where they would stand."""
    waiting = sorted(of.off, key=lambda section: section.before)[::-1]
    found: list[Part] = []
    for number, section in enumerate(outline(of.template)):
        while waiting and waiting[-1].before <= number:
            found.append(_off(waiting.pop()))
        found.append(Part(section.level, section.title, section.text, on=True))
    return (*found, *(_off(section) for section in reversed(waiting)))


def block_end(among: Sequence[Part], at: int) -> int:
    """The index behind the block of section `at`."""
    level = among[at].level
    deeper = (n for n in range(at + 1, len(among)) if not level or among[n].level <= level)
    return next(deeper, len(among)) if level else at + 1


def places(among: Sequence[Part], at: int) -> tuple[int, ...]:
    """The indexes before which the block of section `at` may be put: where it takes over no section that is deeper."""
    level, end = among[at].level, block_end(among, at)
    if not level:
        return ()
    elsewhere = (n for n in range(len(among) + 1) if not at <= n <= end)
    return tuple(n for n in elsewhere if n == len(among) or 1 <= among[n].level <= level)


def step(among: Sequence[Part], at: int, by: int) -> int | None:
    """The nearest of `places`, above when `by` is negative, else below; None at the end of the way."""
    if by < 0:
        return max((place for place in places(among, at) if place < at), default=None)
    return min((place for place in places(among, at) if place > at), default=None)


def moved(of: Arrangement, at: int, to: int) -> Arrangement:
    """The block of section `at` before section `to`; unchanged where it may not stand.

    Blank lines at the end of the template stay there. Raises `OpenFence`.
    """
    before = parts(of)
    if to not in places(before, at):
        return of
    end = block_end(before, at)
    block, rest = before[at:end], (*before[:at], *before[end:])
    to -= len(block) if to > at else 0
    return _arranged(of.row, _with_last_lines((*rest[:to], *block, *rest[to:]), before))


def renamed(of: Arrangement, at: int, title: str) -> Arrangement:
    """Section `at` under another title."""
    changed = [replace(part, text=retitled(part.text, title)) if n == at else part for n, part in enumerate(parts(of))]
    return _arranged(of.row, changed)


def switched(of: Arrangement, at: int, *, on: bool) -> Arrangement:
    """The block of section `at` on or off. Off and on again gives the same text. On raises `OpenFence`."""
    before = parts(of)
    block = range(at, block_end(before, at))
    return _arranged(of.row, [replace(part, on=on) if n in block else part for n, part in enumerate(before)])


def extended(of: Arrangement, text: str) -> Arrangement:
    """The template with another section at its end, behind a blank line. Raises `OpenFence`."""
    line = _line_end(of.template)
    before = of.template if of.template.strip() else ""
    missing = max(0, 2 - _last_lines(before).count("\n" if "\n" in line else "\r")) if before else 0
    kept = parts(replace(of, template=before + line * missing))
    added = Part(1, "", line.join(text.splitlines()), on=True)
    return _arranged(of.row, [*kept, added])


def headings(of: Arrangement) -> tuple[str, ...]:
    """The sections that are on, by level and title: what `followed` tells the place of the others by."""
    return tuple(f"{section.level} {section.title}" for section in outline(of.template))


def followed(of: Arrangement, was: Sequence[str]) -> Arrangement:
    """The message after its template was edited by hand, its sections that are off at the place they had.

    `was` are its headings before the edit, which is taken to be at one place.
    """
    now = headings(of)
    same = next((n for n, (one, other) in enumerate(zip(was, now, strict=False)) if one != other), None)
    above = min(len(was), len(now)) if same is None else same
    pairs = zip(reversed(was[above:]), reversed(now[above:]), strict=False)
    below = next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(was), len(now)) - above)

    def place(before: int) -> int:
        if before <= above:
            return before
        return max(above, before + len(now) - len(was)) if before >= len(was) - below else above

    return replace(of, off=tuple(off.model_copy(update={"before": place(off.before)}) for off in of.off))


def _off(section: OffSection) -> Part:
    first = next(iter(outline(section.text)), None)
    return Part(first.level if first else 0, first.title if first else "", section.text, on=False)


def _arranged(row: int, wanted: Sequence[Part]) -> Arrangement:
    """Raises `OpenFence` when a section that is on would be none in the template."""
    line = _line_end("".join(part.text for part in wanted))
    texts: list[str] = []
    offsets: list[int] = []
    length = 0
    for part in wanted:
        if part.on and texts and not texts[-1].endswith(("\n", "\r")):
            texts.append(line)
            length += len(line)
        offsets.append(length)
        if part.on:
            texts.append(part.text)
            length += len(part.text)
    template = "".join(texts)
    starts = [section.start for section in outline(template)]
    if not {offset for offset, part in zip(offsets, wanted, strict=True) if part.on and part.level} <= {*starts}:
        raise OpenFence
    off = (
        OffSection(row=row, before=bisect_left(starts, offset), text=part.text)
        for offset, part in zip(offsets, wanted, strict=True)
        if not part.on
    )
    return Arrangement(row, template, tuple(off))


def _with_last_lines(wanted: Sequence[Part], before: Sequence[Part]) -> list[Part]:
    """The blank lines at the end of the section that is no longer the last, for the one that is now, and its for it."""
    found = list(wanted)
    last = max((n for n, part in enumerate(wanted) if part.on), default=None)
    was = next((part for part in reversed(before) if part.on), None)
    if last is None or was is None or wanted[last] is was:
        return found
    now = wanted[last]
    other = next(n for n, part in enumerate(wanted) if part is was)
    found[last] = _ending(now, _last_lines(was.text))
    found[other] = _ending(was, _last_lines(now.text))
    return found


def _ending(part: Part, lines: str) -> Part:
    return replace(part, text=part.text[: len(part.text) - len(_last_lines(part.text))] + lines)


def _last_lines(text: str) -> str:
    """The line end behind the last line that is not blank, and all after it."""
    blank = text[len(text.rstrip(_BLANK)) :]
    return blank.lstrip(" \t")


def _line_end(text: str) -> str:
    """What ends the lines of `text`."""
    return next((end for end in ("\r\n", "\n", "\r") if end in text), "\n")
