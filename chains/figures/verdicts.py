"""What a run's times say, in one sentence: message ids with their values, looked up and filled in where drawn.

The rules are meant to say too little rather than too much: a pace is named from `MIN_GAPS` gaps on, buffering only
where most of the text came in bursts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from chains.figures.statistics import Percentile, percentile
from chains.figures.timings import ChunkRow, ItemRow
from chains.figures.units import duration, percent, times
from chains.words import mark

MIN_GAPS = 4
"""With fewer gaps there is no pace to speak of."""
EVEN_SHARE = 0.8
"""The pace is even when this share of the gaps is between half and double the median."""
PAUSE_MS = 20.0
"""A burst ends where nothing comes for so long."""
BURST_CHUNKS = 5
BURST_PACE_MS = 1.0
"""A burst has this many chunks or more, on average less than so far apart: faster than models write."""
BURST_SHARE = 0.8
"""A run came in bursts when this share of its text did,"""
BURST_TIME = 0.2
"""and they took no more than this share of its time: the rest was waiting."""
AS_LONG = 1.2
"""An answer that takes at most so many times as long is said to take as long."""
LITTLE_GAIN = 1.05
"""A speed-up below this is none to speak of."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A sentence with the names of `values` in it; one with a number has a form for `one` and for `other` counts."""

    one: str
    other: str | None = None
    count: int = 1
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bursts:
    """How many bursts there were, and the shares of the characters and of the time that are theirs."""

    count: int
    share: float
    time: float


def of_pace(rows: Sequence[ChunkRow], *, failed_after: float | None = None) -> Verdict:
    """How the text of one item came. `failed_after` is its time to failure in ms, if it failed."""
    said = [row for row in rows if row.timed]
    if not said:
        return _silent(failed_after)
    ttft = {"ttft": duration(said[0].at)}
    if failed_after is not None:
        return counted(
            "First text after {ttft}; it failed after {time}, one chunk in.",
            "First text after {ttft}; it failed after {time}, {count} chunks in.",
            len(said),
            {**ttft, "time": duration(failed_after)},
        )
    if len(said) == 1:
        return _plain(mark("The whole text came in one chunk, after {ttft}."), ttft)
    found = bursts(said)
    if found.share >= BURST_SHARE and found.time <= BURST_TIME:
        return _buffered(found, ttft)
    waits = [row.gap for row in said if row.gap is not None]
    if len(waits) < MIN_GAPS:
        return _plain(mark("First text after {ttft}, then too few chunks to speak of a pace."), ttft)
    return _paced(waits, [row.gap for row in said if row.stall and row.gap is not None], ttft)


def of_gaps(rows: Sequence[ChunkRow]) -> Verdict:
    """The gaps' percentiles, or how many gaps they take."""
    waits = [row.gap for row in rows if row.gap is not None]
    half, most = percentile(waits, 50), percentile(waits, 95)
    if half.value is None:
        return _too_few(half)
    if most.value is None:
        return counted(
            "Half of the gaps are {p50} or shorter; {count} gap is too few to tell p95 (needs n ≥ {needed}).",
            "Half of the gaps are {p50} or shorter; {count} gaps are too few to tell p95 (needs n ≥ {needed}).",
            len(waits),
            {"p50": duration(half.value), "needed": str(most.needed)},
        )
    values = {"p50": duration(half.value), "p95": duration(most.value)}
    return _plain(mark("Half of the gaps are {p50} or shorter, 95 % are {p95} or shorter."), values)


def of_arrival(rows: Sequence[ChunkRow]) -> Verdict:
    """When half of the text and when all of it was there."""
    said = [row for row in rows if row.timed]
    if not said:
        return _plain(mark("No text came."), {})
    values = {"half": duration(half_arrived(said)), "all": duration(said[-1].at)}
    return counted(
        "{count} character: half of the text was there after {half}, all of it after {all}.",
        "{count} characters: half of the text was there after {half}, all of it after {all}.",
        sum(row.characters for row in said),
        values,
    )


def of_batch(rows: Sequence[ItemRow], figures: Mapping[str, float | None], max_concurrency: int) -> Verdict:
    """What running at once has gained; `figures` are those of `batch_metrics`."""
    done = sum(row.status == "done" for row in rows)
    makespan, total, gain = figures["makespan_ms"], figures["sum_ms"], figures["speed_up"]
    if makespan is None or gain is None:
        return counted("No text came for the only input.", "No text came for any of {count} inputs.", len(rows))
    values = {
        "makespan": duration(makespan),
        "sum": duration(total),
        "speed": times(gain),
        "efficiency": percent(figures["efficiency"]),
        "lanes": str(max_concurrency),
    }
    if done < len(rows):
        return counted(
            "{done} of {count} input came to its end; its text took {makespan}.",
            "{done} of {count} inputs came to their end; the text took {makespan} instead of {sum}: {speed} as fast.",
            len(rows),
            {**values, "done": str(done)},
        )
    return _gained(done, max_concurrency, gain, values)


