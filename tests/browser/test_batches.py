"""A batch on the Runs page: one choice of an item, which view, readings and inputs follow; a head that counts items."""

import re

from playwright.sync_api import Page, expect

from tests.browser.view import View, keyed, open_run
from tests.support.playground import Json, Playground, request, wait_until

TOPICS = ("tea", "rain", "salt", "wood")


def batch(*topics: str, at_once: int = 3, **parameters: object) -> Json:
    asked = request(**parameters)  # type: ignore[arg-type]
    return {**asked, "mode": "batch", "inputs": [{"topic": topic} for topic in topics], "max_concurrency": at_once}


def test_inputs_and_readings_follow_the_item_that_is_chosen(page: Page, playground: Playground) -> None:
    run = playground.start(batch(*TOPICS))
    items = playground.ended(run)["items"]
    view = open_run(page, playground.url, run)
    view.tab("Text")
    view.expect_text(items[0]["text"])
    expect(page.get_by_text("Input of item 1 of 4")).to_be_visible()
    view.root.evaluate("root => { root.dataset.seen = 'before'; }")

    view.root.get_by_role("button", name="Later item").click()
    view.expect_text(items[1]["text"])
    expect(page.get_by_text("Input of item 2 of 4")).to_be_visible()
    expect(page.get_by_test_id("stCode").filter(has_text=re.compile("^rain"))).to_be_visible()

    _jump(view, "4")
    view.expect_text(items[3]["text"])
    expect(page.get_by_text("Input of item 4 of 4")).to_be_visible()

    view.tab("Markdown")
    reading = keyed(page, "reading_kept_view", "[data-testid=stMarkdown]")
    expect(reading).to_contain_text("wood")
    _jump(view, "3")
    expect(reading).to_contain_text("salt")
    expect(page.get_by_text("Input of item 3 of 4")).to_be_visible()
    expect(page.get_by_role("spinbutton")).to_have_count(1)
    assert view.root.get_attribute("data-seen") == "before"


def test_a_number_beyond_the_items_chooses_the_nearest(page: Page, playground: Playground) -> None:
    run = playground.start(batch(*TOPICS))
    items = playground.ended(run)["items"]
    view = open_run(page, playground.url, run)
    view.tab("Text")
    _jump(view, "99")
    view.expect_text(items[3]["text"])
    expect(view.root.get_by_test_id("item-number")).to_have_value("4")
    _jump(view, "")
    view.expect_text(items[0]["text"])
    expect(view.root.get_by_test_id("item-status")).to_have_text("done")


def test_the_item_chosen_while_a_batch_goes_on_stays_chosen_at_its_end(page: Page, playground: Playground) -> None:
    run = playground.start(batch(*TOPICS, tokens_per_second=20, max_tokens=40))
    view = open_run(page, playground.url, run)
    view.tab("Text")
    _jump(view, "2")
    expect(page.get_by_text("Input of item 2 of 4")).to_be_visible()
    view.expect_status("done")
    view.tab("Markdown")
    expect(view.root.get_by_test_id("item-number")).to_have_value("2")
    expect(keyed(page, "reading_kept_view", "[data-testid=stMarkdown]")).to_contain_text("rain")


def test_a_stopped_batch_says_how_many_items_are_done(page: Page, playground: Playground) -> None:
    run = playground.start(batch(*("tea" for _ in range(1_200)), at_once=1, ttft_ms=20, max_tokens=1))
    wait_until(lambda: playground.record(run)["items"][3]["status"] == "done")
    playground.end_run(run)
    items = playground.ended(run)["items"]
    done = sum(item["status"] == "done" for item in items)
    view = open_run(page, playground.url, run)
    expect(view.status).to_contain_text(f"stopped: {done} of 1,200 items done")
    expect(view.root.get_by_test_id("figure-elapsed")).not_to_have_text("–")


def test_an_answer_that_its_limit_cut_says_so_live_and_kept(page: Page, playground: Playground) -> None:
    run = playground.start(request(tokens_per_second=20, max_tokens=20))
    view = open_run(page, playground.url, run)
    expect(view.status).to_have_text("done · cut at the token limit")
    expect(view.root.get_by_test_id("run-cut")).to_contain_text("Raise max_tokens")
    page.reload()
    expect(view.status).to_have_text("done · cut at the token limit")
    whole = playground.start(request())
    playground.ended(whole)
    open_run(page, playground.url, whole)
    expect(view.status).to_have_text("done")
    expect(view.root.get_by_test_id("run-cut")).to_be_hidden()


def _jump(view: View, number: str) -> None:
    field = view.root.get_by_test_id("item-number")
    field.fill(number)
    field.press("Enter")


def test_a_batch_without_finish_reasons_says_what_its_items_are(page: Page, playground: Playground) -> None:
    run = playground.start(batch("tea", "rain", fault="truncated"))
    view = open_run(page, playground.url, run)
    view.expect_status("failed")
    said = "none of 2 items done: 2 ended without a finish reason, 0 failed"
    expect(view.root.get_by_test_id("run-status")).to_have_text(said)
