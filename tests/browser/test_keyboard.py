"""The main job without a mouse."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.view import open_playground, run_button, run_of, stop_button, template, visiting
from tests.support.playground import Playground

MOST_STEPS = 40


def test_write_run_and_read_an_answer_by_keyboard_alone(page: Page, playground: Playground) -> None:
    view = open_playground(page, playground.url)
    _tab_until(page, "Template of message 1")
    page.keyboard.press("Control+a")
    page.keyboard.type("One line about {topic}")
    page.keyboard.press("Control+Enter")
    view.until_characters(1)
    asked = playground.record(run_of(page))["request"]["chain"]["messages"][0]["template"]
    assert asked == "One line about {topic}"
    view.expect_status("done")
    expect(template(page)).to_be_focused()
    _tab_until(page, "Answer; arrow keys go from chunk to chunk")
    page.keyboard.press("ArrowRight")
    expect(view.reading).to_contain_text("Chunk 1 of")
    page.keyboard.press("ArrowRight")
    expect(view.reading).to_contain_text("Chunk 2 of")
    expect(view.answer.locator(".current")).to_have_count(1)


def test_every_control_has_a_name(page: Page, playground: Playground) -> None:
    view = open_playground(page, playground.url)
    run_button(page).click()
    view.expect_status("done")
    expect(run_button(page)).to_be_enabled()
    page.mouse.click(2, 2)
    names, before = [], None
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused["isBody"] or focused == before:
            break
        before = focused
        names.append(focused)
    assert len(names) > 15
    assert not [focused for focused in names if not focused["name"]]


def test_on_a_mac_the_command_key_runs_and_stops(browser: Browser, playground: Playground) -> None:
    with visiting(browser) as context:
        context.add_init_script("Object.defineProperty(navigator, 'platform', { get: () => 'MacIntel' })")
        page = context.new_page()
        view = open_playground(page, playground.url)
        expect(run_button(page)).to_contain_text("⌘")
        template(page).click()
        page.keyboard.press("Meta+Enter")
        expect(stop_button(page)).to_be_visible()
        view.until_characters(10)
        page.get_by_label("topic", exact=True).click()
        page.keyboard.press("Meta+Enter")
        view.expect_status("stopped")


_FOCUSED = """() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(" ");
    const by = element.getAttribute("aria-labelledby");
    const named = by ? (document.getElementById(by)?.textContent ?? "") : "";
    const name = element.getAttribute("aria-label") || named || labels || element.textContent || element.title || "";
    return { isBody: element === document.body, tag: element.outerHTML.slice(0, 200), name: name.trim() };
}"""


def _tab_until(page: Page, name: str) -> None:
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate(_FOCUSED)["name"] == name:
            return
    raise AssertionError(f"Tab does not reach {name!r}")