def of_both(loop: Sequence[ItemRow], batch: Sequence[ItemRow], spans: tuple[float | None, float | None]) -> Verdict:
    """What running together has gained over one after the other, and why; `spans` are the lengths of both in ms."""
    apart, together = spans
    alone, beside = _typical(loop), _typical(batch)
    if not apart or not together or alone is None or beside is None:
        return Verdict("One of the two gave no text: there is nothing to compare.")
    values = {
        "loop": duration(apart),
        "batch": duration(together),
        "speed": times(apart / together),
        "alone": duration(alone),
        "beside": duration(beside),
    }
    if apart / together < LITTLE_GAIN:
        return _plain(
            "One after the other {loop}, together {batch}: nothing gained. An answer took {alone} alone and {beside} "
            "beside others.",
            values,
        )
    if beside <= alone * AS_LONG:
        return _plain(
            "One after the other {loop}, together {batch}: {speed} as fast, because an answer takes as long as before "
            "({alone} alone, {beside} beside others) and only the waiting overlaps.",
            values,
        )
    return _plain(
        "One after the other {loop}, together {batch}: {speed} as fast, less than the lanes could give, because an "
        "answer took {beside} beside others and {alone} alone.",
        values,
    )


def _typical(rows: Sequence[ItemRow]) -> float | None:
    """The median E2E of the inputs that gave text, in ms."""
    found = [row.e2e_ms for row in rows if row.e2e_ms is not None]
    return median(found) if found else None


def bursts(said: Sequence[ChunkRow]) -> Bursts:
    """The groups of chunks that came faster than models write."""
    groups: list[list[ChunkRow]] = [[said[0]]] if said else []
    for before, after in pairwise(said):
        if after.at - before.at >= PAUSE_MS:
            groups.append([])
        groups[-1].append(after)
    found = [group for group in groups if _is_burst(group)]
    characters = sum(row.characters for row in said)
    inside = sum(row.characters for group in found for row in group)
    lasted = sum(group[-1].at - group[0].at for group in found)
    return Bursts(len(found), _share(inside, characters), _share(lasted, said[-1].at if said else 0.0))


def half_arrived(said: Sequence[ChunkRow]) -> float | None:
    """When half of the characters were there, in ms since the start."""
    whole, so_far = sum(row.characters for row in said), 0
    for row in said:
        so_far += row.characters
        if so_far * 2 >= whole:
            return row.at
    return None


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _is_burst(group: Sequence[ChunkRow]) -> bool:
    if len(group) < BURST_CHUNKS:
        return False
    return (group[-1].at - group[0].at) / (len(group) - 1) < BURST_PACE_MS


def _buffered(found: Bursts, ttft: Mapping[str, str]) -> Verdict:
    return counted(
        "{share} of the text came in one burst, after {ttft}: a buffer on the way, or a very fast model.",
        "{share} of the text came in {count} bursts: something between the model and here buffers.",
        found.count,
        {**ttft, "share": percent(found.share)},
    )


def _paced(waits: Sequence[float], stalled: Sequence[float], values: Mapping[str, str]) -> Verdict:
    middle = median(waits)
    even = sum(middle / 2 <= wait <= 2 * middle for wait in waits) >= EVEN_SHARE * len(waits)
    if not stalled:
        calm = mark("First text after {ttft}; even pace, no stall.")
        return _plain(calm if even else mark("First text after {ttft}; uneven pace, no stall."), values)
    told = {**values, "longest": duration(max(stalled))}
    if even:
        return counted(
            "First text after {ttft}; even pace, one stall of {longest}.",
            "First text after {ttft}; even pace, {count} stalls, the longest of {longest}.",
            len(stalled),
            told,
        )
    return counted(
        "First text after {ttft}; uneven pace, one stall of {longest}.",
        "First text after {ttft}; uneven pace, {count} stalls, the longest of {longest}.",
        len(stalled),
        told,
    )


def _silent(failed_after: float | None) -> Verdict:
    if failed_after is None:
        return _plain(mark("No text came."), {})
    return _plain(mark("No text came: it failed after {time}."), {"time": duration(failed_after)})


def _too_few(half: Percentile) -> Verdict:
    return counted(
        "{count} gap is too few to tell p50 (needs n ≥ {needed}).",
        "{count} gaps are too few to tell p50 (needs n ≥ {needed}).",
        half.n,
        {"needed": str(half.needed)},
    )


def _gained(count: int, lanes: int, gain: float, values: Mapping[str, str]) -> Verdict:
    if count == 1 or lanes == 1:
        return counted(
            "One input in {makespan}: there was nothing to run beside it.",
            "{count} inputs in {makespan}, one after the other.",
            count,
            values,
        )
    told = {**values, "count": str(count)}
    if gain < LITTLE_GAIN:
        return _plain(
            mark("{count} inputs in {makespan}: no faster than one after the other, with {lanes} lanes."), told
        )
    if count < lanes:
        return _plain(
            mark(
                "{count} inputs in {makespan} instead of {sum} one after the other: {speed} as fast; "
                "{lanes} lanes were open."
            ),
            told,
        )
    return _plain(
        mark(
            "{count} inputs in {makespan} instead of {sum} one after the other: {speed} as fast, "
            "{efficiency} of what {lanes} lanes could give."
        ),
        told,
    )


def counted(one: str, other: str, count: int, values: Mapping[str, str] | None = None) -> Verdict:
    """A sentence with a number: the catalogue's extractor collects both forms from this call."""
    return Verdict(one, other, count, values or {})


def _plain(message: str, values: Mapping[str, str]) -> Verdict:
    return Verdict(message, values=values)
