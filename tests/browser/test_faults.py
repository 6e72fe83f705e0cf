"""Whatever goes wrong on the way: a word for it, a next step, the text that came, and a page that lives on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.view import open_playground, open_run, run_button, run_of, visiting
from tests.support.behaviours import SCRIPT
from tests.support.playground import Json, Playground, free_port, remote, request, serving
from tests.support.provider import serving as providing

BRIEF: Json = {"ttft_ms": 20, "tokens_per_second": 500, "max_retries": 0, "chunk_timeout_s": 0.5, "run_timeout_s": 5}
# fault: status and code of a stream, of an invoke
OUTCOMES: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "rate_limited": (("failed", "rate_limited"), ("failed", "rate_limited")),
    "unauthorized": (("failed", "wrong_key"), ("failed", "wrong_key")),
    "server_error": (("failed", "server_error"), ("failed", "server_error")),
    "hang": (("failed", "stalled"), ("failed", "timeout")),
    "cut": (("failed", "cut"), ("failed", "cut")),
    "truncated": (("incomplete", "incomplete"), ("incomplete", "incomplete")),
    "slow_first_token": (("done", ""), ("done", "")),
    "burst": (("done", ""), ("done", "")),
    "split_utf8": (("done", ""), ("done", "")),
}
CASES = [
    (fault, mode, status, code)
    for fault, outcomes in OUTCOMES.items()
    for mode, (status, code) in zip(("stream", "invoke"), outcomes, strict=True)
]
PARTIAL = {"hang", "cut", "truncated"}

Runs = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def runs(playground: Playground) -> Runs:
    """A run a case, all of them at once."""
    patient = {"slow_first_token": {"chunk_timeout_s": 30, "run_timeout_s": 30}}
    return {
        (fault, mode): playground.start(request(mode=mode, fault=fault, **{**BRIEF, **patient.get(fault, {})}))
        for fault, mode, _, _ in CASES
    }


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[Page]:
    """One person who looks at them all."""
    with visiting(browser) as context:
        yield context.new_page()


@pytest.mark.parametrize(("fault", "mode", "status", "code"), CASES)
def test_each_simulated_fault_has_its_outcome_and_keeps_the_text(
    visitor: Page, playground: Playground, runs: Runs, fault: str, mode: str, status: str, code: str
) -> None:
    view = open_run(visitor, playground.url, runs[fault, mode])
    view.expect_status(status)
    item = playground.ended(runs[fault, mode])["items"][0]
    view.expect_text(item["text"])
    assert bool(item["text"]) == (status == "done" or (fault in PARTIAL and (mode == "stream" or code == "incomplete")))
    if code:
        expect(view.trouble).to_have_attribute("data-code", code)
        expect(view.trouble).to_contain_text(item["error"]["message"])
        expect(view.trouble).to_contain_text(item["error"]["hint"])
    else:
        expect(view.trouble).to_be_hidden()
    expect(visitor.locator(".st-key-delete_run button")).to_be_enabled()
    expect(visitor.get_by_text("Traceback")).to_have_count(0)


def test_a_stream_that_hangs_says_for_how_long_nothing_came(page: Page, playground: Playground) -> None:
    run = playground.start(request(fault="hang", ttft_ms=20, tokens_per_second=500))
    view = open_run(page, playground.url, run)
    expect(view.status).to_have_text("streaming, no chunk for 5.00 s")
    playground.end_run(run)
    view.expect_status("stopped")


def test_retries_are_seen_while_they_happen_and_afterwards(page: Page, playground: Playground) -> None:
    run = playground.start(request(fault="rate_limited", ttft_ms=200, max_retries=1))
    view = open_run(page, playground.url, run)
    line = view.root.get_by_text("Attempt 1 failed: Simulated model is limiting the rate of requests.")
    expect(line).to_be_visible()
    view.expect_status("failed")
    expect(line).to_be_visible()
    expect(line).to_contain_text("500 ms")


def test_a_failed_run_can_be_run_again_from_where_it_failed(page: Page, playground: Playground) -> None:
    failed = playground.start(request(fault="server_error", **{**BRIEF, "ttft_ms": 1}))
    view = open_playground(page, playground.url, failed)
    view.expect_status("failed")
    view.root.get_by_role("button", name="Run again").click()
    page.wait_for_function("failed => !location.href.includes(failed)", arg=failed)
    view.expect_status("failed")
    assert playground.record(run_of(page))["request"] == playground.record(failed)["request"]
    expect(run_button(page)).to_be_enabled()


def test_a_real_provider_that_cuts_the_stream_loses_no_text(page: Page, playground: Playground) -> None:
    with providing(SCRIPT) as provider:
        view = open_run(page, playground.url, playground.start(remote(provider.url, "cut")))
        view.expect_status("failed")
        expect(view.trouble).to_have_attribute("data-code", "cut")
        view.expect_text("One two")


def test_nobody_at_the_base_url_is_a_sentence_with_the_address(page: Page, playground: Playground) -> None:
    url = f"http://127.0.0.1:{free_port()}/v1"
    view = open_run(page, playground.url, playground.start(remote(url, "any", max_retries=0)))
    view.expect_status("failed")
    expect(view.trouble).to_contain_text(f"Nothing answers at {url}.")


def test_stopping_a_silent_provider_ends_at_once_and_closes_its_connection(page: Page, playground: Playground) -> None:
    with providing(SCRIPT) as provider:
        view = open_playground(page, playground.url, playground.start(remote(provider.url, "silent")))
        view.expect_status("running")
        asked = next(sent for sent in provider.requests if sent.body)
        page.locator(".st-key-stop button").click()
        view.expect_status("stopped")
        assert asked.closed.wait(2)
        expect(run_button(page)).to_be_visible()


def test_a_page_that_breaks_says_so_without_a_traceback(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        open_playground(page, playground.url)
        with closing(sqlite3.connect(tmp_path / "playground.sqlite3", timeout=10)) as store:
            store.execute("ALTER TABLE runs RENAME TO lost")
        page.get_by_role("link", name="Runs").click()
        expect(page.get_by_text("Something went wrong on this page.")).to_be_visible()
        expect(page.get_by_text("lost")).to_have_count(0)
        assert "Traceback" in playground.output
        page.get_by_role("link", name="Playground").click()
        expect(run_button(page)).to_be_enabled()
