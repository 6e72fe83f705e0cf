"""Drafts in a browser: what is typed is kept while one is still typing, and comes back to this browser alone."""

import json
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.view import keyed, named, open_playground, template, visiting
from tests.support.playground import Playground

WITHIN_S = 5.0
"""The two seconds in which an edit is kept, and what a busy machine takes beyond them."""
STORED_S = 15.0
TOLD_WITHIN_MS = 1500
"""By the page's own clock, which a busy machine disturbs less."""
LONG = "snow that falls on a quiet town by the sea, long before anybody there has woken"
EDITS = """
    window.untold = null;
    window.waits = [];
    addEventListener("input", ({ target: { value } }) => {
        window.untold = { value, since: untold?.since ?? performance.now() };
    }, true);
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (data) {
        if (untold && data instanceof Uint8Array && new TextDecoder().decode(data).includes(untold.value)) {
            waits.push(performance.now() - untold.since);
            window.untold = null;
        }
        return send.call(this, data);
    };
"""
"""What of a field's text no frame has carried yet, and how long each edit has waited for one."""


def topic(page: Page) -> Locator:
    return keyed(page, "var_topic", "textarea")


def opened(page: Page, url: str) -> None:
    page.add_init_script(EDITS)
    open_playground(page, url)
    page.wait_for_function("document.lcelPending")


def replaced(page: Page, text: str) -> None:
    """Types over what stands in the field, and stays in it."""
    topic(page).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def expect_kept(page: Page) -> None:
    """Waits until the address names a draft: what was typed is told in time, and kept soon after."""
    page.wait_for_url(re.compile("draft="), timeout=WITHIN_S * 1000)
    expect_told_in_time(page)


def expect_told_in_time(page: Page) -> None:
    waits_ms = page.evaluate("waits")
    assert waits_ms
    assert max(waits_ms) < TOLD_WITHIN_MS


def expect_stored(page: Page, playground: Playground, text: str) -> None:
    """Waits until the draft of the page's address has a text in it."""
    until = time.perf_counter() + STORED_S
    while json.dumps(text) not in _stored(playground, named(page, "draft")):
        assert time.perf_counter() < until
        page.wait_for_timeout(20)


def _stored(playground: Playground, draft: str) -> str:
    with closing(sqlite3.connect(playground.data_dir / "playground.sqlite3")) as store:
        [content] = store.execute("select content from drafts where id = ?", (draft,)).fetchone()
    return json.dumps(json.loads(content))


def test_what_is_typed_outlives_refresh_tab_and_server_in_its_own_browser(browser: Browser, tmp_path: Path) -> None:
    playground = Playground(tmp_path)
    try:
        with visiting(browser) as mine, visiting(browser) as yours:
            page = mine.new_page()
            opened(page, playground.url)
            assert "draft=" not in page.url
            replaced(page, LONG)
            expect_kept(page)
            for _ in range(3):
                page.keyboard.press("ArrowLeft")
            page.keyboard.type("!")
            assert topic(page).evaluate("field => [document.activeElement === field, field.selectionStart]") == [
                True,
                len(LONG) - 2,
            ]
            edited = f"{LONG[:-3]}!{LONG[-3:]}"
            expect_stored(page, playground, edited)
            expect_told_in_time(page)
            page.reload()
            expect(topic(page)).to_have_value(edited)

            other = mine.new_page()
            opened(other, playground.url)
            expect(topic(other)).to_have_value(edited)
            assert "draft=" not in other.url
            replaced(other, "of the other tab")
            expect_kept(other)
            expect_stored(other, playground, "of the other tab")
            page.reload()
            expect(topic(page)).to_have_value(edited)

            template(page).fill("Before {topic}")
            expect_stored(page, playground, "Before {topic}")
            playground.kill()
            playground = Playground(tmp_path, port=playground.port)
            template(page).press("End")
            page.keyboard.type(" and after")
            expect_stored(page, playground, "Before {topic} and after")
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
    expect_kept(page)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    keys.send("Input.imeSetComposition", {"text": "한", "selectionStart": 1, "selectionEnd": 1})
    keys.send("Input.insertText", {"text": "한"})
    page.keyboard.type("글")
    expect(field).to_have_value("한글")
    expect_stored(page, playground, "한글")
    expect_told_in_time(page)
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
    expect_told_in_time(page)
