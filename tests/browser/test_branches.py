"""Parallel branches in a browser: columns that stream side by side, each with its own chunks, figures and end."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.view import keyed, open_playground, open_run, run_button, run_of, stop_button, visiting
from tests.support.behaviours import SCRIPT, answers, by_prompt
from tests.support.playground import Json, Playground, branched, remote, request
from tests.support.provider import Provider, serving

ASKED = {"use": "How do I use {topic}?", "쓰임": "Where do I buy {topic}?"}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving(SCRIPT) as server:
        yield server


def column(page: Page, name: str) -> Locator:
    return page.locator(f"[data-testid=run-branch][data-branch='{name}']")


def expect_columns(page: Page, steps: list[Json]) -> None:
    """Waits until each column shows what the record says of its branch, to the letter and the chunk."""
    for step in steps:
        shown = column(page, step["name"])
        expect(shown.get_by_test_id("branch-status")).to_have_text(step["status"])
        expect(shown.locator(".chunk")).to_have_count(step["metrics"]["chunks"])
        expect(shown.get_by_test_id("figure-chunks")).to_have_text(str(step["metrics"]["chunks"]))
        assert shown.get_by_test_id("run-text").text_content() == step["text"]


def test_two_columns_stream_side_by_side_and_count_what_the_record_counts(page: Page, playground: Playground) -> None:
    run = playground.start(branched(request(tokens_per_second=10, max_tokens=60), **ASKED))
    view = open_run(page, playground.url, run)
    for name in ASKED:
        expect(column(page, name).get_by_test_id("branch-status")).to_have_text("streaming")
        expect(column(page, name).locator(".chunk").nth(3)).to_be_attached()
    expect(view.status).to_have_attribute("data-status", "running")
    boxes = [column(page, name).bounding_box() for name in ASKED]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    view.expect_status("done")
    (item,) = playground.record(run)["items"]
    expect_columns(page, [{**step, "status": "done · cut at the token limit"} for step in item["steps"]])
    expect(view.root.locator(".head").get_by_test_id("figure-chunks")).to_have_text(str(item["metrics"]["chunks"]))
    page.reload()
    view.expect_status("done")
    expect_columns(page, [{**step, "status": "done · cut at the token limit"} for step in item["steps"]])


def test_columns_stand_below_one_another_where_there_is_no_room(browser: Browser, playground: Playground) -> None:
    run = playground.start(branched(request(max_tokens=20), **ASKED, see="What is {topic}?"))
    playground.ended(run)
    with visiting(browser, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        open_run(page, playground.url, run).expect_status("done")
        places = page.get_by_test_id("run-branch").evaluate_all("all => all.map(e => e.getBoundingClientRect().x)")
        assert len(places) == 3
        assert len(set(places)) == 1
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_branch_that_fails_says_why_in_its_column_and_the_other_comes(
    page: Page, playground: Playground, provider: Provider
) -> None:
    provider.script["branches"] = by_prompt({"a": SCRIPT["wrong-key"], "b": answers(pause=0.02)})
    asked = branched(remote(provider.url, "branches"), use="a", buy="b")
    view = open_run(page, playground.url, playground.start({**asked, "inputs": [{}]}))
    view.expect_status("incomplete")
    expect(view.status).to_have_text("1 of 2 branches done")
    expect(column(page, "use").get_by_test_id("run-trouble")).to_contain_text("refused the key")
    expect(column(page, "use").get_by_test_id("branch-status")).to_have_text("failed")
    expect(column(page, "buy").get_by_test_id("run-text")).to_have_text("One two three.")
    expect(column(page, "buy").get_by_test_id("run-trouble")).to_be_hidden()
    expect(page.get_by_text("These branches failed: use.")).to_be_visible()


def test_stop_ends_every_branch_and_keeps_its_text(page: Page, playground: Playground) -> None:
    run = playground.start(branched(request(tokens_per_second=25, min_tokens=5_000), **ASKED))
    view = open_run(page, playground.url, run)
    for name in ASKED:
        expect(column(page, name).locator(".chunk").nth(5)).to_be_attached()
    stop_button(page).click()
    view.expect_status("stopped")
    (item,) = playground.record(run)["items"]
    expect_columns(page, item["steps"])
    assert [step["status"] for step in item["steps"]] == ["stopped", "stopped"]


def test_a_batch_shows_the_branches_of_the_item_that_is_chosen(page: Page, playground: Playground) -> None:
    asked = {**branched(request(), **ASKED), "mode": "batch", "inputs": [{"topic": t} for t in ("차", "salt", "tea")]}
    run = playground.start(asked)
    items = playground.ended(run)["items"]
    view = open_run(page, playground.url, run)
    view.expect_status("done")
    view.tab("Text")
    expect_columns(page, items[0]["steps"])
    view.root.get_by_role("button", name="Later item").click()
    expect_columns(page, items[1]["steps"])
    view.tab("Markdown")
    expect(keyed(page, "reading_kept_view", "[data-testid=stMarkdown]:has-text('쓰임')")).to_be_visible()
    expect(keyed(page, "reading_kept_view", "")).to_contain_text("salt")


def test_rows_and_timing_of_branches(page: Page, playground: Playground) -> None:
    asked = branched(request(mode="batch", max_tokens=12), **ASKED)
    run = playground.start({**asked, "inputs": [{"topic": "tea"}, {"topic": "salt"}]})
    items = playground.ended(run)["items"]
    view = open_run(page, playground.url, run)
    view.expect_status("done")
    view.tab("Rows")
    row = page.locator(".row").nth(1)
    expect(row.locator(".line .text")).to_have_text(
        " · ".join(f"{step['name']}: {' '.join(step['text'].split())}" for step in items[1]["steps"])
    )
    row.click()
    expect(row.get_by_test_id("row-text")).to_have_text(items[1]["text"])
    view.tab("Timing")
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    expect(page.get_by_test_id("run-branch")).to_have_count(2)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_the_timing_of_one_branch_after_another(page: Page, playground: Playground) -> None:
    run = playground.start(branched(request(max_tokens=12), **ASKED))
    steps = playground.ended(run)["items"][0]["steps"]
    view = open_run(page, playground.url, run)
    view.expect_status("done")
    view.tab("Timing")
    page.locator(".st-key-chart_kept_view_branch").get_by_text("쓰임").click()
    page.wait_for_function(
        """([first, chunks]) => {
            const drawn = document.querySelector(".js-plotly-plot")?._fullData ?? [];
            const texts = drawn.flatMap(({ customdata }) => customdata ?? []).filter(([, , kind]) => kind === "text");
            return texts.length === chunks && texts[0][0] === first;
        }""",
        arg=[2, steps[1]["metrics"]["chunks"]],
    )
    column(page, "쓰임").locator(".chunk").first.click()
    expect_columns(page, [{**step, "status": "done · cut at the token limit"} for step in steps])
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_each_column_has_a_reading_of_its_own_and_copy_takes_all(browser: Browser, playground: Playground) -> None:
    run = playground.start(branched(request(max_tokens=12), **ASKED))
    item = playground.ended(run)["items"][0]
    with visiting(browser, permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        view = open_run(page, playground.url, run)
        view.expect_status("done")
        column(page, "쓰임").get_by_role("region").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(column(page, "쓰임").get_by_test_id("chunk-reading")).to_contain_text("Chunk 2 of")
        expect(column(page, "use").get_by_test_id("chunk-reading")).to_contain_text("Point at a chunk")
        view.tool("copy").click()
        copied = "async wanted => (await navigator.clipboard.readText()) === wanted"
        page.wait_for_function(copied, arg=item["text"])


def test_a_replay_shows_all_branches_from_their_beginning(page: Page, playground: Playground) -> None:
    run = playground.start(branched(request(ttft_ms=400, tokens_per_second=40, max_tokens=40), **ASKED))
    item = playground.ended(run)["items"][0]
    view = open_run(page, playground.url, run)
    view.expect_status("done")
    view.tool("replay").click()
    for name in ASKED:
        expect(column(page, name).get_by_test_id("branch-status")).to_have_text("replay at 1×")
        expect(column(page, name).locator(".chunk")).to_have_count(0)
    expect_columns(page, [{**step, "status": "done · cut at the token limit"} for step in item["steps"]])


def test_the_view_goes_from_a_plain_run_to_branches_and_back(page: Page, playground: Playground) -> None:
    plain = playground.start(request(max_tokens=10))
    text = playground.ended(plain)["items"][0]["text"]
    view = open_playground(page, playground.url, plain)
    view.expect_text(text)
    keyed(page, "add_branch").click()
    keyed(page, "branch_1_template_0", "textarea").fill("Where do I buy {topic}?")
    run_button(page).click()
    expect(page.get_by_test_id("run-branch")).to_have_count(2)
    page.wait_for_url(lambda url: not url.endswith(plain))
    run = run_of(page)
    steps = playground.ended(run)["items"][0]["steps"]
    view.expect_status("done")
    expect_columns(page, [{**step, "status": "done · cut at the token limit"} for step in steps])
    keyed(page, "branch_1_delete").click()
    expect(keyed(page, "template_0", "textarea")).to_have_value("Tell me a joke about {topic}")
    run_button(page).click()
    expect(page.get_by_test_id("run-branch")).to_have_count(0)
    view.expect_status("done")
    view.expect_text(text)
