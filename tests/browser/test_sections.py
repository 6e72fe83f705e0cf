"""The outline in a browser: sections are dragged, moved by keyboard, renamed and switched off, and the text follows."""

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.view import View, open_playground, run_button, run_of, template, visiting
from tests.support.playground import Playground

TEXT = "About {topic}.\n\n# Role\nA teacher.\n\n## Tone\nCalm.\n\n# Situation\nNew.\n\n# Format\nOne line."
ROLE, SITUATION, FORMAT = "# Role\nA teacher.\n\n## Tone\nCalm.", "# Situation\nNew.", "# Format\nOne line."


def test_sections_are_reordered_renamed_and_switched_off(page: Page, playground: Playground) -> None:
    view = open_playground(page, playground.url)
    _write(page, TEXT)
    page.locator(".st-key-sections summary").click()
    _expect_titles(page, "Before the first heading", "Role", "Tone", "Situation", "Format")
    _still(page)
    _drag(page)
    _keyboard(page)
    _rename(page)
    _narrow(page)
    _off_and_on(page, playground, view)


def test_a_finger_moves_a_section_by_its_grip_and_scrolls_elsewhere(browser: Browser, playground: Playground) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with visiting(browser, **phone) as context:
        page = context.new_page()
        open_playground(page, playground.url)
        _write(page, TEXT)
        page.locator(".st-key-sections summary").tap()
        _expect_titles(page, "Before the first heading", "Role", "Tone", "Situation", "Format")
        _row(page, "Format").scroll_into_view_if_needed()
        _still(page)
        finger = Finger(page)
        finger.drag(_row(page, "Format").locator(".title"), _row(page, "Role"))
        expect(page.locator(".outline .line")).to_have_count(0)
        finger.lift()
        _row(page, "Format").scroll_into_view_if_needed()
        _still(page)
        finger.drag(_row(page, "Format").locator(".grip"), _row(page, "Role"))
        expect(page.locator(".outline .line")).to_be_visible()
        finger.lift()
        _expect_text(page, "About {topic}.", FORMAT, ROLE, SITUATION)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


class Finger:
    """A finger on the screen, as the browser's own input has it: what it may scroll, it scrolls."""

    def __init__(self, page: Page) -> None:
        self._input = page.context.new_cdp_session(page)

    def drag(self, what: Locator, to: Locator) -> None:
        """From the middle of one thing to the middle of another, in steps, without being lifted."""
        (x, y), (_to_x, end) = _middle(what), _middle(to)
        self._touch("touchStart", x, y)
        for step in range(1, 9):
            self._touch("touchMove", x, y + (end - y) * step / 8)

    def lift(self) -> None:
        self._input.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _touch(self, type: str, x: float, y: float) -> None:
        self._input.send("Input.dispatchTouchEvent", {"type": type, "touchPoints": [{"x": x, "y": y}]})


def _drag(page: Page) -> None:
    """With a mouse, before the section that holds another; what has no place there is left where it is."""
    _row(page, "Format").hover()
    page.mouse.down()
    _move_to(_row(page, "Situation"))
    _move_to(_row(page, "Tone"))
    expect(page.locator(".outline .line")).to_be_visible()
    expect(page.locator(".outline .dragged")).to_have_count(1)
    page.mouse.up()
    _expect_text(page, "About {topic}.", ROLE, FORMAT, SITUATION)
    _row(page, "Format").hover()
    page.mouse.down()
    _move_to(_row(page, "Role"), above=8)
    page.mouse.up()
    _expect_text(page, "About {topic}.", FORMAT, ROLE, SITUATION)
    expect(page.get_by_test_id("sections-said")).to_have_text("“Format” is now section 2 of 5.")
    _row(page, "Role").hover()
    page.mouse.down()
    _move_to(_row(page, "Situation"), above=-12)
    expect(page.locator(".outline .dragged")).to_have_count(2)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".outline .dragged")).to_have_count(0)
    _expect_text(page, "About {topic}.", FORMAT, ROLE, SITUATION)


