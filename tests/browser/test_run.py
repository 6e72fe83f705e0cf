"""Press Run, watch every chunk, stop it, run again."""

import math
import re

from playwright.sync_api import Page, expect

from tests.browser.view import keyed, open_playground, run_button, run_of, stop_button, template
from tests.support.behaviours import answers, sends
from tests.support.playground import Json, Playground, remote, request
from tests.support.provider import serving as providing

SOON: Json = {"ttft_ms": 200, "tokens_per_second": 100}
SLOW: Json = {"ttft_ms": 50, "tokens_per_second": 20, "min_tokens": 400}


def test_a_stranger_presses_run_and_sees_the_answer_arrive_chunk_by_chunk(page: Page, playground: Playground) -> None:
    view = open_playground(page, playground.url)
    run_button(page).click()
    first = view.until_characters(1)
    more = view.until_characters(len(first) + 40)
    expect(view.status).to_have_attribute("data-status", "running")
    view.expect_status("done")
    item = playground.item(run_of(page))
    assert item["text"].startswith(more)
    assert more.startswith(first)
    assert view.text == item["text"]
    assert view.chunks.count() == item["metrics"]["chunks"] > 50


def test_the_figures_are_those_of_the_record(page: Page, playground: Playground) -> None:
    run = playground.start(request(**SOON))
    view = open_playground(page, playground.url, run)
    view.expect_status("done")
    metrics = playground.ended(run)["items"][0]["metrics"]
    expect(view.figure("ttft")).to_have_text(f"{_rounded(metrics['ttft_ms'])} ms")
    expect(view.figure("chunks")).to_have_text(str(metrics["chunks"]))
    expect(view.figure("speed")).to_have_text(f"{_rounded(metrics['tokens_per_second'])} tok/s")
    expect(view.figure("elapsed")).to_have_text(f"{metrics['e2e_ms'] / 1000:.2f} s")


def test_run_becomes_stop_and_run_again_in_the_same_place(page: Page, playground: Playground) -> None:
    kept = playground.start(request(**SOON))
    playground.ended(kept)
    view = open_playground(page, playground.url, kept)
    place = _place(page, "run")
    for _ in range(2):
        run_button(page).click()
        expect(stop_button(page)).to_be_visible()
        assert _place(page, "stop") == place
        expect(run_button(page)).to_be_hidden()
        view.expect_status("done")
        expect(run_button(page)).to_be_enabled()
        expect(stop_button(page)).to_be_hidden()
        assert _place(page, "run") == place


def test_a_second_run_shows_its_own_answer_only(page: Page, playground: Playground) -> None:
    kept = playground.start(request(seed=1))
    first = playground.ended(kept)["items"][0]["text"]
    view = open_playground(page, playground.url, kept)
    view.expect_text(first)
    page.get_by_label("topic").fill("a kettle")
    page.get_by_label("topic").press("Control+Enter")
    page.wait_for_function("kept => !location.href.includes(kept)", arg=kept)
    view.expect_status("done")
    second = playground.ended(run_of(page))["items"][0]["text"]
    assert "kettle" in second
    view.expect_text(second)


def test_ctrl_enter_runs_with_the_last_edit(page: Page, playground: Playground) -> None:
    view = open_playground(page, playground.url)
    template(page).click()
    template(page).press("Control+End")
    page.keyboard.type(" in one line")
    page.keyboard.press("Control+Enter")
    asked = playground.record(run_of(page))["request"]["chain"]["messages"][0]["template"]
    assert asked == "Tell me a joke about {topic} in one line"
    view.until_characters(1)
    page.keyboard.press("Control+Enter")
    view.expect_status("stopped")
    expect(template(page)).to_have_value("Tell me a joke about {topic} in one line")


def test_stop_keeps_the_text_and_says_after_how_many_chunks(page: Page, playground: Playground) -> None:
    run = playground.start(request(**SLOW))
    view = open_playground(page, playground.url, run)
    view.until_characters(40)
    stop_button(page).click()
    view.expect_status("stopped")
    item = playground.ended(run)["items"][0]
    assert item["status"] == "stopped"
    view.expect_text(item["text"])
    assert len(item["text"]) >= 40
    expect(view.status).to_have_text(re.compile(rf"^stopped after {item['metrics']['chunks']} chunks, "))
    expect(run_button(page)).to_be_enabled()


def test_invoke_shows_the_whole_answer_at_once(page: Page, playground: Playground) -> None:
    kept = playground.start(request(ttft_ms=1_000))
    playground.ended(kept)
    view = open_playground(page, playground.url, kept)
    page.get_by_text("Invoke", exact=True).click()
    run_button(page).click()
    page.wait_for_function("kept => !location.href.includes(kept)", arg=kept)
    view.expect_status("running")
    assert view.text == ""
    view.expect_status("done")
    record = playground.ended(run_of(page))
    assert record["mode"] == "invoke"
    view.expect_text(record["items"][0]["text"])
    expect(view.chunks).to_have_count(1)


def test_the_simulated_model_is_badged(page: Page, playground: Playground) -> None:
    view = open_playground(page, playground.url, playground.start(request()))
    expect(page.get_by_test_id("simulated")).to_be_visible()
    view.expect_status("done")
    expect(page.get_by_test_id("simulated")).to_be_visible()


def test_a_model_that_no_list_names_can_be_typed(page: Page, playground: Playground) -> None:
    with providing(
        {"my-model": answers(), "other": answers(), "/v1/models": sends(404, "text/plain", b"")}
    ) as provider:
        kept = playground.start(remote(provider.url, "other"))
        playground.ended(kept)
        view = open_playground(page, playground.url, kept)
        model = keyed(page, "model", "input")
        model.fill("my-model")
        model.press("Enter")
        expect(run_button(page)).to_be_enabled()
        run_button(page).click()
        page.wait_for_function("kept => !location.href.includes(kept)", arg=kept)
        view.expect_text("One two three.")
        assert playground.record(run_of(page))["request"]["chain"]["model"]["model"] == "my-model"


def test_the_draft_that_changed_after_the_run_is_marked(page: Page, playground: Playground) -> None:
    run = playground.start(request())
    playground.ended(run)
    open_playground(page, playground.url, run)
    expect(page.get_by_text("edited since this run")).to_be_hidden()
    template(page).fill("Tell me two jokes about {topic}")
    template(page).blur()
    expect(page.get_by_text("edited since this run")).to_be_visible()


def test_half_typed_text_survives_the_end_of_a_run(page: Page, playground: Playground) -> None:
    run = playground.start(request(ttft_ms=50, tokens_per_second=60))
    view = open_playground(page, playground.url, run)
    view.until_characters(1)
    template(page).click()
    template(page).press("Control+End")
    page.keyboard.type(", please")
    view.expect_status("done")
    expect(run_button(page)).to_be_visible()
    expect(template(page)).to_be_focused()
    expect(template(page)).to_have_value("Tell me a joke about {topic}, please")


def _rounded(figure: float) -> int:
    """As a browser rounds: halves go up."""
    return math.floor(figure + 0.5)


def _place(page: Page, key: str) -> tuple[int, int]:
    button = page.locator(f".st-key-{key} button").first
    button.wait_for()
    box = button.bounding_box()
    assert box is not None
    return round(box["x"]), round(box["y"])
