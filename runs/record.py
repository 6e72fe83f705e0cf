"""A run as one JSON value, and as one row of a list: both read from its events."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import JsonValue

from chains.events import (
    Chunk,
    Event,
    Fault,
    ItemEnded,
    RunEnded,
    RunStarted,
    RunStatus,
    Usage,
    decode_lines,
    without_surrogates,
)
from chains.metrics import ItemTimes, as_json, batch_metrics, is_text, item_metrics
from chains.spec import Inputs, RunRequest
from chains.tables import as_text
from chains.timings import item_status
from runs.conversation import Answer
from runs.log import STEP, RunLog
from runs.store.store import PREVIEW_CHARACTERS, Summary

LISTED_CHARACTERS = 300


@dataclass(slots=True)
class ItemState:
    """What is known of one item so far."""

    times: ItemTimes = field(default_factory=ItemTimes)
    texts: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    usage: Usage | None = None
    ended: ItemEnded | None = None

    @property
    def text(self) -> str:
        return "".join(self.texts)


@dataclass(slots=True)
class RunState:
    """What is known of a run so far, gathered from its events in order."""

    status: RunStatus = "queued"
    started: str | None = None
    error: Fault | None = None
    items: dict[int, ItemState] = field(default_factory=dict)

    def note(self, event: Event) -> None:
        match event.what:
            case RunStarted(started=started):
                self.status, self.started = "running", started
            case RunEnded(status=status, error=error):
                self.status, self.error = status, error
            case what:
                self._note_item(event, self.items.setdefault(what.item, ItemState()))

    def _note_item(self, event: Event, item: ItemState) -> None:
        item.times.note(event)
        match event.what:
            case Chunk(kind="text", text=text) if text:
                item.texts.append(text)
            case Chunk(kind="reasoning", text=text) if text:
                item.reasoning.append(text)
            case Usage() as usage:
                item.usage = usage
            case ItemEnded() as ended:
                item.ended = ended


def state_of(events: Iterable[Event]) -> RunState:
    """The state after `events`."""
    state = RunState()
    for event in events:
        state.note(event)
    return state


def record(run: str, request: RunRequest, events: Iterable[Event]) -> dict[str, JsonValue]:
    """The record of the HTTP contract."""
    state = state_of(events)
    items: list[JsonValue] = [
        _item(index, state.items.get(index, ItemState()), state.status) for index in range(len(request.inputs))
    ]
    metrics: dict[str, JsonValue] = {}
    if request.mode == "batch":
        metrics.update(batch_metrics((item.times for item in state.items.values()), request.max_concurrency))
    elif 0 in state.items:
        metrics.update(as_json(item_metrics(state.items[0].times)))
    return {
        "id": run,
        "status": state.status,
        "mode": request.mode,
        "started": state.started,
        "error": dict(state.error) if state.error else None,
        "request": request.model_dump(mode="json", exclude_none=True),
        "items": items,
        "metrics": metrics,
    }


@dataclass(slots=True)
class SummaryState:
    """What is kept beside a run's events: the first item's answer and figures, and the chunks of all items.

    Gathered event by event, so that a long run costs nothing at its end.
    """

    chunks: int = 0
    _first: RunState = field(default_factory=RunState)

    def note(self, event: Event) -> None:
        """Takes in the next event."""
        self.chunks += is_text(event.what)
        if getattr(event.what, "item", 0) == 0:
            self._first.note(event)

    def summary(self) -> Summary:
        """As of the last event."""
        item = self._first.items.get(0, ItemState())
        figures, text = item_metrics(item.times), without_surrogates(item.text)
        preview = " ".join(text[: 2 * PREVIEW_CHARACTERS].split())
        answer = Answer(
            text=text,
            cut=item.ended is not None and item.ended.is_cut,
            error=item.ended.error if item.ended and item.ended.error else self._first.error,
            ttft_ms=figures.ttft_ms,
            e2e_ms=figures.e2e_ms,
            chunks=self.chunks,
            tokens_per_second=figures.tokens_per_second,
            tokens_estimated=figures.tokens_estimated,
        )
        return Summary(preview[:PREVIEW_CHARACTERS], answer)


def summarise(events: Iterable[Event]) -> Summary:
    """The summary of a run that is there as a whole."""
    state = SummaryState()
    for event in events:
        state.note(event)
    return state.summary()


def shortened(inputs: Inputs) -> Inputs:
    """An input with its long texts cut, for a list; what is no text becomes JSON text."""
    return {name: as_text(value)[:LISTED_CHARACTERS] for name, value in inputs.items()}


def item_statuses(log: RunLog, items: int) -> list[str]:
    """How each item of an ended run ended, by index; one that never came to its end was stopped with the run."""
    ended = {
        event.what.item: event.what.status
        for start in range(0, log.length, STEP)
        for event in _ends(log.lines(start, min(log.length, start + STEP)))
        if isinstance(event.what, ItemEnded)
    }
    return [ended.get(index, "stopped") for index in range(items)]


def _ends(lines: Iterable[str]) -> list[Event]:
    """The ends among events: only what may be one is decoded, for there are many times more chunks."""
    return decode_lines(line for line in lines if '"item_ended"' in line)


def _item(index: int, item: ItemState, run_status: RunStatus) -> dict[str, JsonValue]:
    ended = item.ended
    usage = item.usage
    wire: dict[str, JsonValue] = {
        "index": index,
        "status": item_status(ended, begun=item.times.start is not None, run_status=run_status),
        "text": item.text,
        "finish_reason": ended.finish_reason if ended else None,
        "error": dict(ended.error) if ended and ended.error else None,
        "usage": _usage(usage) if usage else None,
        "metrics": dict(as_json(item_metrics(item.times))),
    }
    if item.reasoning:
        wire["reasoning"] = "".join(item.reasoning)
    if ended and ended.value is not None:
        wire["value"] = ended.value
    return wire


def message(item: ItemState) -> dict[str, JsonValue] | None:
    """LangChain's message of an ended item, its text back in its place; None where there is none."""
    if item.ended is None or item.ended.message is None:
        return None
    kept = dict(item.ended.message)
    return {"content": item.text, **kept} if "content" not in kept else kept


def _usage(usage: Usage) -> dict[str, JsonValue]:
    wire: dict[str, JsonValue] = {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "total_tokens": usage.total_tokens,
    }
    if usage.reasoning_tokens is not None:
        wire["reasoning_tokens"] = usage.reasoning_tokens
    return wire
