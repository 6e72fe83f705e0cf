"""What can be done with a batch that has ended: run some of its rows again, and take its results along."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial

import streamlit as st

from chains.events import encode_json
from chains.metrics import item_metrics
from chains.spec import RunRequest
from chains.tables import Cell, as_text, to_csv
from components import state
from components.run import bar
from components.words import _, several
from runs.items import item_statuses
from runs.opened import engine
from runs.record import ItemState, state_of

FIGURES = ("ttft_ms", "e2e_ms", "chunks", "tokens", "tokens_per_second")


def actions(run: str, request: RunRequest, *, again: bool) -> None:
    """Buttons below an ended batch; with `again` also those that start a run."""
    with st.container(horizontal=True, key=f"batch_actions_{again}"):
        if again:
            _again(run, request)
        name = f"batch-{run}"
        _download(_("Results as CSV"), partial(as_csv, run), f"{name}.csv", "text/csv")
        _download(_("as JSON Lines"), partial(as_json_lines, run), f"{name}.jsonl", "application/jsonl")


def as_csv(run: str) -> bytes:
    """The results of a batch, a row an item: its variant if it has one, inputs, status, text, error, figures in ms."""
    request = engine().request(run)
    names = list(dict.fromkeys(f"input.{name}" for inputs in request.inputs for name in inputs))
    which = ["item", "input", "variant"] if request.variants else ["item"]
    header = [*which, *names, "status", "text", "error", *FIGURES]
    return to_csv(header, ([row.get(name) for name in header] for row in _results(run, request)))


def as_json_lines(run: str) -> bytes:
    """The results of a batch, an object a line."""
    return "".join(f"{encode_json(row)}\n" for row in _results(run, engine().request(run))).encode()


def _again(run: str, request: RunRequest) -> None:
    failed, remaining = _left(run, request.items)
    if failed:
        _some(run, failed, _label_of_failed(request, failed), "run_failed")
    if remaining:
        _some(run, remaining, _label_of_remaining(request, remaining), "run_remaining")


def _label_of_failed(request: RunRequest, items: Sequence[int]) -> str:
    """Of a run with variants an input runs again with all of them: only so can they be compared."""
    if request.variants:
        inputs = len({request.input_of(item) for item in items})
        return several("Run {count} input with failed rows again", "Run {count} inputs with failed rows again", inputs)
    return several("Run {count} failed row again", "Run {count} failed rows again", len(items))


def _label_of_remaining(request: RunRequest, items: Sequence[int]) -> str:
    if request.variants:
        inputs = len({request.input_of(item) for item in items})
        return several("Run {count} input with open rows again", "Run {count} inputs with open rows again", inputs)
    return several("Run the remaining {count} row", "Run the remaining {count} rows", len(items))


def _some(run: str, items: tuple[int, ...], label: str, key: str) -> None:
    press = state.shown.press()
    st.button(label, key=key, icon=":material/replay:", on_click=bar.start_some, args=(press, run, items))


@lru_cache(100)
def _left(run: str, items: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Of an ended run: the items that failed, and those that never came to an end."""
    statuses = item_statuses(engine().log(run), items)
    failed = tuple(index for index, status in enumerate(statuses) if status == "failed")
    remaining = tuple(index for index, status in enumerate(statuses) if status in ("stopped", "interrupted"))
    return failed, remaining


def _results(run: str, request: RunRequest) -> Iterator[dict[str, Cell]]:
    items = state_of(engine().log(run).each()).items
    for index in range(request.items):
        named = {f"input.{name}": as_text(value) for name, value in request.values_of(index).items()}
        yield {"item": index + 1, **_which(request, index), **named, **_result(items.get(index, ItemState()))}


def _which(request: RunRequest, item: int) -> dict[str, Cell]:
    """The number of an item's input, and its variant, where it has one."""
    if not request.variants:
        return {}
    return {"input": request.input_of(item) + 1, "variant": request.variant_name(item)}


def _result(item: ItemState) -> dict[str, Cell]:
    ended = item.ended
    error = str(ended.error["message"]) if ended and ended.error else None
    figures = item_metrics(item.times)
    return {
        "status": ended.status if ended else "stopped",
        "text": item.text,
        "error": error,
        **{name: getattr(figures, name) for name in FIGURES},
    }


def _download(label: str, data: Callable[[], bytes], name: str, mime: str) -> None:
    st.download_button(
        label, data=data, file_name=name, mime=mime, icon=":material/download:", key=name, on_click="ignore"
    )
