"""What a person sees and does on the pages, by name."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocket, expect
from pydantic import JsonValue

from tests.support.playground import Json

ENDED_MS = 30_000

expect.set_options(timeout=15_000)


@contextmanager
def visiting(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """A fresh profile, with options of `new_context`. No page of it may throw, or show a traceback.

    A page that is left, or whose server ends, while it loads its modules throws that: it is none of ours.
    """
    thrown: list[str] = []
    wanted = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US", "timezone_id": "Asia/Seoul", **options}
    context = browser.new_context(**wanted)
    context.set_default_timeout(15_000)
    context.on("weberror", lambda event: thrown.append(str(event.error)))
    yield context
    for page in context.pages:
        assert page.get_by_text("Traceback").count() == 0
    context.close()
    ours = [error for error in thrown if "Failed to fetch dynamically imported module" not in error]
    assert not ours, ours


class View:
    """The live view of a run, wherever it stands on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.get_by_test_id("run-view")
        self.status = page.get_by_test_id("run-status")
        self.answer = page.get_by_test_id("run-text")
        self.lost = page.get_by_test_id("run-lost")
        self.trouble = page.get_by_test_id("run-trouble")
        self.reading = page.get_by_test_id("chunk-reading")
        self.chunks = self.answer.locator(".chunk")
        self.ticks = self.answer.locator(".tick")

    @property
    def text(self) -> str:
        """The answer as it stands there, to the letter."""
        return self.answer.text_content() or ""

    def expect_status(self, status: str) -> None:
        """Waits until the run has this status."""
        expect(self.status).to_have_attribute("data-status", status, timeout=ENDED_MS)

    def expect_text(self, text: str) -> None:
        """Waits until the answer is `text`, to the letter."""
        self.until("text === wanted", {"wanted": text})

    def until_characters(self, count: int) -> str:
        """The answer, as soon as it has so many characters."""
        self.until("text.length >= wanted", {"wanted": count})
        return self.text

    def until(self, condition: str, values: Mapping[str, JsonValue]) -> None:
        """Waits until a condition on `text`, the answer as it stands, and on `wanted` holds."""
        self.answer.wait_for(state="attached")
        element = self.answer.element_handle()
        self.page.wait_for_function(
            f"([answer, {{ wanted }}]) => {{ const text = answer.textContent; return {condition}; }}",
            arg=[element, dict(values)],
            timeout=ENDED_MS,
        )

    def figure(self, name: str) -> Locator:
        return self.page.get_by_test_id(f"figure-{name}")

    def tool(self, name: str) -> Locator:
        return self.page.get_by_test_id(f"tool-{name}")

    def tab(self, name: str) -> None:
        """Chooses another reading of the ended run."""
        self.page.get_by_role("radio", name=name, exact=True).last.click()


def keyed(page: Page, key: str, what: str = "button") -> Locator:
    """The control of a widget, by the widget's key."""
    return page.locator(f".st-key-{key} {what}").first


def run_button(page: Page) -> Locator:
    return keyed(page, "run")


def stop_button(page: Page) -> Locator:
    return keyed(page, "stop")


def template(page: Page, row: int = 0) -> Locator:
    return keyed(page, f"template_{row}", "textarea")


def open_playground(page: Page, base: str, run: str = "") -> View:
    """The playground, ready to be used, with a run when one is given."""
    page.goto(f"{base}/?run={run}" if run else base)
    page.locator(".st-key-run, .st-key-stop").first.wait_for()
    # Streamlit loads each kind of widget when it first meets one: those above Run may come after it.
    template(page).wait_for()
    keyed(page, "parser").wait_for()
    return View(page)


def open_run(page: Page, base: str, run: str) -> View:
    """A run on the Runs page."""
    page.goto(f"{base}/runs?run={run}")
    view = View(page)
    view.root.wait_for()
    return view


def run_of(page: Page) -> str:
    """The run that the page's address names."""
    page.wait_for_url("**run=*")
    return named(page, "run")


def named(page: Page, parameter: str) -> str:
    """What the page's address says under a name; '' where it says nothing."""
    return "".join(parse_qs(urlsplit(page.url).query).get(parameter, [])[:1])


class Frames:
    """What the live sockets of a page carry from now on."""

    def __init__(self, page: Page) -> None:
        self.sent: list[Json] = []
        self.received: list[Json] = []
        page.on("websocket", self._listen)

    @property
    def follows(self) -> list[Json]:
        return [order for order in self.sent if order["op"] == "follow"]

    @property
    def numbers(self) -> list[int]:
        """The numbers of all events that came, in order."""
        return [event["seq"] for frame in self.received for event in frame.get("events", [])]

    def _listen(self, socket: WebSocket) -> None:
        if socket.url.endswith("/api/live"):
            socket.on("framesent", lambda frame: self.sent.append(json.loads(frame)))
            socket.on("framereceived", lambda frame: self.received.append(json.loads(frame)))
