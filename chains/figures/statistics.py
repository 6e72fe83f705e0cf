"""Percentiles of a sample by order statistics, with a 95 % interval that assumes nothing about the distribution.

The interval of the percentile p runs from the j-th to the k-th smallest of n values; it covers with the probability
that a binomial count B(n, p) lies in j … k − 1 (Conover, Practical Nonparametric Statistics, 3.2). Below
`smallest_n(p)` no pair of values reaches 95 %: there is no interval, and the percentile should not be shown as known.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Percentile:
    """A percentile of `n` values, in their unit; all None where n is below `needed`."""

    percent: int
    n: int
    needed: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


def percentile(values: Sequence[float], percent: int) -> Percentile:
    """The nearest-rank percentile with its interval; `percent` is 1 to 99."""
    n, needed = len(values), smallest_n(percent)
    if n < needed:
        return Percentile(percent, n, needed)
    found = sorted(values)
    low, high = _ranks(n, percent / 100)
    return Percentile(percent, n, needed, found[-(-n * percent // 100) - 1], found[low - 1], found[high - 1])


def smallest_n(percent: int) -> int:
    """How many values the interval takes: 6 for p50, 29 for p90, 59 for p95, 299 for p99."""
    p, n = percent / 100, 2
    while 1 - p**n - (1 - p) ** n < CONFIDENCE:
        n += 1
    return n


def _ranks(n: int, p: float) -> tuple[int, int]:
    """The ranks, from 1, of the shortest interval that covers; of equally short ones the one that covers best."""
    below = _binomial_below(n, p)
    best, cover = (1, n), 0.0
    high = 1
    for low in range(1, n):
        high = max(high, low + 1)
        while high < n and below[high] - below[low] < CONFIDENCE:
            high += 1
        covered = below[high] - below[low]
        if covered < CONFIDENCE:
            break
        if (high - low, -covered) < (best[1] - best[0], -cover):
            best, cover = (low, high), covered
    return best


def _binomial_below(n: int, p: float) -> list[float]:
    """The probability that fewer than k of n succeed, for k from 0 to n."""
    sums, total = [0.0], 0.0
    for k in range(n):
        ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        total += math.exp(ways + k * math.log(p) + (n - k) * math.log1p(-p))
        sums.append(total)
    return sums
