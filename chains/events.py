"""What happens in a run, from the provider to the screen: one vocabulary.

`chains/calls.py` makes what happened, `runs/log.py` numbers and stamps it into an `Event`, and socket, store, metrics,
API and exports all read those. An item is one input of the run, by its index; a step is a named part of it, such as a
parallel branch: what happens there carries its name, and a chain without such parts has none.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Literal, cast

from pydantic import JsonValue

ChunkKind = Literal["role", "text", "reasoning", "tool", "finish", "usage"]
RunStatus = Literal["queued", "running", "done", "stopped", "failed", "incomplete", "interrupted"]
ENDED: frozenset[str] = frozenset({"done", "stopped", "failed", "incomplete", "interrupted"})

Fault = Mapping[str, JsonValue]
"""An outcome as JSON: `code`, `message`, `hint`, and where known `values`, `phrases` and `detail`."""


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run left the queue; `started` is the wall clock (ISO 8601, UTC), for display only."""

    mode: str
    items: int
    started: str


@dataclass(frozen=True, slots=True)
class ItemStarted:
    """First attempt of an item. `planned` is when it could have started (ms since the run began)."""

    item: int
    planned: float = 0.0


@dataclass(frozen=True, slots=True)
class StepStarted:
    """First attempt of a step."""

    item: int
    step: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """One piece as the provider cut it.

    `text` is what came: of the answer, of the reasoning, or of a tool call's arguments (its name where there are none);
    empty where nothing did, always so for `role`, `finish` and `usage`.
    """

    item: int
    kind: ChunkKind
    text: str
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Attempt number `attempt` (from 1) failed before its first chunk; the next begins after `wait_ms`."""

    item: int
    attempt: int
    wait_ms: float
    error: Fault
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them."""

    item: int
    input_tokens: int
    output_tokens: int
    total_tokens: int
    reasoning_tokens: int | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class StepEnded:
    """The end of a step, which says of it what `ItemEnded` says of an item."""

    item: int
    step: str
    status: RunStatus = "done"
    finish_reason: str | None = None
    error: Fault | None = None
    attempts: int = 1
    last_attempt_at: float = 0.0
    message: Mapping[str, JsonValue] | None = None
    value: JsonValue = None


@dataclass(frozen=True, slots=True)
class ItemEnded:
    """The end of an item; its stamp is the close time.

    `last_attempt_at` is ms since the run began. `message` is LangChain's message without the text that the chunks
    already hold; `value` is the parser's value where it is not that text.
    """

    item: int
    status: RunStatus
    finish_reason: str | None = None
    error: Fault | None = None
    attempts: int = 1
    last_attempt_at: float = 0.0
    message: Mapping[str, JsonValue] | None = None
    value: JsonValue = None

    @property
    def is_cut(self) -> bool:
        """Whether the answer was ended by its limit of tokens."""
        return self.status == "done" and self.finish_reason in ("length", "max_tokens")


@dataclass(frozen=True, slots=True)
class RunEnded:
    status: RunStatus
    error: Fault | None = None


Happening = RunStarted | ItemStarted | StepStarted | Chunk | Retry | Usage | StepEnded | ItemEnded | RunEnded

TYPES: Mapping[str, type[Happening]] = {
    "run_started": RunStarted,
    "item_started": ItemStarted,
    "step_started": StepStarted,
    "chunk": Chunk,
    "retry": Retry,
    "usage": Usage,
    "step_ended": StepEnded,
    "item_ended": ItemEnded,
    "run_ended": RunEnded,
}
NAMES: Mapping[type[Happening], str] = {kind: name for name, kind in TYPES.items()}
_FIELDS = {kind: tuple((f.name, f.default) for f in fields(kind)) for kind in NAMES}


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, numbered from 0 and stamped in ms since the run began."""

    seq: int
    at: float
    what: Happening


def to_wire(event: Event) -> dict[str, JsonValue]:
    """The event as JSON in full; fields that hold their default are left out, `item` and `kind` never."""
    wire: dict[str, JsonValue] = {"seq": event.seq, "at": event.at, "type": NAMES[type(event.what)]}
    for name, default in _FIELDS[type(event.what)]:
        value = getattr(event.what, name)
        if value is not None and (value != default or name in ("status", "attempts")):
            wire[name] = value
    return wire


def encode_short(event: Event) -> str:
    """The event as JSON text for the live socket and the store: `item` 0 and `kind` text are left out."""
    what = event.what
    if type(what) is Chunk:
        head = f'{{"seq":{event.seq},"at":{event.at:.3f},"type":"chunk",'
        if what.item:
            head += f'"item":{what.item},'
        if what.kind != "text":
            head += f'"kind":"{what.kind}",'
        if what.step is not None:
            head += f'"step":{encode_json(what.step)},'
        return f'{head}"text":{encode_json(what.text)}}}'
    wire = to_wire(event)
    if wire.get("item") == 0:
        del wire["item"]
    return encode_json(wire)


def decode(wire: Mapping[str, JsonValue]) -> Event:
    """The event of its JSON, full or short. Raises `KeyError` or `TypeError` for what is no event of ours."""
    data = dict(wire)
    kind = TYPES[str(data.pop("type"))]
    seq, at = data.pop("seq"), data.pop("at")
    if kind not in (RunStarted, RunEnded):
        data.setdefault("item", 0)
    if kind is Chunk:
        data.setdefault("kind", "text")
    return Event(cast(int, seq), cast(float, at), kind(**data))  # type: ignore[arg-type]


def decode_lines(lines: Iterable[str]) -> list[Event]:
    """The events of the store's lines, each one event in short form."""
    return [decode(json.loads(line)) for line in lines]


_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def encode_json(value: object) -> str:
    """Compact JSON text on one line, valid also where a model sends half a surrogate pair or NaN (null)."""
    try:
        text = _ENCODE(value)
    except ValueError:
        text = _ENCODE(_finite(value))
    return without_surrogates(text)


def _finite(value: object) -> object:
    """`value` with null for what JSON has no number for, as in a browser."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(held) for key, held in value.items()}
    return [_finite(held) for held in value] if isinstance(value, list | tuple) else value


def without_surrogates(text: str) -> str:
    """`text` with U+FFFD for each half of a surrogate pair: those have no UTF-8 form, and no database takes them."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
