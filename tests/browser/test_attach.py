"""A run belongs to no page: whoever looks at it, whenever and however often, sees all of it once."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import proxy
from tests.browser.view import Frames, open_playground, open_run, run_button, run_of, stop_button, template
from tests.support.playground import Json, Playground, request

SOME_SECONDS: Json = {"ttft_ms": 100, "tokens_per_second": 50, "min_tokens": 150, "max_tokens": 150}
FIVE_SECONDS: Json = {**SOME_SECONDS, "min_tokens": 250, "max_tokens": 250}
LONGER: Json = {**SOME_SECONDS, "min_tokens": 400, "max_tokens": 400}
FIVE_SECONDS_OF_TEXT = 1_000


def test_a_refresh_in_mid_run_loses_and_doubles_nothing(page: Page, playground: Playground) -> None:
    run = playground.start(request(**LONGER))
    view = open_playground(page, playground.url, run)
    view.until_characters(60)
    page.reload()
    seen = view.until_characters(60)
    expect(stop_button(page)).to_be_visible()
    view.expect_status("done")
    text = playground.ended(run)["items"][0]["text"]
    assert text.startswith(seen)
    view.expect_text(text)
    assert view.chunks.count() == 400


def test_a_refresh_after_pressing_run_shows_the_same_run_and_draft(page: Page, playground: Playground) -> None:
    view = open_playground(page, playground.url)
    template(page).fill("Tell me a joke about {topic} and a cat")
    run_button(page).click()
    view.until_characters(1)
    run = run_of(page)
    page.reload()
    expect(template(page)).to_have_value("Tell me a joke about {topic} and a cat")
    view.expect_status("done")
    view.expect_text(playground.ended(run)["items"][0]["text"])


def test_a_second_tab_follows_the_same_run(page: Page, context: BrowserContext, playground: Playground) -> None:
    run = playground.start(request(**SOME_SECONDS))
    first = open_playground(page, playground.url, run)
    first.until_characters(1)
    second = open_run(context.new_page(), playground.url, run)
    second.until_characters(1)
    first.expect_status("done")
    second.expect_status("done")
    text = playground.ended(run)["items"][0]["text"]
    first.expect_text(text)
    second.expect_text(text)


def test_stop_in_one_tab_is_seen_in_the_other(page: Page, context: BrowserContext, playground: Playground) -> None:
    run = playground.start(request(**LONGER))
    first = open_playground(page, playground.url, run)
    second = open_run(context.new_page(), playground.url, run)
    second.until_characters(1)
    second.page.locator(".st-key-stop button").click()
    second.expect_status("stopped")
    first.expect_status("stopped")
    expect(run_button(page)).to_be_enabled()
    text = playground.ended(run)["items"][0]["text"]
    first.expect_text(text)
    second.expect_text(text)


def test_a_page_change_and_back_in_mid_run_loses_and_doubles_nothing(page: Page, playground: Playground) -> None:
    frames = Frames(page)
    run = playground.start(request(**FIVE_SECONDS))
    view = open_playground(page, playground.url, run)
    view.until_characters(60)
    page.get_by_role("link", name="Runs").click()
    page.locator(".st-key-find").wait_for()
    expect(view.root).to_have_count(0)
    page.get_by_role("link", name="Playground").click()
    seen = view.until_characters(60)
    expect(stop_button(page)).to_be_visible()
    expect(view.status).to_have_attribute("data-status", "running")
    view.expect_status("done")
    text = playground.ended(run)["items"][0]["text"]
    assert text.startswith(seen)
    view.expect_text(text)
    assert view.chunks.count() == 250
    assert frames.numbers == list(range(len(playground.events(run))))


def test_a_page_change_keeps_the_draft(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    template(page).fill("Explain {thing}")
    template(page).blur()
    page.get_by_label("thing", exact=True).fill("an iceberg")
    page.get_by_label("thing", exact=True).blur()
    page.get_by_role("link", name="Runs").click()
    page.locator(".st-key-find").wait_for()
    page.get_by_role("link", name="Playground").click()
    expect(template(page)).to_have_value("Explain {thing}")
    expect(page.get_by_label("thing", exact=True)).to_have_value("an iceberg")


def test_a_connection_lost_for_five_seconds_is_said_and_made_good(page: Page, playground: Playground) -> None:
    with proxy.before(playground.port) as network:
        frames = Frames(page)
        run = playground.start(request(**LONGER))
        view = open_playground(page, network.url, run)
        view.until_characters(60)
        network.cut()
        expect(view.lost).to_be_visible()
        expect(view.lost).to_contain_text("The run goes on")
        held = view.text
        playground.until_text(run, len(held) + FIVE_SECONDS_OF_TEXT)
        assert view.text == held
        network.restore()
        view.expect_status("done")
        expect(view.lost).to_be_hidden()
        view.expect_text(playground.ended(run)["items"][0]["text"])
        assert frames.numbers == list(range(len(playground.events(run))))
        expect(run_button(page)).to_be_enabled()


def test_a_view_that_opens_after_the_end_shows_all_of_it(page: Page, playground: Playground) -> None:
    run = playground.start(request())
    record = playground.ended(run)
    frames = Frames(page)
    view = open_run(page, playground.url, run)
    view.expect_status("done")
    view.expect_text(record["items"][0]["text"])
    assert frames.numbers == list(range(len(playground.events(run))))
    assert len(frames.follows) == 1
