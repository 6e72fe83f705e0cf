"""Stop: how long until the provider sees the connection closed."""

import time
from collections.abc import Iterator
from statistics import median

from bench.answers import Stage
from bench.browser import new_context
from bench.table import Row
from bench.views import View

ROUNDS = 5
MOST_MS = 100
CASES = (
    ("stream", "pace-1000-100", "in mid-answer"),
    ("stream", "silent", "while it is silent"),
    ("invoke", "silent", "while it is silent"),
)
STOP = ".st-key-stop button"


def stop(stage: Stage) -> list[Row]:
    """By the HTTP route, in both modes; and by a click in the page, from the moment its order leaves the page."""
    view = next(view for view in stage.views if view.playground)
    rows = []
    for mode, model, when in CASES:
        times = [_by_route(stage, view, mode, model) for _ in range(ROUNDS)]
        rows.append(Row(f"Stop by HTTP, {mode}, {when}", times, "ms", MOST_MS, worst=True))
    for mode, model, when in CASES:
        pairs = list(_by_click(stage, view, mode, model))
        from_click = f"from the click {median(clicked for _, clicked in pairs):.0f} ms"
        rows.append(
            Row(f"Stop by click, {mode}, {when}", [sent for sent, _ in pairs], "ms", MOST_MS, from_click, worst=True)
        )
    return rows


def _by_route(stage: Stage, view: View, mode: str, model: str) -> float:
    assert view.playground is not None
    before = stage.provider.last().number
    run = view.playground.run(stage.provider.url, model, mode)
    number = stage.provider.begun(before).number
    time.sleep(0.3)
    asked = time.time()
    view.playground.stop_run(run)
    return (stage.provider.closed(number) - asked) * 1000


def _by_click(stage: Stage, view: View, mode: str, model: str) -> Iterator[tuple[float, float]]:
    """Yields ms from the order's leaving the page, and from the click."""
    with new_context(stage.browser) as context:
        tab = view.open(context, stage.provider, model, mode)
        script = "addEventListener('click', () => (probe.clicked = performance.timeOrigin + performance.now()), true)"
        tab.page.evaluate(script)
        for _ in range(ROUNDS):
            before = stage.provider.last().number
            tab.page.locator(f"{view.go}:not([disabled])").click()
            number = stage.provider.begun(before).number
            tab.page.locator(STOP).wait_for()
            time.sleep(0.5)
            drift, orders = tab.page.evaluate("[probe.drift(), probe.orders.length]")
            tab.page.locator(STOP).click()
            left = stage.provider.closed(number) * 1000 + drift
            tab.page.locator(view.go).wait_for()
            clicked, sent = tab.page.evaluate("(orders) => [probe.clicked, probe.orders[orders]]", orders)
            yield left - sent, left - clicked
