"""A batch on the playground: a table of inputs, rows that fill, failures that stop nothing, the rest run again."""

import csv
import io
import json
import threading
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.browser.view import keyed, open_playground, run_button, run_of, stop_button, template
from tests.support.behaviours import answers, error
from tests.support.playground import Json, Playground, remote, request, serving
from tests.support.provider import Behaviour, Exchange
from tests.support.provider import serving as providing


def batch(rows: int, *, at_once: int = 3, **parameters: Any) -> Json:
    asked = request(mode="batch", **parameters)
    return {**asked, "inputs": [{"topic": f"number {n}"} for n in range(rows)], "max_concurrency": at_once}


def row_texts(page: Page) -> Locator:
    return page.locator(".rows-view .row .line .text")


def test_three_examples_are_ready_and_their_rows_fill(page: Page, playground: Playground) -> None:
    view = open_playground(page, playground.url)
    page.get_by_role("radio", name="Batch").click()
    expect(run_button(page)).to_contain_text("Run 3 inputs")
    run_button(page).click()
    expect(page.locator(".rows-view .row")).to_have_count(3)
    expect(row_texts(page).nth(2)).to_contain_text("vanilla", timeout=10_000)
    expect(view.status).to_have_attribute("data-status", "running")
    view.expect_status("done")
    record = playground.ended(run_of(page))
    assert [inputs["topic"] for inputs in record["request"]["inputs"]] == ["ice cream", "chocolate", "vanilla"]
    assert (record["mode"], record["request"]["max_concurrency"]) == ("batch", 3)
    for index, item in enumerate(record["items"]):
        page.locator(".rows-view .row").nth(index).locator(".line").click()
        expect(page.locator(".rows-view .row.open [data-testid=row-text]")).to_have_text(item["text"])
    page.get_by_role("radio", name="Text", exact=True).last.click()
    view.expect_text(record["items"][2]["text"])


def test_a_row_is_typed_into_the_table_and_run(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url, playground.start(batch(1)))
    grid = page.locator(".st-key-input_table .dvn-scroller")
    grid.click(position={"x": 120, "y": 50})
    page.keyboard.press("Enter")
    cell = page.locator("#portal textarea, .gdg-input").first
    cell.fill("한글 주제")
    cell.press("Enter")
    page.get_by_text("Preview of the exact messages").click()
    expect(page.get_by_text("Tell me a joke about 한글 주제")).to_be_visible()
    old = run_of(page)
    run_button(page).click()
    page.wait_for_function("old => !location.href.includes(old)", arg=old)
    asked = playground.ended(run_of(page))["request"]
    assert asked["inputs"] == [{"topic": "한글 주제"}]


def test_one_failing_row_stops_no_other_and_is_run_again_alone(page: Page, playground: Playground) -> None:
    script = {"gpt": _fails_once_on("number 1")}
    with providing(script) as provider:
        asked = {**remote(provider.url, "gpt", mode="batch", retries=0), **_inputs(4)}
        run = playground.start(asked)
        view = open_playground(page, playground.url, run)
        view.expect_status("done")
        expect(page.get_by_test_id("rows-failed")).to_have_text("Failed 1")
        page.get_by_test_id("rows-failed").click()
        expect(page.locator(".rows-view .row")).to_have_count(1)
        page.locator(".rows-view .row .line").click()
        expect(page.locator(".rows-view .row.open .error").last).to_contain_text("refused the request")
        keyed(page, "run_failed").click()
        page.wait_for_function("run => !location.href.includes(run)", arg=run)
        again = playground.ended(run_of(page))
        assert again["request"]["inputs"] == [{"topic": "number 1"}]
        assert [item["status"] for item in again["items"]] == ["done"]
        assert [item["status"] for item in playground.record(run)["items"]] == ["done", "failed", "done", "done"]


def test_stop_keeps_what_is_done_and_the_rest_can_be_run(page: Page, playground: Playground) -> None:
    run = playground.start(batch(40, at_once=2, ttft_ms=250, tokens_per_second=100_000))
    view = open_playground(page, playground.url, run)
    expect(page.get_by_test_id("rows-done")).not_to_have_text("Done 0")
    stop_button(page).click()
    view.expect_status("stopped")
    done = [item["index"] for item in playground.ended(run)["items"] if item["status"] == "done"]
    assert 0 < len(done) < 40
    assert all(playground.record(run)["items"][index]["text"] for index in done)
    expect(page.get_by_test_id("rows-done")).to_have_text(f"Done {len(done)}")
    expect(keyed(page, "run_remaining")).to_contain_text(f"Run the remaining {40 - len(done)} rows")
    keyed(page, "run_remaining").click()
    page.wait_for_function("run => !location.href.includes(run)", arg=run)
    rest = playground.ended(run_of(page))
    assert rest["request"]["inputs"] == [{"topic": f"number {n}"} for n in range(40) if n not in done]
    assert rest["status"] == "done"


