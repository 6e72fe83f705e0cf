"""What came of single items of a run: as in the record of the whole, and only their own lines are decoded."""

from collections.abc import Iterable

import pytest
from pydantic import JsonValue

import runs.items
from chains.events import (
    Chunk,
    Event,
    Happening,
    ItemEnded,
    ItemStarted,
    RunEnded,
    RunStarted,
    StepStarted,
    decode_lines,
)
from runs.items import items_of
from runs.log import STEP, RunLog
from runs.record import state_of

ODD = '{"seq":1,"at":0.000,"type":"chunk","item":1,"text":"'
VALUE: JsonValue = {"item": 1, "type": "chunk"}


def told(*what: Happening) -> RunLog:
    log = RunLog("r")
    for number, each in enumerate(
        (RunStarted("batch", 12, "2026-01-01T00:00:00.000+00:00"), *what, RunEnded("done")), start=1
    ):
        log.tell(number * 1_000, each)
    return log


@pytest.mark.parametrize("wanted", [{0}, {1}, {11}, {0, 11}, {3}, {1, 2, 5}])
def test_they_are_those_of_the_whole_run(wanted: set[int]) -> None:
    log = told(
        *(ItemStarted(item) for item in (0, 1, 2, 11)),
        StepStarted(2, "own"),
        *(Chunk(item, "text", f"{ODD}{item}") for item in (0, 1, 11)),
        Chunk(0, "reasoning", "so"),
        Chunk(2, "text", "x", "own"),
        *(ItemEnded(item, "done", message={"content": ODD}, value=VALUE) for item in (0, 1, 2, 11)),
    )
    whole = state_of(log.each()).items
    assert items_of(log, wanted) == {item: state for item, state in whole.items() if item in wanted}


def test_only_their_own_lines_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[Event] = []

    def noting(lines: Iterable[str]) -> list[Event]:
        decoded.extend(found := decode_lines(lines))
        return found

    log = told(*(Chunk(number % 4, "text", "x") for number in range(2 * STEP)))
    monkeypatch.setattr(runs.items, "decode_lines", noting)
    assert len(items_of(log, {1})[1].texts) == STEP / 2
    assert len(decoded) == STEP / 2
