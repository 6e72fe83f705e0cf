"""One answer in one page, measured."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser

from bench.app import Playground
from bench.browser import Used, new_context
from bench.provider import Provider
from bench.views import View, views

SETTLE_S = 0.6


@dataclass(frozen=True, slots=True)
class Answer:
    """What one answer cost from its first token to its last."""

    lags_ms: list[float]
    used: Used
    kilobytes: float
    longest_ms: float
    """The longest task of the main thread; 0 when none took 50 ms."""
    longest_after_ms: float
    """The same after the last token: what the page does at the end of a run."""

    @property
    def p50_ms(self) -> float:
        return median(self.lags_ms)

    @property
    def p99_ms(self) -> float:
        return quantiles(self.lags_ms, n=100)[98]


@dataclass(frozen=True, slots=True)
class Stage:
    """A provider, a browser, and the pages to compare."""

    provider: Provider
    browser: Browser
    views: Sequence[View]

    def answer(self, view: View, model: str, tokens: int) -> Answer:
        """Asks one page for an answer whose model waits before its first token and after its last."""
        print(f"{model}: {view.name}", file=sys.stderr)
        with new_context(self.browser) as context:
            tab = view.open(context, self.provider, model)
            before = self.provider.last().number
            tab.watch(tab.page.locator(view.text), tokens)
            tab.page.locator(view.go).click()
            self.provider.begun(before)
            # The page has drawn what it draws at a start; the first token is still to come.
            time.sleep(SETTLE_S)
            began = tab.used(view.served.cpu_s())
            tab.wait_for_last_token()
            used = tab.used(view.served.cpu_s()).since(began)
            received, sent = tab.received(view.source), self.provider.last().sent
            lags = tab.lags_ms(sent)
            end = sent[-1] + lags[-1] / 1000
            time.sleep(2 * SETTLE_S)
            longest, after = tab.longest_task_ms(sent[0], end), tab.longest_task_ms(end + 0.001, time.time())
            return Answer(lags, used, received / 1000, longest, after)

    def rounds(self, model: str, tokens: int, rounds: int) -> dict[str, list[Answer]]:
        """Several answers of each page, taken in turns, so that a noisy moment does not fall on one of them alone."""
        answers: dict[str, list[Answer]] = {view.name: [] for view in self.views}
        for number in range(rounds):
            for view in self.views:
                if number == 0 or not view.once:
                    answers[view.name].append(self.answer(view, model, tokens))
        return answers


@contextmanager
def stage(browser: Browser, logs: Path) -> Iterator[Stage]:
    """Everything that answers need, warmed by one short answer in each page."""
    provider = Provider.start(logs)
    playground = Playground.start(logs / "playground").wait()
    try:
        with views(provider, playground, logs) as pages:
            ready = Stage(provider, browser, pages)
            ready.rounds("pace-50-100-wait", 50, 1)
            yield ready
    finally:
        playground.served.stop()
        provider.served.stop()
