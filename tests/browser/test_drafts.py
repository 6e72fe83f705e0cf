"""Drafts in a browser: what is typed is kept while one is still typing, and comes back to this browser alone."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.view import keyed, open_playground, template, visiting
from tests.support.playground import Playground

WITHIN_S = 2.0
LONG = "snow that falls on a quiet town by the sea, long before anybody there has woken"


def topic(page: Page) -> Locator:
    return keyed(page, "var_topic", "textarea")


def opened(page: Page, url: str) -> None:
    open_playground(page, url)
    page.wait_for_function("document.lcelPending")


def replaced(page: Page, text: str) -> None:
    """Types over what stands in the field, and stays in it."""
    topic(page).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def kept(page: Page) -> float:
    """The seconds until the address names a draft."""
    began = time.perf_counter()
    page.wait_for_url(re.compile("draft="), timeout=10_000)
    return time.perf_counter() - began


def test_what_is_typed_outlives_refresh_tab_and_server_in_its_own_browser(browser: Browser, tmp_path: Path) -> None:
    playground = Playground(tmp_path)
    try:
        with visiting(browser) as mine, visiting(browser) as yours:
            page = mine.new_page()
            opened(page, playground.url)
            assert "draft=" not in page.url
            replaced(page, LONG)
            assert kept(page) < WITHIN_S
            for _ in range(3):
                page.keyboard.press("ArrowLeft")
            page.keyboard.type("!")
            assert topic(page).evaluate("field => [document.activeElement === field, field.selectionStart]") == [
                True,
                len(LONG) - 2,
            ]
            edited = f"{LONG[:-3]}!{LONG[-3:]}"
            page.wait_for_timeout(WITHIN_S * 1000)
            page.reload()
            expect(topic(page)).to_have_value(edited)

            other = mine.new_page()
            opened(other, playground.url)
            expect(topic(other)).to_have_value(edited)
            assert "draft=" not in other.url
            replaced(other, "of the other tab")
            kept(other)
            page.reload()
            expect(topic(page)).to_have_value(edited)

            template(page).fill("Before {topic}")
            page.wait_for_timeout(WITHIN_S * 1000)
            playground.kill()
            playground = Playground(tmp_path, port=playground.port)
            template(page).press("End")
            page.keyboard.type(" and after")
            page.wait_for_timeout(WITHIN_S * 1000)
            expect(template(page)).to_have_value("Before {topic} and after")
            for tab, value in ((page, edited), (other, "of the other tab")):
                tab.goto(tab.url)
                expect(topic(tab)).to_have_value(value)

            stranger = yours.new_page()
            open_playground(stranger, playground.url)
            stranger.goto(page.url)
            expect(topic(stranger)).to_have_value("ice cream")
            assert not playground.tracebacks, playground.output
    finally:
        playground.kill()


@pytest.mark.parametrize("what", ["template_0", "var_topic"])
def test_an_open_composition_is_kept_and_goes_on_undisturbed(page: Page, playground: Playground, what: str) -> None:
    opened(page, playground.url)
    field = keyed(page, what, "textarea")
    field.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    keys = page.context.new_cdp_session(page)
    for part in ("ㅎ", "하"):
        keys.send("Input.imeSetComposition", {"text": part, "selectionStart": 1, "selectionEnd": 1})
    assert kept(page) < WITHIN_S
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    keys.send("Input.imeSetComposition", {"text": "한", "selectionStart": 1, "selectionEnd": 1})
    keys.send("Input.insertText", {"text": "한"})
    page.keyboard.type("글")
    expect(field).to_have_value("한글")
    page.wait_for_timeout(WITHIN_S * 1000)
    page.reload()
    expect(field).to_have_value("한글")


@pytest.mark.parametrize("what", ["template_0", "var_topic"])
def test_keys_without_a_rest_are_kept_in_time(page: Page, playground: Playground, what: str) -> None:
    opened(page, playground.url)
    keyed(page, what, "textarea").press("End")
    began = time.perf_counter()
    while "draft=" not in page.url:
        page.keyboard.type("x")
        page.wait_for_timeout(120)
        assert time.perf_counter() - began < WITHIN_S
