"""Whatever an answer, a template, a name or an error is full of: the browser asks only the app, and runs none of it."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from chains.documents.document import Document
from runs.saved import About
from tests.browser.view import View, keyed, open_playground, open_run, run_button, template
from tests.support.asked import simulated
from tests.support.behaviours import answers
from tests.support.engines import opened
from tests.support.playground import Json, Playground, remote, request
from tests.support.provider import serving as providing

BIDI = "\u202eabc\u2066\u200b"
"""Turned round, isolated, and without a width."""


class Spy:
    """A server that nobody may ever ask for anything."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        spy = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                spy.asked.append(self.path)
                self.send_error(404)

            def log_message(self, format: str, *args: object) -> None:
                return

        self._server = HTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}/leak"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def spy(context: BrowserContext, playground: Playground) -> Iterator[Spy]:
    """Looks on: at the end nobody was asked but the app, and nothing that came along has run."""
    spy = Spy()
    asked: list[Request] = []
    dialogs: list[str] = []
    context.on("request", lambda sent: asked.append(sent))
    context.on("dialog", lambda dialog: dialogs.append(dialog.message))
    yield spy
    spy.close()
    assert asked
    assert not [sent.url for sent in asked if _is_foreign(sent, playground)]
    assert not spy.asked
    assert not dialogs


def _is_foreign(sent: Request, playground: Playground) -> bool:
    """Whether it went out, and not to the app; what the policy has blocked did not."""
    address = urlsplit(sent.url)
    if address.scheme in ("data", "blob") or address.netloc == f"127.0.0.1:{playground.port}":
        return False
    return sent.failure != "csp"


def hostile(url: str) -> str:
    """Text in which anything that reads markup finds something to fetch or to run."""
    return (
        f"![x]({url}) <img src={url}> <img src=x onerror=alert(1)> <script>alert(1)</script> [a][b] ![c][b]\n\n"
        f"[b]: {url}\n\n<svg onload=alert(1)> <iframe src={url}></iframe> <style>@import url({url});</style> "
        f"<link rel=stylesheet href={url}> :material/home: $x$ <{url}> [link]({url})"
    )


def test_a_hostile_answer_is_text_in_every_reading(page: Page, playground: Playground, spy: Spy) -> None:
    text = hostile(spy.url)
    with providing({"evil": answers([text[:30], text[30:]]), "/v1/models": answers()}) as provider:
        run = playground.start(remote(provider.url, "evil"))
        playground.ended(run)
        view = open_playground(page, playground.url, run)
        view.expect_text(text)
        assert view.answer.locator("img, script, iframe, svg, link, style, a").count() == 0
        view.tool("boundaries").click()
        view.expect_text(text)
        reading = page.locator(".st-key-reading_run_view")
        view.tab("Markdown")
        expect(reading.get_by_role("link", name="link")).to_be_visible()
        assert reading.locator("script, iframe, link").count() == 0
        view.tab("Message")
        expect(reading.locator("code").first).to_have_text(text)
        view.tab("Events")
        expect(reading.get_by_test_id("stDataFrame")).to_be_visible()
        page.goto(f"{playground.url}/runs")
        expect(page.get_by_test_id("stDataFrame")).to_be_visible()
        _expect_answer(open_run(page, playground.url, run), text)


def test_a_hostile_request_is_text_on_every_page(page: Page, playground: Playground, spy: Spy) -> None:
    run = playground.start(_hostile_request(spy.url))
    playground.ended(run)
    view = open_playground(page, playground.url, run)
    view.expect_status("done")
    expect(template(page)).to_have_value(f"{hostile(spy.url)} {{topic}}")
    keyed(page, "preview", "summary").click()
    expect(keyed(page, "preview", "code").first).to_contain_text("<script>alert(1)</script>")
    page.goto(f"{playground.url}/runs")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    open_run(page, playground.url, run).expect_status("done")
    expect(page.get_by_text("<img src=", exact=False).first).to_be_visible()
    _expect_no_markup(page)


@pytest.mark.parametrize("where", ["variable", "broken"])
def test_a_hostile_variable_or_template_is_text_in_labels_and_reasons(
    page: Page, playground: Playground, spy: Spy, where: str
) -> None:
    open_playground(page, playground.url)
    name = f"![x]({spy.url})<img src={spy.url}>"
    written = "{" + name + "}" if where == "variable" else hostile(spy.url) + " {"
    template(page).fill(f"Tell me {{topic}} {written}")
    template(page).blur()
    expect(run_button(page)).to_be_disabled()
    expect(page.get_by_text("cannot run")).to_be_visible()
    _expect_no_markup(page)
    page.get_by_text("mustache", exact=True).click()
    template(page).fill("Tell me {{" + f"a![x]({spy.url})<img/src={spy.url}>" + "}}")
    template(page).blur()
    expect(page.locator("[class*=st-key-var_], .st-key-run button[disabled]").first).to_be_visible()
    _expect_no_markup(page)


