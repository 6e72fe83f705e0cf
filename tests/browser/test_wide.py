"""On a laptop's screen: prompt and run side by side, and no scrolling for the usual run."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.view import keyed, open_playground, run_button, template, visiting
from tests.support.playground import Playground

LOW = {"width": 1280, "height": 720}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with visiting(browser, viewport=LOW, color_scheme="dark") as context:
        yield context.new_page()


def test_the_usual_run_needs_no_scrolling(page: Page, playground: Playground) -> None:
    view = open_playground(page, playground.url)
    left, right = template(page).bounding_box(), run_button(page).bounding_box()
    assert left
    assert right
    assert left["x"] + left["width"] < right["x"]
    run_button(page).click()
    view.expect_status("done")
    expect(page.get_by_role("radio", name="Timing", exact=True)).to_be_in_viewport()
    expect(keyed(page, "language", "input")).to_be_in_viewport(ratio=1)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollHeight - main.clientHeight") == 0
