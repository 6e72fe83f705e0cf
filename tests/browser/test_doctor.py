"""The doctor in the browser: what is pasted runs after one press, and what is written in it is never markup."""

from playwright.sync_api import Page, Request, expect

from tests.browser.view import open_playground, run_button, run_of, template
from tests.support.playground import Playground

EXAMPLE = '\nAnswer like this:\n{"city": "Seoul", "at": {"lat": 37.5, "of": []}, "tags": [{}, {"a": "b"}]}'
MARKUP = "{{x ![y](http://foreign.invalid/q)}} {<b>x</b>} {a\u202eb} {![z](http://foreign.invalid/q)}"


def test_a_pasted_json_example_runs_after_one_press(page: Page, playground: Playground) -> None:
    asked: list[Request] = []
    page.on("request", lambda sent: asked.append(sent))
    view = open_playground(page, playground.url)
    template(page).fill(MARKUP)
    template(page).blur()
    expect(page.locator(".stMarkdown").get_by_text("(U+202E)")).to_be_visible()
    page.get_by_role("button", name="Braces").click()
    expect(page.get_by_text("{a‹U+202E›b}")).to_be_visible()
    expect(page.get_by_text("5 braces")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.locator(".stMain b").count() == 0
    assert page.locator(".stMain img").count() == 0
    assert not [sent.url for sent in asked if "foreign" in sent.url]

    template(page).fill("Tell me about {topic}.")
    template(page).press("End")
    page.keyboard.insert_text(EXAMPLE)
    template(page).blur()
    expect(run_button(page)).to_be_disabled()
    cure = page.get_by_role("button", name="Make literal")
    expect(cure).to_have_count(1)
    cure.click()
    expect(run_button(page)).to_be_enabled()
    run_button(page).click()
    asked_for = playground.ended(run_of(page))["request"]
    view.expect_status("done")
    assert asked_for["chain"]["messages"][0]["template"] == "Tell me about {topic}." + EXAMPLE.replace(
        "{", "{{"
    ).replace("}", "}}")
