"""What can be read off an answer: boundaries, spaces, single chunks, copies, the replay, the readings after the end."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.view import View, open_playground, open_run, visiting
from tests.support.playground import Json, Playground, request

SHORT: Json = {"max_tokens": 24, "seed": 5, "tokens_per_second": 100}


@pytest.fixture(scope="module")
def kept(playground: Playground) -> str:
    """A short answer that has come to its end."""
    run = playground.start(request(**SHORT))
    playground.ended(run)
    return run


@pytest.fixture(scope="module")
def view(browser: Browser, playground: Playground, kept: str) -> Iterator[View]:
    """One reader, who leaves the view as it was found."""
    with visiting(browser, permissions=["clipboard-read", "clipboard-write"]) as context:
        view = open_run(context.new_page(), playground.url, kept)
        view.expect_status("done")
        yield view


def test_boundaries_show_where_each_chunk_begins_and_can_be_turned_off(
    view: View, playground: Playground, kept: str
) -> None:
    text = playground.item(kept)["text"]
    assert view.chunks.all_text_contents() == [chunk["text"] for chunk in _chunks(playground, kept) if chunk["text"]]
    expect(view.tool("boundaries")).to_have_attribute("aria-pressed", "true")
    view.tool("boundaries").click()
    expect(view.tool("boundaries")).to_have_attribute("aria-pressed", "false")
    expect(view.chunks).to_have_count(0)
    assert view.text == text
    view.tool("boundaries").click()
    expect(view.chunks).to_have_count(24)
    assert view.text == text


def test_a_boundary_is_a_tint_and_an_edge(view: View) -> None:
    looks = view.chunks.evaluate_all(
        "spans => spans.slice(0, 2).map(s => [getComputedStyle(s).backgroundColor, getComputedStyle(s).boxShadow])"
    )
    (even, edge), (odd, other_edge) = looks
    assert even != odd
    assert edge == other_edge != "none"


def test_empty_chunks_are_ticks_in_their_places(view: View, playground: Playground, kept: str) -> None:
    empty = [not chunk["text"] for chunk in _chunks(playground, kept)]
    assert empty[0]
    assert empty[-1]
    spans = view.answer.locator(".chunk, .tick")
    assert spans.evaluate_all("spans => spans.map(s => s.classList.contains('tick'))") == empty


def test_spaces_and_line_breaks_are_shown_on_demand(page: Page, playground: Playground) -> None:
    run = playground.start(request())
    text = playground.ended(run)["items"][0]["text"]
    assert "\n" in text
    view = open_run(page, playground.url, run)
    view.expect_text(text)
    view.tool("spaces").click()
    height = view.answer.evaluate("answer => answer.scrollHeight")
    seen = text.replace(" ", "·\u200b").replace("\n", "↵\n")
    view.expect_text(seen)
    view.tool("boundaries").click()
    view.expect_text(seen)
    view.tool("spaces").click()
    view.expect_text(text)
    # Lines end where they do without: words are not broken.
    line = view.answer.evaluate("answer => parseFloat(getComputedStyle(answer).lineHeight)")
    assert abs(view.answer.evaluate("answer => answer.scrollHeight") - height) <= line


def test_switches_are_remembered(view: View) -> None:
    view.tool("boundaries").click()
    view.page.reload()
    view.expect_status("done")
    expect(view.tool("boundaries")).to_have_attribute("aria-pressed", "false")
    expect(view.chunks).to_have_count(0)
    view.tool("boundaries").click()
    expect(view.chunks).to_have_count(24)


def test_pointing_at_a_chunk_reads_it(view: View, playground: Playground, kept: str) -> None:
    view.chunks.nth(3).hover()
    expect(view.reading).to_have_text(_reading(playground, kept, 5))
    view.page.mouse.move(5, 5)
    expect(view.reading).to_contain_text("Point at a chunk")


def test_arrow_keys_go_from_chunk_to_chunk(view: View, playground: Playground, kept: str) -> None:
    box = view.root.get_by_role("region")
    box.focus()
    box.press("ArrowRight")
    expect(view.reading).to_have_text(_reading(playground, kept, 1))
    box.press("ArrowRight")
    box.press("ArrowRight")
    box.press("ArrowLeft")
    expect(view.reading).to_have_text(_reading(playground, kept, 2))
    box.press("End")
    expect(view.reading).to_have_text(_reading(playground, kept, len(_chunks(playground, kept))))
    box.press("Escape")
    expect(view.reading).to_contain_text("Point at a chunk")


def test_chunks_of_one_packet_are_bracketed(page: Page, playground: Playground) -> None:
    run = playground.start(request(fault="burst", max_tokens=40))
    playground.ended(run)
    view = open_run(page, playground.url, run)
    view.expect_status("done")
    times = [chunk["at"] for chunk in _chunks(playground, run) if chunk["text"]]
    joined = [after - before < 1 for before, after in pairwise(times)]
    assert sum(joined) > 20
    packet = [left or right for left, right in zip([False, *joined], [*joined, False], strict=True)]
    assert view.chunks.evaluate_all("spans => spans.map(s => s.classList.contains('packet'))") == packet


def test_copy_gives_the_plain_text(view: View, playground: Playground, kept: str) -> None:
    text = playground.item(kept)["text"]
    view.tool("copy").click()
    expect(view.reading).to_have_text(f"{len(text)} characters copied")
    assert _clipboard(view.page) == text


def test_copy_with_puts_the_separator_before_each_chunk_empty_ones_too(
    view: View, playground: Playground, kept: str
) -> None:
    chunks = [chunk["text"] for chunk in _chunks(playground, kept)]
    view.tool("copy-parted").click()
    expect(view.reading).to_contain_text("characters copied")
    assert _clipboard(view.page) == "".join(f"!!{text}" for text in chunks)
    view.tool("separator").fill("|")
    view.tool("copy-parted").click()
    expect(view.reading).to_contain_text(f"{sum(map(len, chunks)) + len(chunks)} characters")
    assert _clipboard(view.page) == "".join(f"|{text}" for text in chunks)


def test_replay_shows_the_answer_again_as_it_came(page: Page, playground: Playground) -> None:
    run = playground.start(request(tokens_per_second=30, ttft_ms=100, max_tokens=30))
    text = playground.ended(run)["items"][0]["text"]
    view = open_run(page, playground.url, run)
    view.expect_text(text)
    view.tool("replay").click()
    expect(view.status).to_have_attribute("data-state", "replay")
    part = view.text
    assert text.startswith(part)
    assert len(part) < len(text)
    expect(view.status).to_have_attribute("data-state", "done")
    view.expect_text(text)
    expect(view.status).to_have_attribute("data-status", "done")


def test_a_replay_can_be_ended(page: Page, playground: Playground) -> None:
    run = playground.start(request(ttft_ms=1_500))
    text = playground.ended(run)["items"][0]["text"]
    view = open_run(page, playground.url, run)
    view.expect_text(text)
    view.tool("replay").click()
    view.expect_text("")
    expect(view.tool("replay")).to_have_text("End replay")
    view.tool("replay").click()
    view.expect_text(text)


def test_after_the_end_the_message_and_the_events_can_be_read(page: Page, playground: Playground, kept: str) -> None:
    view = open_playground(page, playground.url, kept)
    view.expect_status("done")
    view.tab("Message")
    reading = page.locator(".st-key-reading_run_view")
    expect(reading.get_by_text("The parser's value: text")).to_be_visible()
    expect(reading.locator("code").first).to_have_text(playground.item(kept)["text"])
    expect(reading).to_contain_text("usage_metadata")
    expect(reading).to_contain_text("finish_reason")
    view.tab("Events")
    expect(reading.get_by_test_id("stDataFrame")).to_be_visible()
    view.tab("Text")
    view.expect_text(playground.item(kept)["text"])
    expect(view.chunks).to_have_count(24)


def test_the_markdown_reading_renders_what_the_text_reading_shows_raw(page: Page, playground: Playground) -> None:
    run = playground.start(request(template="Answer under these headings:\n# Situation\n# Advice"))
    text = playground.ended(run)["items"][0]["text"]
    assert "# Advice" in text
    view = open_playground(page, playground.url, run)
    view.expect_text(text)
    view.tab("Markdown")
    reading = page.locator(".st-key-reading_run_view")
    expect(reading.get_by_role("heading", name="Advice")).to_be_visible()


def test_a_json_parser_gives_its_value(page: Page, playground: Playground) -> None:
    asked = request(template="Answer as JSON with the keys setup and punchline.")
    asked["chain"]["parser"] = "json"
    run = playground.start(asked)
    record = playground.ended(run)
    assert record["status"] == "done", record
    view = open_playground(page, playground.url, run)
    view.expect_status("done")
    view.tab("Message")
    value = page.locator(".st-key-reading_run_view code").first
    for name in record["items"][0]["value"]:
        expect(value).to_contain_text(f'"{name}"')


KINDS = {"text": "text", "role": "empty, opens the stream", "finish": "empty, finish", "usage": "empty, usage"}


def _chunks(playground: Playground, run: str) -> list[Json]:
    return [event for event in playground.events(run) if event["type"] == "chunk"]


def _reading(playground: Playground, run: str, number: int) -> str:
    """What the view says of a chunk of an answer, by its number from 1."""
    start = next(event["at"] for event in playground.events(run) if event["type"] == "item_started")
    chunks = _chunks(playground, run)
    chunk = chunks[number - 1]
    before = [earlier["at"] for earlier in chunks[: number - 1] if earlier["text"]]
    gap = f"{chunk['at'] - before[-1]:.1f} ms" if chunk["text"] and before else "–"
    where = f"Chunk {number} of {len(chunks)}: at {chunk['at'] - start:.1f} ms, gap {gap}"
    return f"{where}, {len(chunk['text'])} characters, {KINDS[chunk['kind']]}"


def _clipboard(page: Page) -> str:
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text
