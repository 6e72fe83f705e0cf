"""A batch of 1,000 inputs at 50 at once, beside a bare pool of `astream` over the same provider; and one of 10,000.

A model's answer takes 20 ms for 20 chunks, each sent on its own (`PACED`), or all at once (`BURST`): then less of the
time is the wire's, and more of it ours. Both ways are bound by this machine's CPU and not by those 20 ms.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from bench.app import Playground
from bench.browser import Tab, new_context
from bench.pool import Took, pool
from bench.provider import Provider
from bench.table import Row, figure
from bench.watching import Watched, longest_answer_ms, watch

PACED, BURST = "pace-20-1000", "burst-20"
MODELS = ((PACED, "20 chunks in 20 ms"), (BURST, "20 chunks at once"))
COUNT, MANY, AT_ONCE = 1_000, 10_000, 50
ROUNDS = 3
MOST_MB, FLAT_MB, MOST_MS = 50, 15, 100
RUN = ".st-key-run button"


def batch(browser: Browser, folder: Path) -> list[Row]:
    folder.mkdir()
    provider = Provider.start(folder)
    playground = Playground.start(folder / "playground").wait()
    try:
        _run(playground, provider, BURST, AT_ONCE)
        rows = [row for model, name in MODELS for row in _beside_a_pool(playground, provider, model, name)]
        rows += _with_a_page(playground, provider, browser)
    finally:
        playground.served.stop()
    playground = Playground.start(folder / "many").wait()
    try:
        return [*rows, *_many(playground, provider)]
    finally:
        playground.served.stop()
        provider.served.stop()


def _beside_a_pool(playground: Playground, provider: Provider, model: str, name: str) -> list[Row]:
    """In turns and without a page; each way was warmed."""
    ours: list[Watched] = []
    bare: list[Took] = []
    for _ in range(ROUNDS):
        print(f"batch: {model}", file=sys.stderr)
        ours.append(_run(playground, provider, model, COUNT))
        bare.append(pool("prompt | model", provider.url, model, count=COUNT, at_once=AT_ONCE))
    parsed, raw = (
        pool(way, provider.url, model, count=COUNT, at_once=AT_ONCE).seconds
        for way in ("prompt | model | parser", "raw")
    )
    paces = {
        "ours": median(seen.seconds for seen in ours),
        "the pool": median(took.seconds for took in bare),
        "with a parser": parsed,
        "the provider alone": raw,
    }
    beside = ", ".join(f"{who} {figure(COUNT / seconds)}" for who, seconds in paces.items())
    what = f"batch of {COUNT:,}, {name}:"
    return [
        Row(f"{what} time", _ratios(ours, bare, "seconds"), "× bare pool", 1.3, f"items/s: {beside}"),
        Row(f"{what} CPU, all threads", _ratios(ours, bare, "cpu_s"), "× bare pool"),
        Row(f"{what} memory more than before", [seen.more_mb for seen in ours], "MB", MOST_MB, worst=True),
    ]


def _ratios(ours: Sequence[Watched], bare: Sequence[Took], of: str) -> list[float]:
    return [getattr(a, of) / getattr(b, of) for a, b in zip(ours, bare, strict=True)]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A batch with its page: what the server was seen to do, the main thread's shares in %, its longest task."""

    watched: Watched
    cpu: float
    wall: float
    longest_ms: float
    after_ms: float
    """The loop's longest answer when it was over."""


def _with_a_page(playground: Playground, provider: Provider, browser: Browser) -> list[Row]:
    alone = longest_answer_ms(playground.served)
    shown = [_shown(playground, provider, browser) for _ in range(ROUNDS)]
    by_the_clock = f"by the clock {figure(median(one.wall for one in shown))}"
    pings = f"p50 {figure(median(ping for one in shown for ping in one.watched.pings_ms))}"
    after = f"longest in the 2 s after it {figure(max(one.after_ms for one in shown))}, before all {figure(alone)}"
    answers = [max(one.watched.pings_ms) for one in shown]
    what = f"batch of {COUNT:,} with its page:"
    return [
        Row(f"{what} main thread busy", [one.cpu for one in shown], "%", 20, by_the_clock),
        Row(f"{what} longest task (0: below 50)", [one.longest_ms for one in shown], "ms"),
        Row(f"{what} longest answer of the loop", answers, "ms", MOST_MS, f"{pings}, {after}", worst=True),
    ]


def _shown(playground: Playground, provider: Provider, browser: Browser) -> _Shown:
    """Run is pressed on the page of an earlier batch; it counts from the first frame of rows to the last end."""
    print("batch: with its page", file=sys.stderr)
    earlier = playground.batch(provider.url, PACED, count=COUNT, at_once=AT_ONCE)
    playground.stop_run(earlier)
    playground.ended(earlier)
    with new_context(browser) as context:
        tab = Tab.open(context, f"{playground.served.url}/?run={earlier}")
        tab.page.locator(f"{RUN}:not([disabled])").click()
        tab.page.locator("[data-testid=run-status][data-status=running]").wait_for()
        began, tasks = tab.used(0), tab.page.evaluate("probe.tasks.length")
        watched = watch(playground.served, lambda: None, pinged=True)
        used = tab.used(0).since(began)
        lasted = tab.page.evaluate("(n) => probe.tasks.slice(n).map(([, lasted]) => lasted)", tasks)
        after = longest_answer_ms(playground.served)
    cpu, wall = (100 * spent / watched.seconds for spent in (used.main_cpu_s, used.main_wall_s))
    return _Shown(watched, cpu, wall, max(lasted, default=0.0), after)


def _many(playground: Playground, provider: Provider) -> list[Row]:
    """Memory by the number of inputs that have ended: those that the provider saw, less what is under way."""
    print(f"batch: {MANY:,}", file=sys.stderr)
    _run(playground, provider, BURST, AT_ONCE)
    before = provider.last().number
    runs: list[str] = []
    seen = watch(
        playground.served,
        lambda: runs.append(playground.batch(provider.url, BURST, count=MANY, at_once=AT_ONCE)),
        pinged=True,
        progress=lambda: provider.begun(0).number - before - AT_ONCE,
    )
    after = longest_answer_ms(playground.served)
    at = {n: max(mb for ended, mb in seen.sampled if ended <= n) for n in (COUNT, 2_000, 5_000, MANY)}
    said = ", ".join(f"{n:,}: {figure(mb - seen.before_mb)}" for n, mb in at.items())
    undone = MANY - playground.statuses(runs[0])["done"]
    what = f"batch of {MANY:,}:"
    return [
        Row(f"{what} inputs not done", [float(undone)], "", 0, f"items/s: {figure(MANY / seen.seconds)}"),
        Row(
            f"{what} memory, peak less that of the first {COUNT:,}",
            [seen.peak_mb - at[COUNT]],
            "MB",
            FLAT_MB,
            f"more than before it, by inputs ended: {said}, peak {figure(seen.more_mb)}",
        ),
        Row(
            f"{what} longest answer of the server's loop",
            [max(seen.pings_ms)],
            "ms",
            MOST_MS,
            f"in the 2 s after it {figure(after)}",
        ),
    ]


def _run(playground: Playground, provider: Provider, model: str, count: int) -> Watched:
    return watch(
        playground.served, lambda: playground.batch(provider.url, model, count=count, at_once=AT_ONCE), pinged=False
    )
