"""What came of the items of an ended run, for its readings: read once, for it changes no more."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from chains.figures.timings import ChunkRow, ItemRow, chunk_rows, item_rows, step_events
from chains.metrics import batch_metrics, times_by_item
from runs.items import items_of
from runs.opened import engine
from runs.record import ItemState


@lru_cache(8)
def came_of(run: str, *wanted: int) -> Mapping[int, ItemState]:
    """These items of the run, those of them that had begun."""
    return items_of(engine().log(run), wanted)


@lru_cache(8)
def rows_of(run: str) -> Sequence[ItemRow]:
    """The times of the run, a row an item."""
    return item_rows(engine().log(run).each())


@lru_cache(8)
def figures_of(run: str, lanes: int) -> Mapping[str, float | None]:
    """The figures of a batch that had so many lanes."""
    return batch_metrics(times_by_item(engine().log(run).each()).values(), lanes)


@lru_cache(2)
def chunks_of(run: str, step: str) -> tuple[Sequence[ChunkRow], Sequence[ItemRow]]:
    """The times of a run of one item, a row a chunk and a row an item; with `step` those of that one alone."""
    events = engine().log(run).events
    events = list(step_events(events, step)) if step else events
    return chunk_rows(events), item_rows(events)
