"""LangChain's own methods in a browser: chosen, said beforehand, watched, stopped."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.view import open_playground, run_button, run_of, stop_button
from tests.support.behaviours import SCRIPT
from tests.support.playground import Playground, remote, request
from tests.support.provider import Provider, serving


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving(SCRIPT) as provider:
        yield provider


def test_a_run_by_stream_is_chosen_watched_and_shown_like_any_other(page: Page, playground: Playground) -> None:
    view = open_playground(page, playground.url)
    page.locator(".st-key-run_with").get_by_text("stream", exact=True).click()
    expect(page.get_by_text(re.compile("It runs in a thread and cannot be stopped"))).to_be_visible()
    run_button(page).click()
    view.until_characters(20)
    view.expect_status("done")
    record = playground.record(run_of(page))
    assert record["request"]["run_with"] == "sync"
    view.expect_text(record["items"][0]["text"])


def test_stop_leaves_a_sync_stream_to_drain_and_closes_an_async_one(
    page: Page, playground: Playground, provider: Provider
) -> None:
    for number, way in enumerate(("sync", "async"), start=1):
        run = playground.start({**remote(provider.url, "slow"), "run_with": way})
        view = open_playground(page, playground.url, run)
        view.until_characters(10)
        asked = provider.wait_for(number)
        began = time.perf_counter()
        stop_button(page).click()
        view.expect_status("stopped")
        assert asked.closed.wait(1) is (way == "async")
        if way == "async":
            assert asked.closed_at - began < 1


def test_json_grows_in_sight(page: Page, playground: Playground) -> None:
    asked = request(template="Answer in JSON with the keys topic and reason, about {topic}")
    asked["chain"]["parser"] = "json"
    run = playground.start({**asked, "run_with": "async"})
    record = playground.ended(run)
    assert record["status"] == "done"
    open_playground(page, playground.url, run).expect_text(record["items"][0]["text"])
