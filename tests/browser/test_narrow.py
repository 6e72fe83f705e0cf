"""On a telephone: nothing scrolls sideways, in no state, on no page, light or dark."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.view import open_playground, open_run, template, visiting
from tests.support.playground import Playground, request

WIDTH = 390
LOOKS: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture(scope="module", params=LOOKS)
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    size = {"width": WIDTH, "height": 844}
    with visiting(browser, viewport=size, color_scheme=request.param, has_touch=True) as context:
        yield context.new_page()


def test_the_look_is_the_one_that_was_asked_for(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    colour = page.locator("[data-testid=stApp]").evaluate("app => getComputedStyle(app).backgroundColor")
    assert colour == ("rgb(21, 24, 28)" if dark else "rgb(252, 252, 251)")


def test_before_the_first_run(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    _expect_to_fit(page)
    template(page).fill("Tell me {topic} " + "averylongword" * 20 + " {" + "averylongvariable" * 10 + "} {")
    template(page).blur()
    expect(page.get_by_text("cannot run")).to_be_visible()
    _expect_to_fit(page)


def test_while_running_and_after_the_end(page: Page, playground: Playground) -> None:
    run = playground.start(request(ttft_ms=20, tokens_per_second=20, min_tokens=1_000))
    view = open_playground(page, playground.url, run)
    view.until_characters(20)
    _expect_to_fit(page)
    playground.end_run(run)
    view.expect_status("stopped")
    expect(page.locator(".st-key-run")).to_be_visible()
    _expect_to_fit(page)
    for tab in ("Markdown", "Message", "Events", "Code"):
        view.tab(tab)
        expect(page.locator(".st-key-reading_run_view")).to_be_visible()
        _expect_to_fit(page)


def test_a_long_word_and_a_failure(page: Page, playground: Playground) -> None:
    run = playground.start(request(fault="server_error", max_retries=0, template="averylongword" * 200))
    open_playground(page, playground.url, run).expect_status("failed")
    _expect_to_fit(page)


def test_the_list_and_a_run_on_the_runs_page(page: Page, playground: Playground) -> None:
    run = playground.start(request(template="averylongword" * 200))
    playground.ended(run)
    page.goto(f"{playground.url}/runs")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    _expect_to_fit(page)
    open_run(page, playground.url, run).expect_status("done")
    _expect_to_fit(page)


def _expect_to_fit(page: Page) -> None:
    page.wait_for_function("document.querySelector('[data-testid=stStatusWidget]') === null")
    widths = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1]
    assert not page.evaluate(_WIDER), page.evaluate(_WIDER)


# Streamlit's own main area scrolls instead of the document: it must not be wider inside than it is either.
_WIDER = """() => [...document.querySelectorAll("[data-testid=stMain], [data-testid=stMainBlockContainer]")]
    .filter((area) => area.scrollWidth > area.clientWidth + 1)
    .map((area) => [area.dataset.testid, area.scrollWidth, area.clientWidth])"""
