"""Long answers: parted into blocks while they come, one flowing text at their end, followed to their last line."""

from playwright.sync_api import Page, expect

from tests.browser.view import open_run
from tests.support.playground import Json, Playground, request

LONG: Json = {"ttft_ms": 1500, "tokens_per_second": 500, "min_tokens": 900, "max_tokens": 800}
BURST: Json = {**LONG, "fault": "burst", "tokens_per_second": 2000}
_BELOW = "answer => { const box = answer.parentElement; return box.scrollHeight - box.scrollTop - box.clientHeight; }"


def test_a_live_answer_is_parted_into_blocks_and_whole_at_its_end(page: Page, playground: Playground) -> None:
    run = playground.start(request(**LONG))
    view = open_run(page, playground.url, run)
    answer = page.get_by_test_id("run-text")
    expect(answer.locator(".part").nth(2)).to_be_attached()
    view.expect_status("done")
    assert view.text == playground.item(run)["text"]
    assert not answer.evaluate("answer => answer.classList.contains('live')")
    chunks = [event for event in playground.events(run) if event["type"] == "chunk" and event["text"]]
    expect(answer.locator(".chunk")).to_have_count(len(chunks))


def test_the_view_follows_a_burst_to_its_last_line(page: Page, playground: Playground) -> None:
    run = playground.start(request(**BURST))
    view = open_run(page, playground.url, run)
    view.expect_status("done")
    page.wait_for_function(f"(answer) => ({_BELOW})(answer) < 2", arg=page.get_by_test_id("run-text").element_handle())
