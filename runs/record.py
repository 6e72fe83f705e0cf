"""A run as one JSON value, and as one row of a list: both read from its events.

An item with parallel branches has what came of each under `steps`; its own text and figures are of all of them. One of
a run with variants says its input and its variant.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import JsonValue

from chains.events import (
    Chunk,
    Event,
    Fault,
    ItemEnded,
    ItemStarted,
    RunEnded,
    RunStarted,
    RunStatus,
    StepEnded,
    Usage,
    without_surrogates,
)
from chains.figures.timings import item_status
from chains.metrics import ItemTimes, as_json, batch_metrics, is_text, item_metrics
from chains.spec import ChainSpec, Inputs, Parser, RunRequest
from chains.tables import as_text
from runs.conversation import Answer
from runs.store.store import PREVIEW_CHARACTERS, Summary

LISTED_CHARACTERS = 300


@dataclass(slots=True)
class ItemState:
    """What is known of one item so far, or of one step of it."""

    times: ItemTimes = field(default_factory=ItemTimes)
    texts: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    usage: Usage | None = None
    ended: ItemEnded | StepEnded | None = None
    steps: dict[str, "ItemState"] = field(default_factory=dict)
    """Its parallel branches by name, in the order in which they began."""

    @property
    def text(self) -> str:
        """The answer so far; of an item with steps their answers, each below a heading with the step's name."""
        if self.steps:
            return "\n\n".join(f"# {name}\n\n{step.text}" for name, step in self.steps.items())
        return "".join(self.texts)

    def note(self, event: Event) -> None:
        """Takes in one event of this item; the events come in order."""
        self.times.note(event)
        step = getattr(event.what, "step", None)
        if step is None:
            self._note(event)
            return
        if step not in self.steps:
            self.steps[step] = ItemState(self.times.steps[step])
        self.steps[step]._note(event)

    def _note(self, event: Event) -> None:
        match event.what:
            case Chunk(kind="text", text=text) if text:
                self.texts.append(text)
            case Chunk(kind="reasoning", text=text) if text:
                self.reasoning.append(text)
            case Usage() as usage:
                self.usage = usage
            case (ItemEnded() | StepEnded()) as ended:
                self.ended = ended


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
                self.items.setdefault(what.item, ItemState()).note(event)


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
        {**_asked(index, request), **_item(state.items.get(index, ItemState()), state.status, request.chain)}
        for index in range(request.items)
    ]
    metrics: dict[str, JsonValue] = {}
    if request.mode == "batch":
        metrics.update(batch_metrics((item.times for item in state.items.values()), request.at_once))
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
    """What is kept beside a run's events: the first item's answer and figures, the chunks of all, and a makespan.

    Gathered event by event, so that a long run costs nothing at its end.
    """

    chunks: int = 0
    _first: RunState = field(default_factory=RunState)
    _starts: dict[int, float] = field(default_factory=dict)
    _span: tuple[float, float] | None = None
    """The first start of an item with text, and the last text."""

    def note(self, event: Event) -> None:
        """Takes in the next event."""
        what = event.what
        if isinstance(what, ItemStarted):
            self._starts[what.item] = event.at
        elif isinstance(what, Chunk) and is_text(what):
            self.chunks += 1
            start = self._starts.get(what.item, event.at)
            self._span = min(start, self._span[0]) if self._span else start, event.at
        if getattr(what, "item", 0) == 0:
            self._first.note(event)

    @property
    def _makespan_ms(self) -> float | None:
        """As `chains.metrics.batch_metrics` has it."""
        return round(self._span[1] - self._span[0], 3) if self._span else None

    def summary(self) -> Summary:
        """As of the last event."""
        item = self._first.items.get(0, ItemState())
        figures, text = item_metrics(item.times), without_surrogates(item.text)
        # PostgreSQL takes no NUL.
        preview = " ".join(text[: 2 * PREVIEW_CHARACTERS].replace("\0", "").split())
        answer = Answer(
            text=text,
            cut=isinstance(item.ended, ItemEnded) and item.ended.is_cut,
            error=item.ended.error if item.ended and item.ended.error else self._first.error,
            ttft_ms=figures.ttft_ms,
            e2e_ms=self._makespan_ms if len(self._starts) > 1 else figures.e2e_ms,
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


def listed(request: RunRequest) -> dict[str, JsonValue]:
    """What each item was asked, in order: `inputs`, and of a run with variants their names as `variants`."""
    items = range(request.items)
    wire: dict[str, JsonValue] = {"inputs": [shortened(request.values_of(item)) for item in items]}
    if request.variants:
        wire["variants"] = [request.variant_name(item) for item in items]
    return wire


def shortened(inputs: Inputs) -> Inputs:
    """An input with its long texts cut, for a list; what is no text becomes JSON text."""
    return {name: as_text(value)[:LISTED_CHARACTERS] for name, value in inputs.items()}


def _asked(index: int, request: RunRequest) -> dict[str, JsonValue]:
    """Which item it is."""
    if not request.variants:
        return {"index": index}
    return {"index": index, "input": request.input_of(index), "variant": request.variant_name(index)}


def _item(item: ItemState, run_status: RunStatus, chain: ChainSpec) -> dict[str, JsonValue]:
    status = _status(item, run_status)
    wire: dict[str, JsonValue] = {"status": status, **_came(item)}
    if chain.branches:
        steps = {name: item.steps.get(name, ItemState()) for name in chain.names}
        wire["steps"] = [
            {"name": name, "status": _status(step, run_status), **_came(step)} for name, step in steps.items()
        ]
        if status == "done" and chain.parser != "message":
            wire["value"] = {name: _value(step, chain.parser) for name, step in steps.items()}
    return wire


def _status(item: ItemState, run_status: RunStatus) -> RunStatus:
    return item_status(item.ended, begun=item.times.start is not None, run_status=run_status)


def _came(item: ItemState) -> dict[str, JsonValue]:
    """What came of an item or a step."""
    ended, usage = item.ended, _counted(item)
    wire: dict[str, JsonValue] = {
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


def _value(step: ItemState, parser: Parser) -> JsonValue:
    """What the parser made of a branch that is done."""
    return step.ended.value if parser == "json" and step.ended else step.text


def _counted(item: ItemState) -> Usage | None:
    """The tokens of an item; of one with steps the sum, where each of them was counted."""
    if not item.steps:
        return item.usage
    counts = [step.usage for step in item.steps.values()]
    known = [usage for usage in counts if usage is not None]
    if len(known) < len(counts):
        return None
    reasoning = [usage.reasoning_tokens for usage in known if usage.reasoning_tokens is not None]
    return Usage(
        known[0].item,
        sum(usage.input_tokens for usage in known),
        sum(usage.output_tokens for usage in known),
        sum(usage.total_tokens for usage in known),
        sum(reasoning) if reasoning else None,
    )


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
