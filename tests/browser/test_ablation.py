"""A prompt compared with itself without each of its sections, on the simulated model, to its end and after a reload."""

from playwright.sync_api import Page, expect

from tests.browser.view import keyed, open_playground, run_of
from tests.support.playground import Json, Playground, request

PROMPT = "# Role\nYou are a cook.\n# <img src=x onerror=alert(1)>\nCook {topic}.\n# Format\nThree lines.\n"
NAMES = ["all on", "all on, again", "without Role", "without <img src=x onerror=alert(1)>", "without Format"]


def test_sections_are_compared_to_the_end_and_shown_beside_each_other(page: Page, playground: Playground) -> None:
    asked: Json = {**request(mode="batch", template=PROMPT), "inputs": [{"topic": "rice"}, {"topic": "soup"}]}
    before = playground.start(asked)
    playground.ended(before)
    view = open_playground(page, playground.url, before)
    button = keyed(page, "compare_sections")
    expect(button).to_contain_text("Compare without each section: 10 runs")
    button.click()
    page.wait_for_function("run => !location.href.includes(run)", arg=before)
    record = playground.ended(run_of(page))
    assert record["status"] == "done"
    assert [item["variant"] for item in record["items"]] == [*NAMES, *reversed(NAMES)]
    expect(keyed(page, "variants_run_view", "[data-testid=stDataFrame]")).to_be_visible()
    view.expect_status("done")
    told = keyed(page, "variants_run_view", "ul")
    expect(told.locator("li")).to_have_count(4)
    expect(told).to_contain_text(NAMES[3])
    _expect_answers(page, record, "rice")
    page.reload()
    _expect_answers(page, record, "rice")
    view.tab("Rows")
    expect(page.locator(".rows-view .row").nth(3).locator(".line .input")).to_have_text(f"{NAMES[3]} · rice")
    page.set_viewport_size({"width": 390, "height": 844})
    view.tab("Variants")
    _expect_answers(page, record, "rice")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("img[src=x]").count() == 0


def _expect_answers(page: Page, record: Json, topic: str) -> None:
    """The comparison shows every line of the first variant's answer and of the one that is chosen."""
    chosen = page.get_by_role("combobox", name="Beside the answer of all on")
    name = chosen.input_value()
    diff = page.get_by_test_id("diff-view")
    for variant in ("all on", name):
        (text,) = (
            item["text"]
            for item in record["items"]
            if item["variant"] == variant and record["request"]["inputs"][item["input"]]["topic"] == topic
        )
        for line in text.split("\n")[:3]:
            expect(diff).to_contain_text(line)