def test_a_hostile_section_is_text_in_the_outline_a_refusal_and_a_comparison(
    page: Page, playground: Playground, spy: Spy
) -> None:
    title = f"\u202e![x]({spy.url}) <img src={spy.url}> <img src=x onerror=alert(1)> [a]({spy.url}) :material/home: $x$"
    named = f"U+202E{title[1:]}"
    texts = f"{title}\n# {title}\nTell me about {{topic}}.\n## {title}\nx\n# End\n```\n"
    run = playground.start(request(mode="batch", template=texts, max_tokens=20))
    playground.ended(run)
    view = open_playground(page, playground.url, run)
    keyed(page, "sections", "summary").click()
    outline = page.get_by_test_id("sections")
    expect(outline.locator(".text").nth(1)).to_have_text(named)
    outline.get_by_role("switch").nth(2).click()
    said = page.get_by_test_id("sections-said")
    expect(said).to_have_text(f"“{named}” is off: the draft keeps it, and the run does not see it.")
    outline.get_by_role("switch").nth(2).click()
    expect(said).to_have_text(f"“{named}” is on: the run sees it again.")
    keyed(page, "palette").click()
    keyed(page, "palette_role").click()
    expect(page.get_by_test_id("stToast")).to_contain_text("a code block that is not closed")
    _expect_no_picture(page)
    page.keyboard.press("Escape")
    page.get_by_role("radio", name="Every section").click()
    keyed(page, "compare_sections").filter(has_text="7 runs").click()
    page.wait_for_function("run => !location.href.includes(run)", arg=run)
    view.expect_status("done")
    told = keyed(page, "variants_run_view", "ul")
    expect(told).to_contain_text("› U+202E")
    expect(page.get_by_role("combobox", name="Beside the answer of all on")).to_have_value(re.compile("<img src="))
    expect(page.get_by_test_id("diff-view")).to_contain_text("<img src=x onerror=alert(1)>")
    _expect_no_picture(page)
    view.tab("Rows")
    expect(page.locator(".rows-view .row").nth(3)).to_contain_text("<img src=")
    _expect_no_picture(page)


def test_a_hostile_base_url_is_text_in_the_error(page: Page, playground: Playground, spy: Spy) -> None:
    asked = remote("http://127.0.0.1:9/![x](" + spy.url + ")<img/src=" + spy.url + ">", f"m![x]({spy.url})")
    asked["chain"]["model"]["parameters"] = {"max_retries": 0}
    run = playground.start(asked)
    view = open_playground(page, playground.url, run)
    view.expect_status("failed")
    expect(view.trouble).to_contain_text("![x](")
    _expect_no_markup(page)
    open_run(page, playground.url, run).expect_status("failed")
    _expect_no_markup(page)


def test_every_answer_of_the_server_carries_the_policy(page: Page, playground: Playground) -> None:
    without: list[str] = []
    page.on("response", lambda answer: _note(without, answer.url, answer.headers))
    run = playground.start(request())
    open_playground(page, playground.url, run).expect_status("done")
    page.goto(f"{playground.url}/runs")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    assert not without
    for path in (
        "/",
        "/runs",
        "/api/health",
        "/api/none",
        f"/api/runs/{run}",
        "/assets/run_view.js",
        "/_stcore/health",
    ):
        _note(without, path, dict(playground.get(path).headers))
    assert not without


def test_the_policy_stops_what_markup_would_fetch(page: Page, playground: Playground, spy: Spy) -> None:
    open_playground(page, playground.url)
    blocked = page.evaluate(
        """url => new Promise((resolve) => {
            addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
            document.body.append(Object.assign(new Image(), { src: url }));
        })""",
        spy.url,
    )
    assert blocked == "img-src"


def _hostile_request(url: str) -> Json:
    asked = request(template=f"{hostile(url)} {{topic}}", max_tokens=20)
    asked["chain"]["name"] = f"![x]({url}) <img src={url}>"
    asked["inputs"] = [{"topic": hostile(url)}]
    return asked


def _expect_answer(view: View, text: str) -> None:
    view.expect_status("done")
    view.expect_text(text)


def _expect_no_markup(page: Page) -> None:
    assert page.locator("[data-testid=stMarkdown], label, .template-editor").locator("img, script, iframe").count() == 0


def _expect_no_picture(page: Page) -> None:
    assert page.locator("img[src=x], img[src*=leak]").count() == 0


def _note(without: list[str], url: str, headers: dict[str, str]) -> None:
    if url.startswith(("http", "/")) and "default-src 'self'" not in headers.get("content-security-policy", ""):
        without.append(url)


def test_a_saved_chain_with_a_hostile_name_description_and_tags_fetches_nothing(
    page: Page, playground: Playground, spy: Spy
) -> None:
    about = About(f"![x]({spy.url}) <img src=x> {BIDI}", hostile(spy.url), (f"![x]({spy.url})", f"<b>{BIDI}"))
    with opened(playground.data_dir) as engine:
        chain = engine.library.begin(about, Document(chain=simulated()), f"![x]({spy.url}) {BIDI}").chain
        engine.library.save(chain, Document(chain=simulated("another")), base=1)
    open_playground(page, playground.url)
    page.get_by_role("link", name="Library").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    page.locator(".st-key-find_tags").get_by_role("combobox").click()
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    page.goto(f"{playground.url}/library?chain={chain}")
    keyed(page, "about_chain").click()
    expect(keyed(page, f"about_name_{chain}", "input")).to_have_value(about.cleaned().name)
    page.keyboard.press("Escape")
    expect(page.get_by_text("[link](", exact=False).first).to_be_visible()
    keyed(page, "open_version_1").click()
    expect(page.get_by_text("version 2 is the current one", exact=False)).to_be_visible()
    keyed(page, "save_more").click()
    expect(keyed(page, "save_message", "input")).to_be_visible()
