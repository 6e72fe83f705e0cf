"""Figures as they are written."""

import pytest

from chains.figures.units import between, duration, percent, times


@pytest.mark.parametrize(
    ("ms", "written"),
    [
        (None, "–"), (0, "0.0 ms"), (0.44, "0.4 ms"), (9.96, "10 ms"), (312.2, "312 ms"), (999.4, "999 ms"),
        (999.6, "1.00 s"), (1240, "1.24 s"), (119_999, "120.00 s"), (125_400, "2 min 05 s"),
    ],
)  # fmt: skip
def test_a_time(ms: float | None, written: str) -> None:
    assert duration(ms) == written


def test_an_interval_has_its_unit_once_where_it_can() -> None:
    assert between(15, 17) == "15–17 ms"
    assert between(900, 1100) == "900 ms – 1.10 s"


def test_a_share_is_all_or_nothing_only_where_it_is() -> None:
    assert [percent(share) for share in (0, 0.001, 0.97, 0.999, 1, None)] == [
        "0 %",
        "1 %",
        "97 %",
        "99 %",
        "100 %",
        "–",
    ]
    assert times(2.33) == "2.3×"
    assert times(None) == "–"
