"""Fields by kind and images: what a number is sent as, and a thumbnail under the page's policy."""

from playwright.sync_api import Page, expect

from tests.browser.view import keyed, open_playground, run_button, run_of, template
from tests.support.pictures import drawn, uri
from tests.support.playground import Playground


def test_a_number_and_an_image_are_given_and_run(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    template(page).fill("Look at {n} of these")
    template(page).blur()
    page.locator(".st-key-settings_n").get_by_role("button", name="Field").locator("visible=true").click()
    page.get_by_role("radio", name="Number").click()
    number = keyed(page, "var_n", "input")
    number.fill("3")
    number.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_text("chain.invoke(3)")).to_be_visible()
    keyed(page, "model", "input").click()
    page.get_by_role("option", name="simulated-vision").click()
    page.locator(".st-key-images_of_0").get_by_role("button").locator("visible=true").click()
    image = drawn(size=(640, 480))
    page.locator("input[type=file]").first.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": image})
    thumbnail = page.get_by_role("img", name="image, PNG, 640 × 480")
    expect(thumbnail).to_be_visible()
    page.wait_for_function("shown => shown.naturalWidth > 0", arg=thumbnail.element_handle())
    expect(page.locator(".st-key-images_of_0").get_by_role("button", name="1").locator("visible=true")).to_be_visible()
    page.keyboard.press("Escape")
    run_button(page).click()
    record = playground.ended(run_of(page))
    assert record["request"]["inputs"] == [{"n": 3}]
    assert record["request"]["chain"]["messages"][0]["images"] == [uri(image)]
    assert "PNG of 640 × 480 pixels" in record["items"][0]["text"]
