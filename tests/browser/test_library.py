"""The library in a browser: save, edit, save, compare, restore, take along; two tabs that save at once."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.view import keyed, open_playground, template, visiting
from tests.support.playground import Playground, serving

ROW_HEIGHT = 35


def test_a_chain_is_saved_edited_compared_restored_and_taken_along(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        open_playground(page, playground.url)
        page.keyboard.press("Control+s")
        keyed(page, "save_name", "input").fill("Jokes")
        page.keyboard.press("Control+s")
        _expect_saved(page, "Jokes · version 1")

        template(page).fill("Tell me two jokes about {topic}")
        page.keyboard.press("Control+s")
        _expect_saved(page, "Jokes · version 2")
        expect(template(page)).to_be_focused()
        template(page).fill("Tell me three jokes about {topic}")
        keyed(page, "save").click()
        _expect_saved(page, "Jokes · version 3")

        page.get_by_role("link", name="Library").click()
        _choose_row(page, 0)
        diff = _diff(page)
        expect(diff).to_contain_text("Version 2")
        expect(diff).to_contain_text("three")
        keyed(page, "compare_1").click()
        expect(diff).to_contain_text("Version 1")
        keyed(page, "restore_1").click()
        expect(page.get_by_text("Version 1 restored", exact=True)).to_be_visible()

        keyed(page, "export_chain").click()
        with page.expect_download() as download:
            keyed(page, "export_yaml_all").click()
        assert download.value.suggested_filename == "Jokes.yaml"
        download.value.save_as(tmp_path / "Jokes.yaml")
        page.keyboard.press("Escape")
        keyed(page, "all_chains").click()
        keyed(page, "import_chain").click()
        page.locator(".st-key-chain_file input[type=file]").set_input_files(tmp_path / "Jokes.yaml")
        expect(page.get_by_text("4 versions")).to_be_visible()
        assert "chain=" in page.url
        keyed(page, "open_version_2").click()
        expect(template(page)).to_have_value("Tell me two jokes about {topic}")
        _expect_saved(page, "Jokes · version 2 · version 4 is the current one")


def test_two_tabs_that_save_at_once_keep_both_and_show_them_side_by_side(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path) as playground, visiting(browser) as context:
        mine, theirs = context.new_page(), context.new_page()
        open_playground(mine, playground.url)
        keyed(mine, "save").click()
        keyed(mine, "save_name", "input").fill("Jokes")
        keyed(mine, "save_now").click()
        _expect_saved(mine, "Jokes · version 1")
        _open_saved(theirs, playground)

        template(mine).fill("mine about {topic}")
        template(theirs).fill("theirs about {topic}")
        theirs.keyboard.press("Control+s")
        mine.keyboard.press("Control+s")
        for tab in (mine, theirs):
            expect(tab.get_by_text(re.compile(r"Jokes · version [23]"))).to_be_visible()
        late = mine if mine.locator(".st-key-clash").count() else theirs
        first = theirs if late is mine else mine
        clash = late.locator(".st-key-clash")
        expect(clash).to_contain_text("Nothing is overwritten: yours is kept as version 3, beside it.")
        expect(_diff(late)).to_contain_text("mine")
        expect(_diff(late)).to_contain_text("theirs")
        expect(first.locator(".st-key-clash")).to_have_count(0)
        keyed(late, "clash_mine").click()
        expect(clash).to_have_count(0)
        _expect_saved(late, "Jokes · version 3")


def _open_saved(page: Page, playground: Playground) -> None:
    page.goto(f"{playground.url}/library")
    _choose_row(page, 0)
    keyed(page, "open_chain").click()
    _expect_saved(page, "Jokes · version 1")


def _expect_saved(page: Page, said: str) -> None:
    expect(page.get_by_text(said)).to_be_visible()


def _diff(page: Page) -> Locator:
    return page.get_by_test_id("diff-view")


def _choose_row(page: Page, row: int) -> None:
    """Ticks a row of the list, as soon as it is there; the table is drawn on a canvas, so by its place."""
    table = page.get_by_test_id("stDataFrame")
    expect(table.locator("tbody tr").nth(row)).to_contain_text("Jokes")
    table.click(position={"x": 18, "y": ROW_HEIGHT * (row + 1.5)})
