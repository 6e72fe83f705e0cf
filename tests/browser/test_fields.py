"""What the fields take: a number runs as it is seen or not at all, and a text that is too long is spoken of."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.view import keyed, open_playground, run_button, run_of, template
from tests.support.playground import Playground


@pytest.mark.parametrize("typed", ["-3", "99999999999999999999", "1.5", ""])
def test_a_number_runs_as_it_is_seen_or_not_at_all(page: Page, playground: Playground, typed: str) -> None:
    open_playground(page, playground.url)
    field = _turn_on(page, "tokens_per_chunk")
    field.fill(typed)
    field.press("Enter")
    page.keyboard.press("Escape")
    expect(run_button(page)).to_be_disabled()
    expect(page.get_by_text("The parameter tokens_per_chunk does not fit")).to_be_visible()
    page.get_by_role("button", name="Parameters: 1 on").click()
    field.fill("7")
    field.press("Enter")
    page.keyboard.press("Escape")
    expect(run_button(page)).to_be_enabled()
    run_button(page).click()
    asked = playground.ended(run_of(page))["request"]
    assert asked["chain"]["model"]["parameters"] == {"tokens_per_chunk": 7}


def test_the_count_of_parameters_is_right_while_they_are_turned_on(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    _turn_on(page, "seed")
    expect(page.get_by_role("button", name="Parameters: 1 on")).to_be_visible()
    page.locator(".st-key-on_fault label").click()
    expect(page.get_by_role("button", name="Parameters: 2 on")).to_be_visible()
    page.locator(".st-key-on_seed label").click()
    expect(page.get_by_role("button", name="Parameters: 1 on")).to_be_visible()


def test_a_text_that_a_field_drops_as_too_long_is_spoken_of(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    page.wait_for_function("document.lcelRunKey")
    before = template(page).input_value()
    template(page).focus()
    page.keyboard.press("End")
    page.keyboard.insert_text("x" * 50_000)
    expect(page.get_by_text(f"the text would have {50_000 + len(before):,} characters")).to_be_visible()
    expect(template(page)).to_have_value(before)


def test_the_roles_are_readable_in_whole(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    keyed(page, "role_0", "input").click()
    page.get_by_role("option", name="placeholder", exact=True).click()
    role = keyed(page, "role_0", "input")
    expect(role).to_have_value("placeholder")
    assert role.evaluate("field => field.scrollWidth <= field.clientWidth")


def _turn_on(page: Page, name: str) -> Locator:
    page.get_by_role("button", name="Parameters").click()
    page.locator(f".st-key-on_{name} label").click()
    return keyed(page, f"param_{name}", "input")
