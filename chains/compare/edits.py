"""What two sequences have in common, in order: Myers' shortest edit script, within so many steps.

Not `difflib`: what it costs cannot be bounded from outside, and a thousand lines in reverse take it seconds.
E. Myers, "An O(ND) difference algorithm and its variations", 1986.
"""

from collections.abc import Callable, Sequence

Pair = tuple[int, int]
"""An index on the left and the one on the right that it goes with."""


class Steps:
    """So many comparisons may be made."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, count: int) -> bool:
        """Takes `count` away, and says whether they were there."""
        self.left -= count
        return self.left >= 0


def common(left: Sequence[object], right: Sequence[object], steps: Steps) -> list[Pair]:
    """The pairs of a longest common subsequence, in order.

    When the steps do not suffice, those of the beginnings and the ends that are alike, and none between.
    """
    shorter = min(len(left), len(right))
    head = next((n for n in range(shorter) if left[n] != right[n]), shorter)
    rest = shorter - head
    tail = next((n for n in range(rest) if left[-1 - n] != right[-1 - n]), rest)
    between = _shortest(left[head : len(left) - tail], right[head : len(right) - tail], steps)
    first = [(n, n) for n in range(head)]
    last = [(len(left) - n, len(right) - n) for n in range(tail, 0, -1)]
    return [*first, *((head + one, head + other) for one, other in between), *last]


def best(count: int, others: int, likeness: Callable[[int, int], float]) -> list[Pair]:
    """The pairs in order whose likeness adds up to the most; what has a likeness of 0 goes with nothing."""
    found = [[likeness(one, other) for other in range(others)] for one in range(count)]
    sums = [[0.0] * (others + 1) for _ in range(count + 1)]
    for one in range(count - 1, -1, -1):
        for other in range(others - 1, -1, -1):
            together = found[one][other] + sums[one + 1][other + 1] if found[one][other] else 0.0
            sums[one][other] = max(together, sums[one + 1][other], sums[one][other + 1])
    pairs, one, other = [], 0, 0
    while one < count and other < others:
        if found[one][other] and sums[one][other] == found[one][other] + sums[one + 1][other + 1]:
            pairs.append((one, other))
            one, other = one + 1, other + 1
        elif sums[one][other] == sums[one + 1][other]:
            one += 1
        else:
            other += 1
    return pairs


def _shortest(left: Sequence[object], right: Sequence[object], steps: Steps) -> list[Pair]:
    """For d edits, how far on the left one comes on each diagonal -d, -d + 2, …, d; until both ends are reached."""
    if not left or not right:
        return []
    reached: list[list[int]] = []
    while not reached or not _at_end(reached, len(left), len(right)):
        if not steps.spend(len(reached) + 1):
            return []
        reached.append(_further(reached[-1] if reached else [], left, right, steps))
    return _walked_back(reached, (len(left) - len(right) + len(reached) - 1) // 2)


def _further(last: Sequence[int], left: Sequence[object], right: Sequence[object], steps: Steps) -> list[int]:
    edits, row = len(last), []
    for place in range(edits + 1):
        one = start = _start(last, place)
        other = one - (2 * place - edits)
        while one < len(left) and other < len(right) and left[one] == right[other]:
            one, other = one + 1, other + 1
        steps.left -= one - start
        row.append(one)
    return row


def _start(last: Sequence[int], place: int) -> int:
    """Where a diagonal begins after one more edit: an addition to its neighbour above, or a removal from the other."""
    if not last:
        return 0
    if place == 0 or (place < len(last) and last[place - 1] < last[place]):
        return last[place]
    return last[place - 1] + 1


def _at_end(reached: Sequence[Sequence[int]], left: int, right: int) -> bool:
    edits, diagonal = len(reached) - 1, left - right
    return abs(diagonal) <= edits and (diagonal + edits) % 2 == 0 and reached[-1][(diagonal + edits) // 2] >= left


def _walked_back(reached: Sequence[Sequence[int]], place: int) -> list[Pair]:
    pairs: list[Pair] = []
    for edits in range(len(reached) - 1, -1, -1):
        last = reached[edits - 1] if edits else []
        start, diagonal = _start(last, place), 2 * place - edits
        pairs += [(one, one - diagonal) for one in range(reached[edits][place] - 1, start - 1, -1)]
        if edits and (place == edits or (place and last[place - 1] >= last[place])):
            place -= 1
    return pairs[::-1]
