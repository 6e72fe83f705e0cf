"""A share link from one browser in another, where the pages are served below a path of the host."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.view import View, keyed, run_button, template, visiting
from tests.support.playground import serving

PREFIX = "lab"
LONG = "Say it with {topic}. " + " ".join(f"{n * n * 7919:x}" for n in range(1_500))


def test_a_link_opens_in_another_browser_behind_a_prefix_with_and_without_values(
    browser: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path, STREAMLIT_SERVER_BASE_URL_PATH=PREFIX) as playground, visiting(browser) as mine:
        mine.grant_permissions(["clipboard-read", "clipboard-write"])
        page = mine.new_page()
        page.goto(f"{playground.url}/{PREFIX}/")
        page.wait_for_function("document.lcelPending")
        keyed(page, "var_topic", "textarea").fill("a private topic")
        keyed(page, "var_topic", "textarea").blur()
        keyed(page, "share").click()
        bare = _link(page)
        page.get_by_role("button", name="Copy", exact=True).click()
        expect(page.get_by_text("Copied", exact=True)).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == bare
        page.get_by_text("With the values of the variables").click()
        expect(page.get_by_test_id("share-link")).not_to_have_value(bare)
        whole = _link(page)
        page.keyboard.press("Escape")
        keyed(page, "template_0", "textarea").fill(LONG)
        keyed(page, "template_0", "textarea").blur()
        keyed(page, "share").click()
        keyed(page, "make_link").click()
        expect(page.get_by_text("the link leads to a copy that this server keeps")).to_be_visible()
        long = _link(page)
        assert all(link.startswith(f"{playground.url}/{PREFIX}/?share=") for link in (bare, whole, long))

        with visiting(browser) as yours:
            other = yours.new_page()
            for link, value, text in (
                (long, "a private topic", LONG),
                (bare, "", "Tell me a joke about {topic}"),
                (whole, "a private topic", "Tell me a joke about {topic}"),
            ):
                other.goto(link)
                expect(template(other)).to_have_value(text)
                expect(keyed(other, "var_topic", "textarea")).to_have_value(value)
            other.wait_for_url("**draft=**")
            assert "share=" not in other.url
            other.reload()
            expect(keyed(other, "var_topic", "textarea")).to_have_value("a private topic")
            run_button(other).click()
            View(other).expect_status("done")


def _link(page: Page) -> str:
    return page.get_by_test_id("share-link").input_value()
