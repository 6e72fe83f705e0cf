"""Typing into a template of 20,000 characters, and beside it into a bare text area of the same page."""

from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, ElementHandle, Page

from bench.app import Playground
from bench.browser import new_context
from bench.table import Row, figure

CHARACTERS = 20_000
KEYS = 40
ROUNDS = 3
MOST_MS = 16
TYPING = (Path(__file__).parent / "typing.js").read_text("utf-8")
TEXTS = {
    "lines": "# Part of {topic}\nWords about {topic} in a line, with {{ and }} in it.\n\n",
    "one paragraph": "Words about {topic} in a line, with {{ and }} in it, and more. ",
    "one paragraph without braces": "Words without any brace at all, one after the other, again. ",
    "one paragraph of 5,000 variables": "{a} ",
}
FIELD = ".st-key-template_0 textarea"
BARE = """() => {
    const area = document.querySelector(".st-key-template_0 textarea");
    const bare = document.createElement("textarea");
    bare.style = `width: ${area.clientWidth}px; height: 400px; font: ${getComputedStyle(area).font}`;
    document.body.append(bare);
    return bare;
}"""


def editor(browser: Browser, folder: Path) -> list[Row]:
    """Script and layout of one keystroke: the median of a round's keys counts."""
    playground = Playground.start(folder).wait()
    try:
        with new_context(browser) as context:
            page = context.new_page()
            page.goto(playground.served.url)
            page.locator(FIELD).wait_for()
            return [_row(page, name, part) for name, part in TEXTS.items()]
    finally:
        playground.served.stop()


def _row(page: Page, name: str, part: str) -> Row:
    text = (part * (CHARACTERS // len(part) + 1))[:CHARACTERS]
    rounds = [_typed(page, page.locator(FIELD).element_handle(), text) for _ in range(ROUNDS)]
    bare = median(_typed(page, page.evaluate_handle(BARE).as_element(), text))
    slow = median(quantiles(times, n=20)[18] for times in rounds)
    beside = f"p95 {figure(slow)} ms; a bare text area {figure(bare)} ms"
    return Row(f"A keystroke in 20,000 characters, {name}", [median(times) for times in rounds], "ms", MOST_MS, beside)


def _typed(page: Page, area: ElementHandle | None, text: str) -> list[float]:
    assert area is not None
    times: list[float] = page.evaluate(TYPING, [area, text, KEYS])
    return times
