"""What came of single items of a run, for its readings: read once, for an ended run changes no more."""

from collections.abc import Mapping
from functools import lru_cache

from runs.opened import engine
from runs.record import ItemState, items_of


@lru_cache(8)
def came_of(run: str, *wanted: int) -> Mapping[int, ItemState]:
    """These items of an ended run, those of them that had begun."""
    return items_of(engine().log(run), wanted)
