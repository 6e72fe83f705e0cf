"""Loop against batch: the same inputs one after the other and together, in one press, on one axis of time."""

import re

from playwright.sync_api import Page, expect

from tests.browser.view import keyed, named, open_playground, run_of, stop_button
from tests.support.playground import Json, Playground, request

TOPICS = ("ice cream", "chocolate", "vanilla")


def batch(**parameters: int) -> Json:
    asked = request(mode="batch", **parameters)  # type: ignore[arg-type]
    return {**asked, "inputs": [{"topic": topic} for topic in TOPICS], "max_concurrency": 3}


def loop_of(page: Page) -> str:
    page.wait_for_url("**loop=*")
    return named(page, "loop")


def test_one_press_runs_both_and_says_why_one_is_faster(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url, playground.start(batch(ttft_ms=400, max_tokens=10, tokens_per_second=1_000)))
    expect(keyed(page, "against")).to_be_enabled()
    keyed(page, "against").click()
    loop, together = loop_of(page), run_of(page)
    apart, beside = playground.ended(loop), playground.ended(together)
    assert [run["request"]["max_concurrency"] for run in (apart, beside)] == [1, 3]
    assert apart["request"]["inputs"] == beside["request"]["inputs"]
    assert apart["metrics"]["makespan_ms"] > 1_200 > beside["metrics"]["makespan_ms"]
    assert beside["started"] > apart["started"]
    sentence = page.get_by_text(re.compile(r"^One after the other 1\.\d\d s, together \d{3} ms: \d\.\d× as fast"))
    expect(sentence).to_be_visible()
    expect(page.locator(".gtitle", has_text="Loop against batch")).to_be_visible()
    page.reload()
    expect(sentence).to_be_visible()


def test_stop_ends_both(page: Page, playground: Playground) -> None:
    kept = playground.start(batch(ttft_ms=0, max_tokens=1))
    playground.ended(kept)
    open_playground(page, playground.url, kept)
    page.get_by_role("button", name="Parameters").click()
    ttft = page.get_by_role("spinbutton", name="ttft_ms")
    ttft.fill("60000")
    ttft.press("Enter")
    page.keyboard.press("Escape")
    keyed(page, "against").click()
    loop, together = loop_of(page), run_of(page)
    stop_button(page).click()
    assert [playground.ended(run)["status"] for run in (loop, together)] == ["stopped", "stopped"]
    expect(page.get_by_text("One of the two gave no text: there is nothing to compare.")).to_be_visible()
