"""Latency figures of a run, by one set of definitions, as pure functions from its events.

All times are ms. `start` is the start of an item's first attempt; "text" is a non-empty text or reasoning chunk.
A figure that is undefined is None, never 0. Statistics over runs follow in their own module.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise

from chains.events import Chunk, Event, Happening, ItemEnded, ItemStarted, StepEnded, StepStarted, Usage
from chains.words import mark

DEFINITIONS: Mapping[str, str] = {
    "ttft": mark("Time to first token: from the start of the first attempt to the first chunk with text or reasoning."),
    "chunks": mark("Chunks with text or reasoning; empty ones are not counted."),
    "speed": mark("Tokens per second after the first: (N − tokens of the first chunk) / (last text − first text)."),
    "e2e": mark("From the start of the first attempt to the last chunk with text."),
    "p50": mark("Half of the gaps between chunks are this long or shorter; with the interval that holds it at 95 %."),
    "p95": mark("95 % of the gaps between chunks are this long or shorter; with the interval that holds it at 95 %."),
    "stalls": mark("Gaps longer than five times the median gap and than 300 ms."),
    "makespan": mark("From the first start of an input to the last text of any."),
    "ideal": mark(
        "The shortest makespan that could be: the longest input, or all of them spread evenly over the lanes."
    ),
    "speed_up": mark("How long the inputs take one after the other, divided by the makespan."),
    "efficiency": mark("Speed-up divided by how many inputs may run at once: 100 % when no lane ever idles."),
    "success": mark("Inputs that came to their end, of all. Failed ones are in the chart, not in the percentiles."),
    "ttft_p50": mark("Half of the inputs that came to their end had their first text this soon or sooner."),
}
"""What each figure means, for tooltips; message ids."""

CHARACTERS_PER_TOKEN = 4.0
"""The estimate that LangChain's `count_tokens_approximately` makes; used where a provider sends no usage."""


@dataclass(slots=True)
class ItemTimes:
    """The instants of one item, gathered from its events."""

    planned: float | None = None
    start: float | None = None
    last_attempt: float | None = None
    first_chunk: float | None = None
    first_text: float | None = None
    first_answer: float | None = None
    last_text: float | None = None
    closed: float | None = None
    texts: list[float] = field(default_factory=list)
    """When each non-empty text or reasoning chunk came."""
    first_characters: int = 0
    characters: int = 0
    tokens: int | None = None
    steps: dict[str, "ItemTimes"] = field(default_factory=dict)
    """The instants of each of its steps, such as parallel branches; chunks of a step are the item's too."""

    def note(self, event: Event) -> None:
        """Takes in one event of this item; the events come in order."""
        what = event.what
        step = getattr(what, "step", None)
        if step is not None:
            self.steps.setdefault(step, ItemTimes())._note(event)
        if step is None or isinstance(what, Chunk):
            self._note(event)

    def _note(self, event: Event) -> None:
        match event.what:
            case ItemStarted(planned=planned):
                self.planned, self.start, self.last_attempt = planned, event.at, event.at
            case StepStarted():
                self.start = self.last_attempt = event.at
            case Chunk(kind=kind, text=text):
                self._note_chunk(event.at, kind, text)
            case Usage(output_tokens=tokens):
                self.tokens = tokens
            case ItemEnded(last_attempt_at=last) | StepEnded(last_attempt_at=last):
                self.closed, self.last_attempt = event.at, max(last, self.start or 0.0)

    def count_tokens(self) -> tuple[int | None, bool]:
        """N, and whether any of it is an estimate: of steps, the sum of theirs."""
        if self.steps:
            counted = [step.count_tokens() for step in self.steps.values()]
            known = [tokens for tokens, _ in counted if tokens is not None]
            return (sum(known) if known else None), any(estimated for _, estimated in counted)
        if self.tokens is None and self.characters:
            return max(1, round(self.characters / CHARACTERS_PER_TOKEN)), True
        return self.tokens, False

    def _note_chunk(self, at: float, kind: str, text: str) -> None:
        if self.first_chunk is None:
            self.first_chunk = at
        if not text or kind not in ("text", "reasoning"):
            return
        if self.first_text is None:
            self.first_text, self.first_characters = at, len(text)
        if self.first_answer is None and kind == "text":
            self.first_answer = at
        self.last_text = at
        self.texts.append(at)
        self.characters += len(text)


