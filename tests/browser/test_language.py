"""The language on the screen: the browser's, the chosen one, in the live view too, and after a reload."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.view import keyed, open_playground, open_run, run_button, template, visiting
from tests.support.playground import Json, Playground, request, wait_until

HANGUL = re.compile("[가-힣]")


@pytest.fixture
def korean(browser: Browser) -> Iterator[Page]:
    """A page in a Korean browser."""
    with visiting(browser, locale="ko-KR") as context:
        yield context.new_page()


def test_a_korean_browser_reads_korean_live_and_after_the_end(korean: Page, playground: Playground) -> None:
    run = playground.start(request(ttft_ms=10, tokens_per_second=20, min_tokens=1_000))
    view = open_playground(korean, playground.url, run)
    expect(view.status).to_have_text("스트리밍 중")
    view.until_characters(20)
    playground.end_run(run)
    view.expect_status("stopped")
    chunks = playground.ended(run)["items"][0]["metrics"]["chunks"]
    expect(view.status).to_have_text(re.compile(f"^청크 {chunks}개, .* 후 중지됨$"))
    view.tool("copy").click()
    expect(view.reading).to_have_text(re.compile("^[0-9]+자를 복사했습니다$"))
    for name in ("boundaries", "spaces", "replay", "copy"):
        expect(view.tool(name)).to_have_text(HANGUL)
    expect(run_button(korean)).to_have_text(HANGUL)


def test_the_chosen_language_is_spoken_at_once_and_after_a_reload(korean: Page, playground: Playground) -> None:
    run = playground.start(request())
    view = open_playground(korean, playground.url, run)
    expect(view.status).to_have_text("완료")
    template(korean).fill("One joke about {topic}")
    template(korean).blur()
    expect(korean.get_by_text("이 실행 이후 편집됨")).to_be_visible()
    _choose(korean, "English")
    expect(view.status).to_have_text("done")
    expect(view.reading).to_have_text(re.compile("^Point at a chunk"))
    expect(view.tool("replay")).to_have_text("Replay")
    expect(template(korean)).to_have_value("One joke about {topic}")
    wait_until(lambda: _kept(korean) == "en")
    korean.reload()
    expect(view.status).to_have_text("done")
    korean.get_by_role("link", name="Runs").click()
    expect(korean.get_by_text("the newest first")).to_be_visible()
    _choose(korean, "Language of the browser")
    expect(korean.get_by_text("최신순")).to_be_visible()
    wait_until(lambda: _kept(korean) == "")


def test_the_reason_inside_a_sentence_is_translated_in_the_view(korean: Page, playground: Playground) -> None:
    view = open_run(korean, playground.url, playground.start(_with_a_bad_history()))
    view.expect_status("failed")
    expect(view.trouble).to_contain_text("past의 값이 메시지 목록이 아닙니다: 1번째 메시지가 목록입니다.")


def test_the_same_reason_in_english(page: Page, playground: Playground) -> None:
    view = open_run(page, playground.url, playground.start(_with_a_bad_history()))
    view.expect_status("failed")
    expect(view.trouble).to_contain_text("The value of past is not a list of messages: message 1 is a list.")


def test_one_chunk_is_not_chunks(page: Page, playground: Playground) -> None:
    run = playground.start(request(ttft_ms=10, tokens_per_second=0.1))
    view = open_playground(page, playground.url, run)
    view.until_characters(1)
    playground.end_run(run)
    view.expect_status("stopped")
    expect(view.status).to_have_text(re.compile("^stopped after 1 chunk, "))


def _with_a_bad_history() -> Json:
    asked = request(mode="batch")
    asked["chain"]["messages"].insert(0, {"role": "placeholder", "template": "past"})
    return {**asked, "inputs": [{"topic": "ice cream", "past": [[]]}]}


def _choose(page: Page, language: str) -> None:
    keyed(page, "language", "input").click()
    page.get_by_role("option", name=language, exact=True).click()


def _kept(page: Page) -> str:
    return next(
        (str(cookie["value"]) for cookie in page.context.cookies() if cookie["name"] == "playground_language"), ""
    )
