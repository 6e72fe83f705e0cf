"""Percentiles and their intervals, against the table of METRICS.md, exact binomials, and samples with a known truth."""

import random
from fractions import Fraction
from math import comb

import pytest

from chains.figures.statistics import Percentile, percentile, smallest_n


@pytest.mark.parametrize(("percent", "needed"), [(50, 6), (90, 29), (95, 59), (99, 299)])
def test_the_smallest_sample_with_an_interval(percent: int, needed: int) -> None:
    assert smallest_n(percent) == needed
    values = [float(n) for n in range(needed)]
    assert percentile(values, percent).value is not None
    assert percentile(values[1:], percent) == Percentile(percent, needed - 1, needed)


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([6, 1, 5, 2, 4, 3], 50) == Percentile(50, 6, 6, 3, 1, 6)
    assert percentile([float(n) for n in range(1, 101)], 95).value == 95


@pytest.mark.parametrize("percent", [50, 90, 95, 99])
@pytest.mark.parametrize("n", [6, 29, 59, 60, 150, 299, 400])
def test_the_interval_covers_and_none_shorter_does(n: int, percent: int) -> None:
    found = percentile([float(rank) for rank in range(1, n + 1)], percent)
    if found.low is None or found.high is None or found.value is None:
        assert n < smallest_n(percent)
        return
    low, high = int(found.low), int(found.high)
    assert low <= found.value <= high
    exact = _below(n, Fraction(percent, 100))
    assert exact[high] - exact[low] >= Fraction(95, 100)
    shorter = high - low - 1
    assert all(exact[j + shorter] - exact[j] < Fraction(95, 100) for j in range(1, n - shorter + 1))


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    chance = random.Random(7)
    held = 0
    for _ in range(600):
        found = percentile([chance.expovariate(1) for _ in range(40)], 50)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.6931 <= found.high
    assert 0.93 < held / 600 < 0.99


def test_the_order_of_the_values_does_not_matter() -> None:
    values = [float(n * 37 % 101) for n in range(100)]
    assert percentile(values, 95) == percentile(sorted(values), 95)


def _below(n: int, p: Fraction) -> list[Fraction]:
    sums = [Fraction(0)]
    for k in range(n):
        sums.append(sums[-1] + comb(n, k) * p**k * (1 - p) ** (n - k))
    return sums
