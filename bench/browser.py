"""Chromium, and a page of it that notes what happens to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from playwright.sync_api import Browser, BrowserContext, CDPSession, Locator, Page, sync_playwright

from tests.support.chromium import FLAGS, find

PROBE = Path(__file__).parent / "probe.js"


@contextmanager
def chromium() -> Iterator[Browser]:
    """The whole browser, as people have it."""
    found = find(whole=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def new_context(browser: Browser) -> BrowserContext:
    """A visitor who was never here before."""
    return browser.new_context(viewport={"width": 1280, "height": 900})


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds so far, or between two moments."""

    main_cpu_s: float
    main_wall_s: float
    server_cpu_s: float

    def since(self, before: "Used") -> "Used":
        return Used(
            self.main_cpu_s - before.main_cpu_s,
            self.main_wall_s - before.main_wall_s,
            self.server_cpu_s - before.server_cpu_s,
        )


@dataclass(slots=True)
class Tab:
    """One page with the probe in it."""

    page: Page
    wall: CDPSession
    cpu: CDPSession
    drift_ms: float = 0.0

    @classmethod
    def open(cls, context: BrowserContext, url: str) -> "Tab":
        page = context.new_page()
        page.add_init_script(path=PROBE)
        wall, cpu = context.new_cdp_session(page), context.new_cdp_session(page)
        wall.send("Performance.enable", {"timeDomain": "timeTicks"})
        cpu.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(url)
        return cls(page, wall, cpu)

    def watch(self, root: Locator, tokens: int) -> None:
        """Begins to note the tokens that appear below `root`, until all of `tokens` have."""
        self.drift_ms = self.page.evaluate("probe.drift()")
        root.evaluate("(root, tokens) => probe.watch(root, tokens)", tokens)

    def wait_for_last_token(self) -> None:
        """Without asking again and again: that would be work of the thread that is measured."""
        self.page.evaluate("probe.complete")

    def used(self, server_cpu_s: float) -> Used:
        """What the main thread has used so far, of its CPU and by the clock on the wall; and the server."""
        return Used(_busy_s(self.cpu), _busy_s(self.wall), server_cpu_s)

    def lags_ms(self, sent: list[float]) -> list[float]:
        """By token: from its sending (Unix time, s) to the first moment at which it was in the document."""
        seen = cast(list[tuple[float, int]], self.page.evaluate("probe.seen"))
        lags: list[float] = []
        for at, highest in seen:
            lags += [at - self.drift_ms - sent[token] * 1000 for token in range(len(lags), highest + 1)]
        return lags

    def received(self, source: str) -> int:
        """Bytes that came by `source` since `watch`."""
        return int(self.page.evaluate("(source) => probe.bytes[source] - (probe.before[source] ?? 0)", source))

    def longest_task_ms(self, begin_s: float, end_s: float) -> float:
        """The longest task that overlaps an interval of the machine's clock; 0 when none took 50 ms."""
        tasks = cast(list[tuple[float, float]], self.page.evaluate("probe.tasks"))
        begin, end = begin_s * 1000 + self.drift_ms, end_s * 1000 + self.drift_ms
        return max((lasted for at, lasted in tasks if at < end and at + lasted > begin), default=0.0)


def _busy_s(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))
