"""Single items of a run, without reading the whole: of a log's lines only theirs are decoded."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from chains.events import Event, ItemEnded, decode_lines
from runs.log import STEP, RunLog
from runs.record import ItemState, RunState

_HEAD: Final = re.compile(r'\{"seq":\d+,"at":[^,]+,"type":"(?!run_)\w+"(?:,"item":(\d+))?')
"""How a line of an item begins; the number of item 0 is left out."""


def item_statuses(log: RunLog, items: int) -> list[str]:
    """How each item of an ended run ended, by index; one that never came to its end was stopped with the run."""
    ended = {
        event.what.item: event.what.status
        for start in range(0, log.length, STEP)
        for event in _ends(log.lines(start, min(log.length, start + STEP)))
        if isinstance(event.what, ItemEnded)
    }
    return [ended.get(index, "stopped") for index in range(items)]


def items_of(log: RunLog, wanted: Collection[int]) -> dict[int, ItemState]:
    """What came of some items, those of them that have begun: only their own events are decoded."""
    state = RunState()
    for start in range(0, log.length, STEP):
        lines = log.lines(start, min(log.length, start + STEP))
        for event in decode_lines(line for line in lines if _item_of(line) in wanted):
            state.note(event)
    return state.items


def _item_of(line: str) -> int | None:
    """The item of a line; None for one of the run."""
    head = _HEAD.match(line)
    return int(head[1] or 0) if head else None


def _ends(lines: Iterable[str]) -> list[Event]:
    """The ends among events: only what may be one is decoded, for there are many times more chunks."""
    return decode_lines(line for line in lines if '"item_ended"' in line)
