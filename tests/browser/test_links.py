"""Links to runs and pages: also as the very first request that a server process gets."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.view import Frames, View, open_playground, template
from tests.support.playground import Json, Playground, request, serving

UNTIL_STOPPED: Json = {"ttft_ms": 100, "tokens_per_second": 50, "min_tokens": 5_000}
SOME_SECONDS: Json = {"ttft_ms": 100, "tokens_per_second": 50, "min_tokens": 150, "max_tokens": 150}


def test_a_cold_link_to_a_run_opens_framed_and_follows_it_once(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as cold:
        run = cold.start(request(**SOME_SECONDS))
        frames = Frames(page)
        page.goto(f"{cold.url}/runs?run={run}")
        _expect_frame(page)
        view = View(page)
        view.until_characters(20)
        assert len(frames.follows) == 1
        view.expect_status("done")
        view.expect_text(cold.ended(run)["items"][0]["text"])
        assert view.chunks.count() == 150
        expect(page.locator(".st-key-delete_run")).to_be_visible()
        assert len(frames.follows) == 1
        assert frames.numbers == list(range(len(cold.events(run))))


def test_a_cold_link_to_the_list_opens_framed(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as cold:
        page.goto(f"{cold.url}/runs")
        _expect_frame(page)
        expect(page.get_by_text("Nothing is kept yet.")).to_be_visible()
        page.get_by_role("link", name="Playground").click()
        expect(template(page)).to_have_value("Tell me a joke about {topic}")
        _expect_frame(page)


def test_the_address_that_the_api_gives_opens_the_run_live(page: Page, playground: Playground) -> None:
    answer = httpx.post(f"{playground.url}/api/runs", json=request(**UNTIL_STOPPED))
    page.goto(playground.url + answer.json()["url"])
    view = View(page)
    part = view.until_characters(20)
    expect(view.status).to_have_attribute("data-status", "running")
    playground.end_run(answer.json()["id"])
    view.expect_status("stopped")
    text = playground.ended(answer.json()["id"])["items"][0]["text"]
    assert text.startswith(part)
    view.expect_text(text)


def test_a_link_refills_the_form_from_its_run(page: Page, playground: Playground) -> None:
    asked = request(template="Explain {{thing}} in {{words}} words", max_tokens=30)
    asked["chain"] |= {"template_format": "mustache", "name": "explainer", "parser": "message"}
    asked["inputs"] = [{"thing": "얼음 & <b>ice</b>", "words": "ten"}]
    run = playground.start(asked)
    playground.ended(run)
    view = open_playground(page, playground.url, run)
    view.expect_status("done")
    expect(template(page)).to_have_value("Explain {{thing}} in {{words}} words")
    expect(page.get_by_label("thing", exact=True)).to_have_value("얼음 & <b>ice</b>")
    expect(page.get_by_label("words", exact=True)).to_have_value("ten")
    expect(page.locator(".st-key-chain_name input")).to_have_value("explainer")
    expect(page.get_by_role("radio", name="mustache")).to_be_checked()
    expect(page.get_by_role("radio", name="Message", exact=True).first).to_be_checked()
    expect(page.get_by_role("button", name="Parameters: 4 on")).to_be_visible()


@pytest.mark.parametrize("path", ["/?run=no-such-run", "/runs?run=no-such-run"])
def test_a_link_to_a_run_that_is_kept_no_more_says_so(page: Page, playground: Playground, path: str) -> None:
    page.goto(playground.url + path)
    expect(page.get_by_text("kept no more").first).to_be_visible()
    _expect_frame(page)


def _expect_frame(page: Page) -> None:
    expect(page.get_by_role("link", name="Runs", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Playground", exact=True)).to_be_visible()
    expect(page).to_have_title("LCEL Playground")
