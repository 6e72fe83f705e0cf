"""The Timing reading: charts after the end, the chunk that is marked in text and chart alike, the table's CSV."""

import csv
import io
import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.view import View, keyed, open_playground, open_run, run_button, visiting
from tests.support.behaviours import answers
from tests.support.playground import Json, Playground, remote, request
from tests.support.provider import serving as providing

DOUBLE_CLICK_MS = 350
SHORT: Json = {"max_tokens": 24, "seed": 5, "tokens_per_second": 40}


class Charts:
    """The chart of the Timing reading."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.plot = page.locator(".js-plotly-plot")
        self.marked = self.plot.locator(".legendtext", has_text=re.compile(r"^chunk \d+$"))

    def point_of(self, number: int) -> tuple[float, float]:
        """Where the point of a chunk is on the screen, when the chart is drawn and no script moves it any more."""
        self.page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
        expect(self.plot).to_have_count(1)
        self.plot.locator(".points path").first.wait_for(state="attached")
        self.plot.scroll_into_view_if_needed()
        x, y = self.plot.evaluate(
            """(plot, number) => {
                const { xaxis, yaxis } = plot._fullLayout;
                const area = plot.querySelector(".nsewdrag").getBoundingClientRect();
                for (const { x, y, customdata } of plot._fullData) {
                    const at = (customdata ?? []).findIndex((data) => data[0] === number);
                    if (at >= 0) return [area.left + xaxis.c2p(x[at]), area.top + yaxis.c2p(y[at])];
                }
            }""",
            number,
        )
        return x, y

    def choose(self, number: int) -> None:
        """Presses the tick of a chunk; after a pause, as Plotly takes two clicks within 300 ms for a double one."""
        self.page.wait_for_timeout(DOUBLE_CLICK_MS)
        x, y = self.point_of(number)
        self.page.mouse.move(x, y + 3)
        expect(self.plot.locator(".hovertext").first).to_be_visible()
        self.page.mouse.click(x, y + 3)


@pytest.fixture(scope="module")
def kept(playground: Playground) -> str:
    """A short answer that has come to its end."""
    run = playground.start(request(**SHORT))
    playground.ended(run)
    return run


def _timing(page: Page, playground: Playground, run: str) -> tuple[View, Charts]:
    view = open_playground(page, playground.url, run)
    view.expect_status("done")
    view.tab("Timing")
    return view, Charts(page)


def _spans(view: View) -> Locator:
    return view.answer.locator(".chunk, .tick")


def test_after_a_run_its_timing_is_figures_a_verdict_a_chart_and_a_table(page: Page, playground: Playground) -> None:
    kept = playground.start(request(**SHORT))
    playground.ended(kept)
    view = open_playground(page, playground.url, kept)
    run_button(page).click()
    page.wait_for_function("kept => !location.href.includes(kept)", arg=kept)
    view.expect_status("done")
    view.tab("Timing")
    timing = keyed(page, "timing_run_view", "")
    expect(timing).to_contain_text("gap p50")
    expect(timing).to_contain_text("needs n ≥ 59")
    expect(timing.get_by_text(re.compile(r"^First text after \d+ ms; (un)?even pace"))).to_be_visible()
    expect(timing.locator(".gtitle")).to_have_text("Chunks as they came")
    expect(timing.get_by_role("figure")).to_have_attribute("aria-label", re.compile("^First text after"))
    timing.get_by_text("Table", exact=True).click()
    expect(timing.get_by_test_id("stDataFrame")).to_be_visible()
    view.tab("Gaps")
    expect(timing.locator(".gtitle", has_text="Gaps between chunks")).to_be_visible()
    expect(timing.locator(".gtitle")).to_have_count(1)
    view.tab("Arrival")
    expect(timing.locator(".gtitle", has_text="Text that had arrived")).to_be_visible()
    expect(timing.locator(".gtitle")).to_have_count(1)


def test_a_figure_s_definition_is_its_tooltip(page: Page, playground: Playground, kept: str) -> None:
    _timing(page, playground, kept)
    figure = keyed(page, "timing_run_view", "").get_by_test_id("stMarkdown").filter(has_text="stalls")
    figure.get_by_role("button").or_(figure.get_by_test_id("stTooltipHoverTarget")).first.hover()
    expect(page.get_by_text("Gaps longer than five times the median gap and than 300 ms.")).to_be_visible()


def test_the_code_of_the_charts_is_not_loaded_before_a_chart_is_wanted(page: Page, playground: Playground) -> None:
    loaded: list[str] = []
    page.on("request", lambda asked: loaded.append(asked.url.lower()))
    run = playground.start(request(ttft_ms=1_500))
    view = open_playground(page, playground.url, run)
    view.expect_status("done")
    expect(run_button(page)).to_be_visible()
    view.tab("Message")
    expect(page.locator(".st-key-reading_run_view")).to_be_visible()
    assert not [url for url in loaded if "plotly" in url]
    view.tab("Timing")
    expect(Charts(page).plot).to_be_visible()
    assert [url for url in loaded if "plotly" in url]


def test_a_tick_that_is_chosen_marks_its_chunk_in_the_text(page: Page, playground: Playground, kept: str) -> None:
    view, charts = _timing(page, playground, kept)
    view.root.evaluate("root => { root.seen = true; }")
    for number in (7, 15):
        charts.choose(number)
        expect(_spans(view).nth(number - 1)).to_have_class(re.compile(r"\bcurrent\b"))
        expect(view.reading).to_have_text(re.compile(f"^Chunk {number} of "))
    assert view.root.evaluate("root => root.seen"), "the view was mounted anew"
    view.tab("Text")
    expect(view.answer.locator(".current")).to_have_count(0)


def test_a_chunk_that_is_chosen_in_the_text_is_marked_in_the_chart(
    page: Page, playground: Playground, kept: str
) -> None:
    view, charts = _timing(page, playground, kept)
    expect(charts.plot).to_be_visible()
    _spans(view).nth(9).click()
    expect(charts.marked).to_have_text(["chunk 10"])
    page.mouse.move(0, 0)
    expect(_spans(view).nth(9)).to_have_class(re.compile(r"\bcurrent\b"))
    charts.choose(4)
    expect(charts.marked).to_have_text(["chunk 4"])
    expect(_spans(view).nth(3)).to_have_class(re.compile(r"\bcurrent\b"))
    _spans(view).nth(9).click()
    expect(charts.marked).to_have_text(["chunk 10"])


def test_the_keyboard_chooses_a_chunk_and_lets_it_go(page: Page, playground: Playground, kept: str) -> None:
    view, charts = _timing(page, playground, kept)
    expect(charts.plot).to_be_visible()
    view.answer.locator("..").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(charts.marked).to_have_text(["chunk 3"])
    page.keyboard.press("Escape")
    expect(charts.marked).to_have_count(0)
    expect(view.answer.locator(".current")).to_have_count(0)


def test_a_chunk_can_be_chosen_while_boundaries_are_not_shown(page: Page, playground: Playground, kept: str) -> None:
    view, charts = _timing(page, playground, kept)
    view.tool("boundaries").click()
    expect(view.chunks.nth(1)).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    charts.choose(7)
    expect(_spans(view).nth(6)).to_have_class(re.compile(r"\bcurrent\b"))
    assert view.text == playground.item(kept)["text"]
    view.tool("boundaries").click()
    expect(_spans(view).nth(6)).to_have_class(re.compile(r"\bcurrent\b"))


def test_the_csv_holds_every_chunk_and_no_formula(page: Page, playground: Playground) -> None:
    with providing({"formula": answers(("=1+1", " 다음", "@x"))}) as provider:
        run = playground.start(remote(provider.url, "formula"))
        playground.ended(run)
    view, _ = _timing(page, playground, run)
    with page.expect_download() as download:
        keyed(page, "csv_run_view").click()
    written = download.value.path().read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    chunks = [event for event in playground.events(run) if event["type"] == "chunk"]
    assert len(rows) == len(chunks)
    assert [row["text"] for row in rows if row["text"]] == ["'=1+1", " 다음", "'@x"]
    start = next(event["at"] for event in playground.events(run) if event["type"] == "item_started")
    for row, chunk in zip(rows, chunks, strict=True):
        assert float(row["at_ms"]) == pytest.approx(chunk["at"] - start, abs=0.1)
    assert view.text == "=1+1 다음@x"


def test_a_batch_is_lanes_with_its_figures_and_its_verdict(page: Page, playground: Playground) -> None:
    run = playground.start(
        {**request(**SHORT), "mode": "batch", "inputs": [{"topic": "tea"}] * 7, "max_concurrency": 3}
    )
    playground.ended(run)
    _timing(page, playground, run)
    timing = keyed(page, "timing_run_view", "")
    for name in ("makespan", "ideal", "speed-up", "efficiency", "TTFT p50", "7 of 7"):
        expect(timing).to_contain_text(name)
    expect(timing.get_by_text(re.compile(r"^7 inputs in .* of what 3 lanes could give\.$"))).to_be_visible()
    expect(timing.locator(".barlayer .trace").last.locator(".point")).to_have_count(7)
    expect(timing.locator(".ytick")).to_have_text(["3", "2", "1"])
    timing.get_by_text("A row an input").click()
    expect(timing.locator(".ytick")).to_have_text([str(n) for n in range(7, 0, -1)])


def test_the_png_is_made_in_the_browser(page: Page, playground: Playground, kept: str) -> None:
    _timing(page, playground, kept)
    with page.expect_download() as download:
        page.locator(".modebar-btn").first.click()
    assert download.value.suggested_filename == f"timeline-{kept}.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


LOOKS: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.mark.parametrize("look", LOOKS)
def test_on_a_telephone_the_charts_fit(
    browser: Browser, playground: Playground, kept: str, look: Literal["light", "dark"]
) -> None:
    with visiting(browser, viewport={"width": 390, "height": 844}, color_scheme=look) as context:
        view = open_run(context.new_page(), playground.url, kept)
        view.expect_status("done")
        view.tab("Timing")
        plot = Charts(view.page).plot
        expect(plot).to_be_visible()
        width = view.page.evaluate("document.documentElement.scrollWidth")
        box = plot.bounding_box()
        assert width == 390
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
