"""The Runs page: find a run, open it, take it along, delete it; also when there are a thousand."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.view import View, keyed, open_playground, open_run, run_of, template
from tests.support.playground import Playground, request, serving

ROW_HEIGHT = 35
DRAWN_WITHIN_MS = 3_000


def test_a_run_is_found_opened_taken_along_and_deleted(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        older, run = (playground.start(request(template=f"Tell me about {what}")) for what in ("whales", "a zebra"))
        text = playground.ended(run)["items"][0]["text"]
        playground.ended(older)
        page.goto(f"{playground.url}/runs")
        _expect_listed(page, 2)
        _choose_row(page, 0, "joke")
        view = View(page)
        view.expect_text(text)
        assert run_of(page) == run

        with page.expect_download() as download:
            keyed(page, "download_run").click()
        assert download.value.suggested_filename == f"run-{run}.json"
        assert json.loads(download.value.path().read_text("utf-8")) == playground.record(run)

        keyed(page, "open_in_playground").click()
        expect(template(page)).to_have_value("Tell me about a zebra")
        View(page).expect_text(text)
        assert run_of(page) == run

        open_run(page, playground.url, run)
        keyed(page, "delete_run").click()
        assert playground.get(f"/api/runs/{run}").status_code == 200
        keyed(page, "delete_run_now").click()
        _expect_listed(page, 1)
        assert playground.get(f"/api/runs/{run}").status_code == 404
        assert playground.record(older)["status"] == "done"


def test_filters_narrow_the_list(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        for fault in ("none", "unauthorized", "none"):
            playground.ended(playground.start(request(fault=fault)))
        playground.ended(playground.start(request(mode="invoke", template="Tell me about a walrus")))
        page.goto(f"{playground.url}/runs")
        _expect_listed(page, 4)
        _choose(page, "find_status", "failed")
        _expect_listed(page, 1)
        _choose(page, "find_mode", "invoke")
        expect(page.get_by_text("No run fits these filters.")).to_be_visible()
        page.reload()
        _expect_listed(page, 4)
        keyed(page, "find", "input").fill("walrus")
        keyed(page, "find", "input").press("Enter")
        _expect_listed(page, 1)


def test_all_ended_runs_are_deleted_at_once_and_the_running_one_stays(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        for _ in range(3):
            playground.ended(playground.start(request()))
        running = playground.start(request(ttft_ms=60_000))
        page.goto(f"{playground.url}/runs")
        _expect_listed(page, 4)
        page.get_by_role("button", name="Delete all").first.click()
        page.locator(".st-key-delete_all_now button").wait_for()
        page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
        page.locator(".st-key-delete_all_now button").click()
        _expect_listed(page, 1)
        expect(page.locator(".st-key-delete_all_now")).to_have_count(0)
        expect(page.get_by_role("button", name="Delete all").first).to_be_visible()
        assert playground.record(running)["status"] == "running"


def test_a_running_run_can_be_stopped_from_its_page(page: Page, playground: Playground) -> None:
    run = playground.start(request(tokens_per_second=50, min_tokens=2_000))
    view = open_run(page, playground.url, run)
    view.until_characters(20)
    keyed(page, "stop").click()
    view.expect_status("stopped")
    view.expect_text(playground.ended(run)["items"][0]["text"])
    expect(keyed(page, "delete_run")).to_be_visible()


def test_a_thousand_kept_runs_still_draw_at_once(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        run = playground.start(request())
        playground.ended(run)
        _multiply(tmp_path, run, 999)
        open_playground(page, playground.url)
        page.get_by_role("link", name="Runs").click()
        _expect_listed(page, 1_000, within_ms=DRAWN_WITHIN_MS)
        expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=DRAWN_WITHIN_MS)
        page.get_by_role("button", name="Page 2", exact=True).click()
        expect(page.get_by_role("button", name="Page 2", exact=True)).to_have_attribute("aria-current", "page")
        _choose_row(page, 0, "copy 50")
        View(page).root.wait_for()
        assert run_of(page) == "copy-50"


def _multiply(folder: Path, run: str, count: int) -> None:
    """Makes `count` older copies of a kept run, named by number, the first the newest."""
    with closing(sqlite3.connect(folder / "playground.sqlite3", timeout=10)) as store, store:
        for table, key in (("runs", "id"), ("segments", "run")):
            values = {name: name for _, name, *_ in store.execute(f"PRAGMA table_info({table})")}
            values[key] = "'copy-' || n"
            if table == "runs":
                values |= {"created": "created - n", "name": "'copy ' || n"}
            numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
            wanted = f"SELECT {', '.join(values.values())} FROM numbers, {table} WHERE {key} = ?"
            store.execute(f"{numbers} INSERT INTO {table} ({', '.join(values)}) {wanted}", (run,))


def _expect_listed(page: Page, count: int, *, within_ms: float = 15_000) -> None:
    """Waits until the list says that it holds so many runs."""
    said = page.locator("[data-testid=stMain]").get_by_text(re.compile(rf"^{count} runs?\b"))
    expect(said).to_be_visible(timeout=within_ms)


def _choose_row(page: Page, row: int, what: str) -> None:
    """Ticks a row of the list, as soon as `what` stands in it; the table is drawn on a canvas, so by its place."""
    table = page.get_by_test_id("stDataFrame")
    expect(table.locator("tbody tr").nth(row)).to_contain_text(what)
    table.click(position={"x": 18, "y": ROW_HEIGHT * (row + 1.5)})


def _choose(page: Page, key: str, option: str) -> None:
    keyed(page, key, "input").click()
    page.get_by_role("option", name=option, exact=True).click()