def test_a_thousand_rows_draw_only_those_in_view(page: Page, playground: Playground) -> None:
    run = playground.start(batch(1_000, at_once=50, ttft_ms=0, tokens_per_second=100_000, max_tokens=4))
    view = open_playground(page, playground.url, run)
    view.expect_status("done")
    rows = page.locator(".rows-view .row")
    assert 5 < rows.count() < 40
    page.locator(".rows-view .list").focus()
    page.keyboard.press("End")
    expect(page.locator(".rows-view .row", has_text="number 999")).to_be_visible()
    assert rows.count() < 40
    page.keyboard.press("Enter")
    expect(page.locator(".rows-view .row.open [data-testid=row-text]")).to_have_text(
        playground.record(run)["items"][999]["text"]
    )


def test_a_file_fills_the_table_and_a_bad_one_leaves_it(page: Page, playground: Playground, tmp_path: Path) -> None:
    view = open_playground(page, playground.url)
    page.get_by_role("radio", name="Batch").click()
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes("topic,note\n아이스크림,x\n=1+1,y\n".encode("cp949"))
    bad.write_bytes(b"topic\n1,2\n")
    page.get_by_role("button", name="Load a file").click()
    page.locator("input[type=file]").set_input_files(good)
    expect(page.get_by_text("2 rows were read as CP949; columns: topic, note")).to_be_visible()
    page.locator("input[type=file]").set_input_files(bad)
    expect(page.get_by_text("The file cannot be read as a table: row 1 has 2 cells for 1 columns")).to_be_visible()
    page.keyboard.press("Escape")
    expect(run_button(page)).to_contain_text("Run 2 inputs")
    run_button(page).click()
    view.expect_status("done")
    run = run_of(page)
    assert playground.record(run)["request"]["inputs"] == [{"topic": "아이스크림"}, {"topic": "=1+1"}]
    with page.expect_download() as download:
        page.get_by_role("button", name="Results as CSV").click()
    text = download.value.path().read_bytes().decode("utf-8-sig")
    written = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["input.topic"] for row in written] == ["아이스크림", "'=1+1"]
    assert [row["text"] for row in written] == [item["text"] for item in playground.record(run)["items"]]


def test_the_table_survives_a_change_of_page_and_of_columns(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    page.get_by_role("radio", name="Batch").click()
    template(page).fill("A {how} joke about {topic}")
    template(page).blur()
    expect(page.get_by_text("No row has a value for how.")).to_be_visible()
    page.get_by_role("link", name="Runs").click()
    page.get_by_role("link", name="Playground").click()
    template(page).fill("Tell me a joke about {topic}")
    template(page).blur()
    expect(run_button(page)).to_contain_text("Run 3 inputs")


def test_no_item_that_was_told_is_lost_when_the_process_is_killed(page: Page, tmp_path: Path) -> None:
    told: set[int] = set()
    with serving(tmp_path) as first:
        run = first.start(batch(1_000, at_once=20, ttft_ms=20, tokens_per_second=100_000, max_tokens=5))
        reader = threading.Thread(target=_read_ends, args=(f"{first.url}/api/runs/{run}/events", told))
        reader.start()
        while len(told) < 300:
            reader.join(0.01)
        first.kill()
        reader.join()
    with serving(tmp_path) as second:
        record = second.record(run)
        kept = {item["index"] for item in record["items"] if item["status"] == "done"}
        assert record["status"] == "interrupted"
        assert told <= kept
        assert len(kept) < 1_000
        assert all(item["text"] for item in record["items"] if item["index"] in kept)
        open_playground(page, second.url, run)
        expect(keyed(page, "run_remaining")).to_contain_text(f"Run the remaining {1_000 - len(kept)} rows")
        keyed(page, "run_remaining").click()
        page.wait_for_function("run => !location.href.includes(run)", arg=run)
        rest = second.ended(run_of(page))
        assert rest["request"]["inputs"] == [{"topic": f"number {n}"} for n in range(1_000) if n not in kept]
        assert {item["status"] for item in rest["items"]} == {"done"}


def _read_ends(url: str, told: set[int]) -> None:
    """Notes each item whose end a program is told, until the connection is lost."""
    try:
        with httpx.stream("GET", url, timeout=30, trust_env=False) as answer:
            for line in answer.iter_lines():
                if line.startswith('data: {"seq"') and '"item_ended"' in line:
                    told.add(json.loads(line[6:])["item"])
    except httpx.TransportError:
        return


def _inputs(rows: int) -> Json:
    return {"inputs": [{"topic": f"number {n}"} for n in range(rows)], "max_concurrency": 2}


def _fails_once_on(words: str) -> Behaviour:
    refused: list[bool] = []

    async def behave(exchange: Exchange) -> None:
        if words in json.dumps(exchange.request.body) and not refused:
            refused.append(True)
            await exchange.json(400, error("not this one", "invalid"))
        else:
            await answers()(exchange)

    return behave
