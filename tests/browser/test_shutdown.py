"""However the process ends, what came is kept; told to end, it ends soon, whoever still looks on."""

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.view import open_playground, open_run
from tests.support.behaviours import SCRIPT
from tests.support.playground import Json, Playground, remote, request, serving
from tests.support.provider import Provider
from tests.support.provider import serving as providing

SLOW: Json = {"ttft_ms": 50, "tokens_per_second": 100, "min_tokens": 5_000}
MOST_LOST_S = 0.5


@pytest.fixture
def provider() -> Iterator[Provider]:
    with providing(SCRIPT) as provider:
        yield provider


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_ends_within_five_seconds_and_all_text_is_there_after_a_restart(
    page: Page, provider: Provider, tmp_path: Path, number: signal.Signals
) -> None:
    with serving(tmp_path) as playground:
        silent = playground.start(remote(provider.url, "silent"))
        streaming = playground.start(request(**SLOW))
        view = open_playground(page, playground.url, streaming)
        open_run(page.context.new_page(), playground.url, silent).expect_status("running")
        view.until_characters(100)
        asked = provider.wait_for(1)
        with _following(playground, streaming) as followed, _following(playground, silent):
            assert playground.stop(number) < 5
            assert asked.closed.wait(1)
        assert "Traceback" not in playground.output
    with serving(tmp_path) as again:
        assert again.record(silent)["status"] == "interrupted"
        record = again.record(streaming)
        assert record["status"] == "interrupted"
        assert len(record["items"][0]["text"]) >= 100
        assert record["items"][0]["text"].startswith("".join(chunk["text"] for chunk in followed.chunks))
        view = open_run(page, again.url, streaming)
        view.expect_status("interrupted")
        view.expect_text(record["items"][0]["text"])


def test_killed_in_mid_run_it_lists_the_run_as_interrupted_with_all_but_the_last_half_second(
    page: Page, tmp_path: Path
) -> None:
    with serving(tmp_path) as playground:
        run = playground.start(request(**SLOW))
        with _following(playground, run) as followed:
            playground.until_text(run, 1_000)
            playground.kill()
    with serving(tmp_path) as again:
        record = again.record(run)
        assert record["status"] == "interrupted"
        kept = [event["at"] for event in again.events(run) if event["type"] == "chunk"]
        assert followed.chunks[-1]["at"] - kept[-1] < MOST_LOST_S * 1_000
        view = open_run(page, again.url, run)
        view.expect_text(record["items"][0]["text"])


def test_an_open_page_finds_the_restarted_server_and_says_how_the_run_ended(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        run = playground.start(request(**SLOW))
        view = open_playground(page, playground.url, run)
        view.until_characters(100)
        playground.kill()
        expect(view.lost).to_be_visible()
        again = Playground(tmp_path, port=playground.port)
        try:
            view.expect_status("interrupted")
            assert view.text.startswith(again.item(run)["text"])
        finally:
            again.kill()


class Followed:
    """What an SSE follower has got so far."""

    def __init__(self) -> None:
        self.text = ""

    @property
    def chunks(self) -> list[Json]:
        whole = [line for line in self.text.split("\n\n")[:-1] if '"type":"chunk"' in line]
        return [json.loads(line.partition("data: ")[2]) for line in whole]


@contextmanager
def _following(playground: Playground, run: str) -> Iterator[Followed]:
    """A program that follows a run's events until the server leaves."""
    followed, began = Followed(), threading.Event()

    def follow() -> None:
        try:
            with httpx.stream("GET", f"{playground.url}/api/runs/{run}/events", timeout=60, trust_env=False) as answer:
                for part in answer.iter_text():
                    followed.text += part
                    began.set()
        except httpx.TransportError:
            return

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    assert began.wait(10)
    yield followed
    thread.join(10)
    assert not thread.is_alive()