def _keyboard(page: Page) -> None:
    """Two presses at once are two steps; the section keeps the focus, and what is folded moves along."""
    _row(page, "Role").focus()
    page.keyboard.press("ArrowLeft")
    _expect_titles(page, "Before the first heading", "Format", "Role", "Situation")
    page.keyboard.press("ArrowUp")
    expect(_row(page, "Format")).to_be_focused()
    _row(page, "Format").evaluate(_TWO_STEPS)
    _expect_text(page, "About {topic}.", ROLE, SITUATION, FORMAT)
    expect(_row(page, "Format")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(_row(page, "Tone")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(_row(page, "Role")).to_be_focused()
    expect(_row(page, "Role")).to_have_attribute("aria-label", "Role, level 1, about 5 tokens, on")


def _rename(page: Page) -> None:
    page.keyboard.press("F2")
    page.keyboard.type("Nothing")
    page.keyboard.press("Escape")
    expect(_row(page, "Role")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("역할 {topic}")
    page.keyboard.press("Enter")
    renamed = ROLE.replace("# Role", "# 역할 {topic}")
    _expect_text(page, "About {topic}.", renamed, SITUATION, FORMAT)
    expect(_row(page, "역할 {topic}")).to_be_focused()
    _row(page, "역할 {topic}").locator(".text").dblclick()
    page.keyboard.type("Role")
    page.get_by_test_id("sections-said").click()
    _expect_text(page, "About {topic}.", ROLE, SITUATION, FORMAT)


def _narrow(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    _row(page, "Format").get_by_role("switch").hover()
    assert page.locator(".outline").evaluate("outline => outline.scrollWidth <= outline.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 900})


def _off_and_on(page: Page, playground: Playground, view: View) -> None:
    _row(page, "Role").focus()
    page.keyboard.press(" ")
    _expect_text(page, "About {topic}.", SITUATION, FORMAT)
    expect(_row(page, "Tone")).to_contain_text("off")
    expect(_row(page, "Role").get_by_role("switch")).not_to_be_checked()
    run_button(page).click()
    run = run_of(page)
    view.expect_status("done")
    [sent] = playground.record(run)["request"]["chain"]["messages"]
    assert sent["template"] == "\n\n".join(("About {topic}.", SITUATION, FORMAT))
    _row(page, "Role").get_by_role("switch").click()
    expect(template(page)).to_have_value(TEXT)
    expect(_row(page, "Role").get_by_role("switch")).to_be_checked()


_TWO_STEPS = """row => {
    for (const _ of [1, 2]) {
        row.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", altKey: true, bubbles: true }));
    }
}"""

_STAYS = """async outline => {
    const places = () => {
        const rows = [...outline.querySelectorAll(".row")];
        return rows.map((row) => row.getBoundingClientRect().top).join();
    };
    let before = places();
    for (let frame = 0, still = 0; frame < 600; frame += 1) {
        await new Promise(requestAnimationFrame);
        const now = places();
        still = now === before ? still + 1 : 0;
        if (still === 20) return true;
        before = now;
    }
    return false;
}"""


def _write(page: Page, text: str) -> None:
    template(page).fill(text)
    template(page).blur()


def _row(page: Page, title: str) -> Locator:
    return page.get_by_test_id("section").filter(has=page.get_by_text(title, exact=True))


def _middle(row: Locator, above: float = 0) -> tuple[float, float]:
    box = row.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 - above


def _move_to(row: Locator, above: float = 0) -> None:
    """Moves the mouse to the middle of a row, and after it where the page moves it meanwhile."""
    for _ in range(10):
        place = _middle(row, above)
        row.page.mouse.move(*place, steps=6)
        if _middle(row, above) == place:
            return
    raise AssertionError("the row does not stay where it is")


def _still(page: Page) -> None:
    """Waits until no script runs and nothing moves the sections any more."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_function("document.querySelector('[data-testid=stStatusWidget]') === null")
    assert page.locator(".outline").evaluate(_STAYS), "the sections never stay where they are"


def _expect_titles(page: Page, *titles: str) -> None:
    expect(page.get_by_test_id("section").locator(".text")).to_have_text(list(titles))


def _expect_text(page: Page, *sections: str) -> None:
    expect(template(page)).to_have_value("\n\n".join(sections))
