"""The pages that are compared: the playground's, and two that show the same tokens in the ways that are usual."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import BrowserContext

from bench.app import Playground
from bench.browser import Tab
from bench.processes import Served
from bench.provider import Provider

PEERS = "bench/peers"


@dataclass(frozen=True, slots=True)
class View:
    """A page that can be asked for an answer: `go` is its button, `text` holds the answer, `source` names its bytes."""

    name: str
    served: Served
    go: str
    text: str
    source: str
    playground: Playground | None = None
    boundaries: bool = False
    once: bool = False
    """Whether one round is enough: it is far from the others."""

    def open(self, context: BrowserContext, provider: Provider, model: str, mode: str = "stream") -> Tab:
        """The page, ready to ask for `model`."""
        if self.playground is None:
            tab = Tab.open(context, f"{self.served.url}/?{urlencode({'model': model})}")
            tab.page.locator(self.go).wait_for()
            return tab
        # A run that is stopped at once gives the page its link, and the link refills the form.
        run = self.playground.run(provider.url, model, mode)
        self.playground.stop_run(run)
        self.playground.ended(run)
        tab = Tab.open(context, f"{self.served.url}/?run={run}")
        tab.page.locator(f"{self.go}:not([disabled])").wait_for()
        switch = tab.page.get_by_test_id("tool-boundaries")
        if (switch.get_attribute("aria-pressed") == "true") != self.boundaries:
            switch.click()
        return tab


@contextmanager
def views(provider: Provider, playground: Playground, logs: Path) -> Iterator[list[View]]:
    """All of them, the playground's with boundaries off and on."""
    arguments = ["-m", "streamlit", "run", f"{PEERS}/write_stream.py", "--server.port", "{port}"]
    plain = Served.start(["-m", "bench.peers.plain", "{port}", provider.url], log=logs / "plain.log")
    usual = Served.start(
        [*arguments, "--server.address", "127.0.0.1"],
        log=logs / "write_stream.log",
        environment={"PROVIDER_URL": provider.url},
    )
    ours = View(
        "boundaries off", playground.served, ".st-key-run button", "[data-testid=run-text]", "/api/live", playground
    )
    try:
        yield [
            ours,
            replace(ours, name="boundaries on", boundaries=True),
            View("plain page", plain.wait("/"), "#ask", "#text", "fetched"),
            View(
                "write_stream",
                usual.wait("/_stcore/health"),
                ".st-key-ask button",
                "body",
                "/_stcore/stream",
                once=True,
            ),
        ]
    finally:
        plain.stop()
        usual.stop()