@dataclass(frozen=True, slots=True)
class ItemMetrics:
    """The figures of one item; see the module for the terms.

    ttfc_ms: first chunk of any kind − start. ttft_ms: first text − start; ttft_last_attempt_ms: − start of the last
    attempt. ttat_ms: first answer text − start (later than TTFT for reasoning models). e2e_ms: last text − start.
    close_ms: end of the iterator − start. queue_wait_ms: start − planned start. tpot_ms: (t_last − t_first) /
    (N − n_first). tokens_per_second: 1 / TPOT. overall_tokens_per_second: N / E2E. chunks: the non-empty ones.
    """

    ttfc_ms: float | None = None
    ttft_ms: float | None = None
    ttft_last_attempt_ms: float | None = None
    ttat_ms: float | None = None
    e2e_ms: float | None = None
    close_ms: float | None = None
    queue_wait_ms: float | None = None
    tpot_ms: float | None = None
    chunks: int = 0
    tokens: int | None = None
    tokens_estimated: bool = False
    tokens_per_second: float | None = None
    overall_tokens_per_second: float | None = None
    stalls: int = 0


def is_text(what: Happening) -> bool:
    """Whether figures count it: a chunk with text or reasoning that is not empty."""
    return isinstance(what, Chunk) and bool(what.text) and what.kind in ("text", "reasoning")


def times_by_item(events: Iterable[Event]) -> dict[int, ItemTimes]:
    """The instants of each item that has begun, by index."""
    items: dict[int, ItemTimes] = {}
    for event in events:
        item = getattr(event.what, "item", None)
        if item is not None:
            items.setdefault(item, ItemTimes()).note(event)
    return items


def item_metrics(times: ItemTimes) -> ItemMetrics:
    """The figures of one item, rounded to 0.001."""
    if times.start is None:
        return ItemMetrics()
    tokens, estimated = times.count_tokens()
    tpot = _tpot(times, tokens)
    e2e = _since(times.start, times.last_text)
    return ItemMetrics(
        ttfc_ms=_since(times.start, times.first_chunk),
        ttft_ms=_since(times.start, times.first_text),
        ttft_last_attempt_ms=_since(times.last_attempt, times.first_text),
        ttat_ms=_since(times.start, times.first_answer),
        e2e_ms=e2e,
        close_ms=_since(times.start, times.closed),
        queue_wait_ms=_since(times.planned, times.start),
        tpot_ms=tpot,
        chunks=len(times.texts),
        tokens=tokens,
        tokens_estimated=estimated,
        tokens_per_second=round(1000 / tpot, 3) if tpot else None,
        overall_tokens_per_second=round(tokens / e2e * 1000, 3) if tokens and e2e else None,
        stalls=len(stalls(times.texts)),
    )


def batch_metrics(items: Iterable[ItemTimes], max_concurrency: int) -> dict[str, float | None]:
    """Makespan (first start to last text), sum of durations, speed-up = sum / makespan, efficiency, ideal."""
    spans = [(t.start, t.last_text) for t in items if t.start is not None and t.last_text is not None]
    if not spans:
        return {"makespan_ms": None, "sum_ms": None, "speed_up": None, "efficiency": None, "ideal_ms": None}
    durations = [last - start for start, last in spans]
    makespan = max(last for _, last in spans) - min(start for start, _ in spans)
    total = sum(durations)
    speed_up = total / makespan if makespan else None
    return {
        "makespan_ms": round(makespan, 3),
        "sum_ms": round(total, 3),
        "speed_up": round(speed_up, 4) if speed_up is not None else None,
        "efficiency": round(speed_up / max_concurrency, 4) if speed_up is not None else None,
        "ideal_ms": round(max(max(durations), total / max_concurrency), 3),
    }


def gaps(texts: Sequence[float]) -> list[float]:
    """Differences of successive non-empty chunks; below 1 ms they came in the same packet."""
    return [after - before for before, after in pairwise(texts)]


def stalls(texts: Sequence[float]) -> list[int]:
    """Indices of the gaps longer than max(5 × the median gap, 300 ms)."""
    found = gaps(texts)
    if not found:
        return []
    middle = sorted(found)
    half = len(middle) // 2
    median = middle[half] if len(middle) % 2 else (middle[half - 1] + middle[half]) / 2
    limit = max(5 * median, 300.0)
    return [index for index, gap in enumerate(found) if gap > limit]


def as_json(metrics: ItemMetrics) -> dict[str, float | int | bool | None]:
    """The figures under the names of the HTTP contract."""
    return asdict(metrics)


def _since(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else round(end - start, 3)


def _tpot(times: ItemTimes, tokens: int | None) -> float | None:
    if tokens is None or times.first_text is None or times.last_text is None:
        return None
    rest = tokens - _tokens_in_first(times, tokens)
    return round((times.last_text - times.first_text) / rest, 4) if rest >= 1 else None


def _tokens_in_first(times: ItemTimes, tokens: int) -> int:
    """One where every chunk is a token; else the first chunk's share of the characters."""
    if len(times.texts) >= tokens:
        return 1
    return max(1, round(tokens * times.first_characters / times.characters))
