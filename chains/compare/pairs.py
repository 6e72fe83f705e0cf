"""Which of the things on the left are which of those on the right."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from chains.compare.edits import Pair, Steps, best, common

MOST = 400
"""So many pairs are weighed, each with each; where there are more, things go together by their place."""
STEPS = 20_000

Likeness = Callable[[int, int], float]
"""How much alike the two of a pair are; 0 for what is not the same thing."""


def in_order(left: Sequence[object], right: Sequence[object], like: Likeness) -> list[Pair]:
    """Pairs of what is equal, and between them of what is most alike; none of them cross."""
    pairs: list[Pair] = []
    done = (0, 0)
    ends = (len(left), len(right))
    for one, other in [*common(left, right, Steps(STEPS)), ends]:
        pairs += likeliest(range(done[0], one), range(done[1], other), like)
        pairs += [(one, other)] if (one, other) != ends else []
        done = (one + 1, other + 1)
    return pairs


def likeliest(left: Sequence[int], right: Sequence[int], like: Likeness) -> list[Pair]:
    """Pairs of some on the left and some on the right, in their order, that are alike."""
    if len(left) * len(right) <= MOST:
        return [(left[a], right[b]) for a, b in best(len(left), len(right), lambda a, b: like(left[a], right[b]))]
    return [pair for pair in zip(left, right, strict=False) if like(*pair)]


def in_place(pairs: Iterable[Pair]) -> set[Pair]:
    """Those that stand in the same order on both sides: as many as possible."""
    left = sorted(pairs)
    right = sorted(left, key=lambda pair: pair[1])
    return {left[place] for place, _ in common(left, right, Steps(STEPS))}


def merged(left: int, right: int, pairs: Iterable[Pair]) -> Iterator[tuple[int | None, int | None]]:
    """All of both sides in the order of the right; what is on the left only comes after what it stood behind."""
    partner = {other: one for one, other in pairs}
    paired = set(partner.values())
    behind: dict[int, list[int]] = defaultdict(list)
    before = -1
    for one in range(left):
        if one in paired:
            before = one
        else:
            behind[before].append(one)
    yield from ((one, None) for one in behind[-1])
    for other in range(right):
        yield partner.get(other), other
        if other in partner:
            yield from ((one, None) for one in behind[partner[other]])
