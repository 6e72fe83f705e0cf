"""Two texts compared: line by line, and inside a line that was changed word by word.

Bounded: two texts of 50,000 characters take less than 200 ms. Where telling words or lines apart would take longer, the
whole line or the whole stretch counts as changed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chains.compare.edits import Pair, Steps, best, common

Kind = Literal["same", "changed", "added", "removed"]
Span = tuple[int, int]
"""Where changed characters begin and where they end, in characters of their line."""

LINE_STEPS = 120_000
WORD_STEPS = 150_000
WORD_STEPS_A_LINE = 30_000
LIKENESS_STEPS = 60_000

ALIKE = 0.3
"""Two lines are one that was changed when so much of their text is in both."""

_EXTENDS = "\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_SIGNS = "\u0900-\u0dff\u0e00-\u0eff"
"""Scripts whose vowel signs are no letters to Python."""
_TOKEN = re.compile(
    rf"(?:[\w{_SIGNS}][{_EXTENDS}]*)+|\s+|[\U0001f1e6-\U0001f1ff]{{2}}|.[{_EXTENDS}]*(?:\u200d.[{_EXTENDS}]*)*",
    re.DOTALL,
)
"""A word, white space, a flag, or whatever else people see as one character."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line on the left, on the right or on both, without its line break, and what is changed in it."""

    left: str | None
    right: str | None
    kind: Kind
    left_spans: tuple[Span, ...] = ()
    right_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines by kind; characters that are new and that are gone, line breaks not among them."""

    changed: int = 0
    added: int = 0
    removed: int = 0
    added_characters: int = 0
    removed_characters: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.changed + other.changed,
            self.added + other.added,
            self.removed + other.removed,
            self.added_characters + other.added_characters,
            self.removed_characters + other.removed_characters,
        )


@dataclass(frozen=True, slots=True)
class Diff:
    """The rows in order: the left lines joined by line breaks are the left text, the right ones the right text."""

    rows: tuple[Row, ...]

    @property
    def is_same(self) -> bool:
        return all(row.kind == "same" for row in self.rows)

    @property
    def counts(self) -> Counts:
        kinds = Counter(row.kind for row in self.rows)
        new = sum(end - start for row in self.rows for start, end in row.right_spans)
        gone = sum(end - start for row in self.rows for start, end in row.left_spans)
        return Counts(kinds["changed"], kinds["added"], kinds["removed"], new, gone)


def diff(left: str, right: str) -> Diff:
    """Compares two texts. Only `\\n` ends a line; a `\\r` before it belongs to the line."""
    one, other = left.split("\n"), right.split("\n")
    words, alike = Steps(WORD_STEPS), Steps(LIKENESS_STEPS)
    rows: list[Row] = []
    ends = (len(one), len(other))
    done = (0, 0)
    for pair in [*common(one, other, Steps(LINE_STEPS)), ends]:
        rows += _replaced(one[done[0] : pair[0]], other[done[1] : pair[1]], words, alike)
        if pair != ends:
            rows.append(Row(one[pair[0]], other[pair[1]], "same"))
        done = (pair[0] + 1, pair[1] + 1)
    return Diff(tuple(rows))


def only_left(text: str) -> Diff:
    """A text that is not on the right: not the same as one that is empty there."""
    return Diff(tuple(_removed(line) for line in text.split("\n")))


def only_right(text: str) -> Diff:
    """A text that is not on the left."""
    return Diff(tuple(_added(line) for line in text.split("\n")))


def weights(text: str) -> Mapping[str, int]:
    """How many characters each word and sign of a text has in all."""
    tokens = Counter(token for token in _TOKEN.findall(text) if not token.isspace())
    return {token: count * len(token) for token, count in tokens.items()}


def likeness(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    """How much of two texts is in both, from 0 to 1, wherever it stands there; they are given by their weights."""
    total = sum(one.values()) + sum(other.values())
    return 2 * sum(min(weight, other.get(token, 0)) for token, weight in one.items()) / total if total else 0.0


def _replaced(left: Sequence[str], right: Sequence[str], words: Steps, alike: Steps) -> Iterator[Row]:
    """The rows of a stretch of which no line is the same."""
    done = (0, 0)
    ends = (len(left), len(right))
    for pair in [*_partners(left, right, alike), ends]:
        yield from (_removed(line) for line in left[done[0] : pair[0]])
        yield from (_added(line) for line in right[done[1] : pair[1]])
        if pair != ends:
            yield _changed(left[pair[0]], right[pair[1]], words)
        done = (pair[0] + 1, pair[1] + 1)


def _partners(left: Sequence[str], right: Sequence[str], steps: Steps) -> list[Pair]:
    """Which lines are the same line, changed; where comparing each with each is too much, by their place."""
    if not left or not right:
        return []
    one, other = [weights(line) for line in left], [weights(line) for line in right]

    def found(first: int, second: int) -> float:
        much = likeness(one[first], other[second])
        return much if much >= ALIKE else 0.0

    price = len(right) * sum(map(len, one)) + len(left) * sum(map(len, other)) + len(left) * len(right)
    if price <= steps.left and steps.spend(price):
        return best(len(left), len(right), found)
    return [(n, n) for n in range(min(len(left), len(right))) if found(n, n)]


def _changed(left: str, right: str, steps: Steps) -> Row:
    one, other = _TOKEN.findall(left), _TOKEN.findall(right)
    mine = Steps(min(WORD_STEPS_A_LINE, max(steps.left, 0)))
    granted = mine.left
    pairs = common(one, other, mine)
    steps.left -= granted - mine.left
    kept_left, kept_right = ({pair[side] for pair in pairs} for side in (0, 1))
    return Row(left, right, "changed", _spans(one, kept_left), _spans(other, kept_right))


def _spans(tokens: Sequence[str], kept: set[int]) -> tuple[Span, ...]:
    """Where the tokens that are not kept stand; white space between two of them is changed with them."""
    spans: list[Span] = []
    at = 0
    gap = ""
    for number, token in enumerate(tokens):
        end = at + len(token)
        if number in kept:
            gap += token
        else:
            joins = spans and (not gap or gap.isspace())
            spans[-1:] = [(spans[-1][0], end)] if joins else [*spans[-1:], (at, end)]
            gap = ""
        at = end
    return tuple(spans)


def _removed(line: str) -> Row:
    return Row(line, None, "removed", left_spans=_whole(line))


def _added(line: str) -> Row:
    return Row(None, line, "added", right_spans=_whole(line))


def _whole(line: str) -> tuple[Span, ...]:
    return ((0, len(line)),) if line else ()
