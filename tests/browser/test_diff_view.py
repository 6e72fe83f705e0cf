"""The diff view in a browser: the modules as they are served, with what `components/diff/wire.py` sends."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect

from chains.compare.diff import diff
from components.diff import wire
from components.run.loader import styles
from tests.support.playground import Json, Playground

MOUNT = """
async ({ data, css }) => {
  const view = await import('/assets/diff_view/view.js');
  const host = document.createElement('div');
  document.body.replaceChildren(host);
  const root = host.attachShadow({ mode: 'open' });
  const style = document.createElement('style');
  style.textContent = css;
  root.append(style);
  view.show({ parentElement: root, data });
}
"""
WORDS: Json = {
    "language": "en",
    "form": "Form",
    "side": "Side by side",
    "inline": "Inline",
    "settings": "Settings",
    "none": "none",
    "becomes": "becomes",
    "alike": [[1, "{count} line alike"], [2, "{count} lines alike"]],
    "more": [[1, "Show {count} more line"], [2, "Show {count} more lines"]],
    "kinds": {"changed": "changed", "added": "added", "removed": "removed"},
}
LINES = [f"line {number} of the text" for number in range(1, 41)]


def mount(page: Page, playground: Playground, left: str, right: str, changes: Sequence[Sequence[str]] = ()) -> None:
    sections = [{"title": "", "notes": [], "rows": wire.rows(diff(left, right))}]
    message = {"title": "", "role": "", "notes": [], "sections": sections}
    data = {"names": ["old", "new"], "summary": "all", "changes": changes, "messages": [message], "words": WORDS}
    page.goto(f"{playground.url}/api/health")
    page.evaluate(MOUNT, {"data": data, "css": styles("diff_view/view.css")})


@pytest.fixture
def asked(page: Page) -> list[str]:
    """What the page asks of any server."""
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    return urls


def test_a_diff_is_read_side_by_side_and_inline_and_folds_what_is_alike(page: Page, playground: Playground) -> None:
    edited = [*LINES[:19], "line twenty of the text", *LINES[20:39], "one more", LINES[39]]
    mount(page, playground, "\n".join(LINES), "\n".join(edited))
    view = page.get_by_test_id("diff-view")
    expect(view).to_have_attribute("data-shown", "side")
    expect(view.locator("del")).to_have_text("20")
    expect(view.locator("ins")).to_have_text("twenty")
    assert "line-through" in view.locator("del").evaluate("node => getComputedStyle(node).textDecorationLine")
    assert "underline" in view.locator("ins").evaluate("node => getComputedStyle(node).textDecorationLine")
    expect(view.get_by_role("row", name="changed")).to_have_count(1)
    expect(view.get_by_role("row", name="added")).to_contain_text("one more")

    expect(view.get_by_text("line 1 of the text")).to_have_count(0)
    fold = view.get_by_role("button", name="16 lines alike")
    fold.focus()
    page.keyboard.press("Enter")
    expect(view.get_by_text("line 1 of the text")).to_have_count(2)
    assert page.evaluate("document.querySelector('div').shadowRoot.activeElement.textContent").startswith("1line 1 of")
    expect(view.get_by_role("button", name="13 lines alike")).to_be_visible()

    view.get_by_role("button", name="Inline").click()
    expect(view).to_have_attribute("data-shown", "inline")
    rows = view.locator("tbody tr").all_inner_texts()
    at = next(number for number, row in enumerate(rows) if "line 20 of" in row)
    assert "line twenty of" in rows[at + 1]

    page.set_viewport_size({"width": 390, "height": 800})
    expect(view.get_by_role("group")).to_be_hidden()
    expect(view).to_have_attribute("data-shown", "inline")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_compared_is_text_and_nothing_else(page: Page, playground: Playground, asked: list[str]) -> None:
    foreign = '<img src="http://127.0.0.1:9/x"> <b>x</b>'
    mount(page, playground, f"{foreign}\u202eend\r", f"{foreign} more\u202eend", [[foreign, foreign, ""]])
    view = page.get_by_test_id("diff-view")
    expect(view.locator("td.text").first).to_contain_text(foreign)
    expect(view.locator("img, b")).to_have_count(0)
    expect(view.get_by_text("U+202E")).to_have_count(2)
    expect(view.get_by_text("CR", exact=True)).to_have_count(1)
    assert not [url for url in asked if ":9/" in url]


def test_a_very_long_diff_is_drawn_in_parts(page: Page, playground: Playground) -> None:
    mount(page, playground, "", "\n".join(f"new {number}" for number in range(2_500)))
    view = page.get_by_test_id("diff-view")
    expect(view.locator("tbody tr")).to_have_count(1_000)
    view.get_by_role("button", name="Show 1501 more lines").click()
    view.get_by_role("button", name="Show 501 more lines").click()
    expect(view.get_by_text("new 2499")).to_be_visible()
