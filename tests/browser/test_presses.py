"""One press is one run, however it is pressed."""

import sqlite3
from contextlib import closing

from playwright.sync_api import Page, expect

from tests.browser.view import View, open_playground, run_button, run_of, template
from tests.support.playground import Playground, request

PRESSES = 8


def test_run_pressed_many_times_at_once_is_one_run(page: Page, playground: Playground) -> None:
    kept = _ended_run(playground)
    for wait in (0, 5, 20, 50):
        view = open_playground(page, playground.url, kept)
        before = _runs(playground)
        page.evaluate(_PRESS_RUN, [PRESSES, wait])
        _expect_one_more(page, playground, view, kept, before)


def test_the_shortcut_pressed_many_times_is_one_run(page: Page, playground: Playground) -> None:
    kept = _ended_run(playground)
    view = open_playground(page, playground.url, kept)
    before = _runs(playground)
    template(page).click()
    for _ in range(PRESSES):
        page.keyboard.press("Control+Enter")
    _expect_one_more(page, playground, view, kept, before)


def test_the_shortcut_held_down_neither_starts_twice_nor_stops(page: Page, playground: Playground) -> None:
    kept = _ended_run(playground)
    view = open_playground(page, playground.url, kept)
    before = _runs(playground)
    template(page).click()
    page.keyboard.down("Control")
    for _ in range(30):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    page.keyboard.up("Control")
    _expect_one_more(page, playground, view, kept, before)


def test_a_double_click_on_run_does_not_stop_what_it_starts(page: Page, playground: Playground) -> None:
    kept = _ended_run(playground)
    view = open_playground(page, playground.url, kept)
    before = _runs(playground)
    run_button(page).dblclick(delay=120)
    _expect_one_more(page, playground, view, kept, before)


_PRESS_RUN = """async ([times, wait]) => {
    for (let n = 0; n < times; n++) {
        document.querySelector(".st-key-run button")?.click();
        if (wait) await new Promise((later) => setTimeout(later, wait));
    }
}"""


def _expect_one_more(page: Page, playground: Playground, view: View, kept: str, before: int) -> None:
    """One run more, shown in one view to its end."""
    page.wait_for_function("kept => !location.href.includes(kept)", arg=kept)
    run = run_of(page)
    assert playground.ended(run)["status"] == "done"
    view.expect_status("done")
    view.expect_text(playground.record(run)["items"][0]["text"])
    expect(view.root).to_have_count(1)
    expect(run_button(page)).to_be_enabled()
    assert run_of(page) == run
    assert _runs(playground) == before + 1


def _ended_run(playground: Playground) -> str:
    run = playground.start(request(ttft_ms=300, tokens_per_second=40, max_tokens=60))
    playground.ended(run)
    return run


def _runs(playground: Playground) -> int:
    """How many runs were ever begun there."""
    with closing(sqlite3.connect(playground.data_dir / "playground.sqlite3")) as store:
        return int(store.execute("select count(*) from runs").fetchone()[0])
