"""Chat in a browser: questions, answers stopped, asked again and edited, branches, files; also over a restart."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.view import View, keyed, open_playground
from tests.support.playground import Json, Playground, request, serving, wait_until

STEADY: Json = {"ttft_ms": 100, "tokens_per_second": 60, "min_tokens": 90, "max_tokens": 90}
ENDLESS: Json = {"ttft_ms": 50, "tokens_per_second": 100, "min_tokens": 20_000}
DRAWN_WITHIN_MS = 3_000


class Chat:
    """What a person sees and does on the chat page."""

    def __init__(self, page: Page, playground: Playground) -> None:
        self.page, self.playground = page, playground
        self.view = View(page)
        self.field = keyed(page, "chat_input", "textarea")
        self.questions = page.get_by_label("Chat message from user")
        self.answers = page.get_by_label("Chat message from assistant")

    def open(self, template: str = "Tell me a joke about {topic}", **parameters: Any) -> None:
        """The page, with a playground whose model has these parameters."""
        run = self.playground.start(request(template=template, **parameters))
        self.playground.end_run(run)
        open_playground(self.page, self.playground.url, run)
        self.page.get_by_role("link", name="Chat").click()
        self.field.wait_for()

    def send(self, question: str) -> None:
        self.field.fill(question)
        self.field.press("Enter")

    def act(self, key: str, what: str = "button") -> Locator:
        """The last control on the page whose key begins so."""
        return self.page.locator(f"[class*=st-key-{key}_] {what}").last

    def expect_ended(self, count: int) -> None:
        """Waits until so many turns are shown, all of them answered."""
        expect(self.answers).to_have_count(count)
        expect(self.page.locator("[class*=st-key-actions_]")).to_have_count(count)
        expect(self.view.root).to_have_count(0)

    def expect_kept(self, *wanted: tuple[str, str]) -> None:
        """Waits until these are kept: questions and how their answers ended, in the order of asking."""
        wait_until(lambda: all(status for _, status in self._kept()))
        assert self._kept() == [*wanted]

    def _kept(self) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(self.playground.data_dir / "playground.sqlite3")) as store:
            return store.execute("SELECT question, status FROM turns ORDER BY created").fetchall()


def test_questions_are_sent_stopped_asked_again_edited_and_branches_switched(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        chat = Chat(page, playground)
        chat.open(**STEADY)
        chat.send("rain")
        chat.view.expect_status("running")
        chat.expect_ended(1)
        expect(chat.answers.first).to_contain_text("90 chunks")
        expect(chat.answers.first).to_contain_text("simulated · TTFT")

        chat.field.fill("snow")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("and hail")
        page.keyboard.press("Enter")
        text = chat.view.until_characters(20)
        page.keyboard.press("Escape")
        chat.expect_ended(2)
        expect(chat.answers.last).to_contain_text("stopped")
        expect(chat.answers.last).to_contain_text(text[:20])
        expect(chat.questions.last).to_contain_text("snow\nand hail", use_inner_text=True)
        chat.expect_kept(("rain", "done"), ("snow\nand hail", "stopped"))

        chat.act("again").click()
        expect(chat.questions.last).to_contain_text("2 of 2")
        chat.expect_ended(2)
        chat.expect_kept(("rain", "done"), ("snow\nand hail", "stopped"), ("snow\nand hail", "done"))

        chat.act("edit").click()
        field = chat.act("question", "textarea")
        expect(field).to_have_value("snow\nand hail")
        field.fill("fog")
        field.press("Control+Enter")
        expect(chat.questions.last).to_contain_text("3 of 3")
        chat.expect_ended(2)
        expect(chat.questions.last).to_contain_text("fog")

        chat.act("earlier").click()
        expect(chat.questions.last).to_contain_text("2 of 3")
        chat.act("earlier").click()
        expect(chat.questions.last).to_contain_text("1 of 3")
        expect(chat.answers.last).to_contain_text("stopped")
        page.reload()
        expect(chat.questions.last).to_contain_text("1 of 3")
        page.wait_for_load_state("networkidle")


def test_a_press_is_one_turn_however_often_it_is_pressed(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        chat = Chat(page, playground)
        chat.open(**STEADY)
        chat.send("rain")
        chat.expect_ended(1)
        for count, wait in enumerate((0, 5, 20, 50), start=2):
            page.evaluate(_PRESS_AGAIN, [8, wait])
            expect(chat.questions.first).to_contain_text(f"{count} of {count}")
            chat.expect_ended(1)
            chat.expect_kept(*[("rain", "done")] * count)


_PRESS_AGAIN = """async ([times, wait]) => {
    for (let n = 0; n < times; n++) {
        document.querySelector("[class*=st-key-again_] button")?.click();
        if (wait) await new Promise((later) => setTimeout(later, wait));
    }
}"""


def test_killed_in_mid_answer_the_conversation_goes_on_after_a_restart(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        chat = Chat(page, playground)
        chat.open(**ENDLESS)
        chat.send("rain")
        page.wait_for_url("**conversation=*")
        link = page.url.removeprefix(playground.url)
        chat.view.until_characters(200)
        page.reload()
        chat.view.until_characters(400)
        wait_until(lambda: _kept_segments(tmp_path) > 1)
        playground.kill()
        page.goto("about:blank")
    with serving(tmp_path) as again:
        chat = Chat(page, again)
        page.goto(again.url + link)
        chat.expect_ended(1)
        expect(chat.answers.first).to_contain_text("interrupted")
        expect(chat.answers.first).to_contain_text("The server stopped during this answer.")
        chat.send("snow")
        chat.expect_ended(2)
        chat.expect_kept(("rain", "interrupted"), ("snow", "done"))
        _, text = _last(tmp_path, "rain")
        run, _ = _last(tmp_path, "snow")
        history = again.record(run)["request"]["inputs"][0]["chat_history"]
        assert history == [{"role": "human", "content": "rain"}, {"role": "ai", "content": text}]
        page.locator("[class*=st-key-again_] button").first.click()
        expect(chat.questions.last).to_contain_text("2 of 2")
        chat.expect_ended(1)


def test_korean_is_typed_with_an_input_method_and_shown(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        chat = Chat(page, playground)
        chat.open("{topic}에 대해 알려 주세요", **STEADY)
        chat.field.click()
        method = page.context.new_cdp_session(page)
        method.send("Input.imeSetComposition", {"text": "빗", "selectionStart": 1, "selectionEnd": 1})
        chat.field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
        expect(chat.questions).to_have_count(0)
        method.send("Input.insertText", {"text": "빗소리"})
        expect(chat.field).to_have_value("빗소리")
        page.keyboard.press("Enter")
        chat.expect_ended(1)
        expect(chat.questions.first).to_contain_text("빗소리")
        expect(chat.answers.first).to_contain_text("빗소리")
        chat.expect_kept(("빗소리", "done"))
        expect(page.get_by_text("빗소리", exact=True).first).to_be_visible()


def test_a_question_that_is_sent_during_an_answer_stays_in_the_field(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        chat = Chat(page, playground)
        chat.open(**ENDLESS)
        chat.send("rain")
        chat.view.until_characters(20)
        chat.send("snow")
        expect(page.get_by_text("An answer is still coming.")).to_be_visible()
        expect(chat.field).to_have_value("snow")
        keyed(page, "stop").click()
        chat.expect_ended(1)
        chat.field.press("Enter")
        expect(chat.questions).to_have_count(2)
        keyed(page, "stop").click()
        chat.expect_kept(("rain", "stopped"), ("snow", "stopped"))


def test_a_conversation_is_found_taken_along_and_deleted(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        chat = Chat(page, playground)
        chat.open()
        for question in ("*rain* 비", "About a walrus"):
            if page.locator(".st-key-new_conversation button:enabled").count():
                keyed(page, "new_conversation").click()
                expect(chat.questions).to_have_count(0)
            chat.send(question)
            chat.expect_ended(1)
        keyed(page, "conversations").click()
        keyed(page, "find_conversation", "input").fill("rain")
        keyed(page, "find_conversation", "input").press("Enter")
        expect(page.locator("[class*=st-key-open_]")).to_have_count(1)
        page.locator("[class*=st-key-open_] button", has_text="*rain* 비").click()
        expect(chat.questions.first).to_contain_text("*rain* 비")
        expect(page.locator("[class*=st-key-open_]")).to_have_count(0)

        keyed(page, "conversation_more").click()
        name = page.locator("[class*=st-key-name_] input")
        expect(name).to_have_value("*rain* 비")
        name.fill("About rain")
        name.press("Enter")
        expect(page.locator(".st-key-chat_head")).to_contain_text("About rain")
        turn = json.loads(_download(page, "download_json"))["turns"][0]
        run, text = _last(tmp_path, "*rain* 비")
        assert (turn["question"], turn["answer"], turn["run"], turn["status"]) == ("*rain* 비", text, run, "done")
        written = _download(page, "download_md")
        assert written.startswith("# About rain\n\n**Question**\n\n*rain* 비\n\n**Answer** · simulated · TTFT ")
        assert written.endswith(f"\n\n{text}\n")
        page.keyboard.press("Escape")

        keyed(page, "delete_conversation").click()
        keyed(page, "delete_conversation_now").click()
        expect(chat.questions).to_have_count(0)
        chat.expect_kept(("About a walrus", "done"))


def test_what_a_model_writes_fetches_nothing_from_elsewhere(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        elsewhere: list[str] = []
        page.on("requestfinished", lambda made: elsewhere.append(made.url) if "127.0.0.1" not in made.url else None)
        chat = Chat(page, playground)
        chat.open()
        chat.send("![tea](http://elsewhere.example/tea.png) <img src=http://elsewhere.example/x>")
        chat.expect_ended(1)
        expect(chat.questions.first).to_contain_text("![tea](http://elsewhere.example/tea.png) <img")
        keyed(page, "conversations").click()
        expect(page.locator("[class*=st-key-open_] button").first).to_contain_text("![tea](http://elsewhere.example/")
        assert page.locator("[class*=st-key-open_] img, .st-key-chat_head img").count() == 0
        assert [url for url in elsewhere if not url.startswith(("data:", "blob:"))] == []


def test_a_conversation_of_two_hundred_turns_opens_at_once(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as playground:
        chat = Chat(page, playground)
        chat.open()
        chat.send("rain")
        chat.expect_ended(1)
        _lengthen(tmp_path, 199)
        page.get_by_role("link", name="Runs").click()
        page.get_by_test_id("stDataFrame").wait_for()
        page.get_by_role("link", name="Chat").click()
        expect(page.get_by_text("Show 180 earlier turns")).to_be_visible(timeout=DRAWN_WITHIN_MS)
        expect(chat.questions.last).to_contain_text("question 199", timeout=DRAWN_WITHIN_MS)
        expect(chat.questions).to_have_count(20)
        page.get_by_text("Show 180 earlier turns").click()
        expect(chat.questions).to_have_count(200)
        expect(chat.view.root).to_have_count(0)


def test_the_page_fits_a_narrow_screen(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    with serving(tmp_path) as playground:
        chat = Chat(page, playground)
        page.goto(f"{playground.url}/chat")
        chat.send("rain " * 30)
        chat.view.until_characters(20)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        keyed(page, "stop").click()
        chat.expect_ended(1)
        chat.act("chunks").click()
        chat.view.root.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(chat.field).to_be_in_viewport()


def _download(page: Page, key: str) -> str:
    with page.expect_download() as download:
        keyed(page, key).click()
    assert re.fullmatch(r"conversation-[0-9a-f]{32}\.(json|md)", download.value.suggested_filename)
    return download.value.path().read_text("utf-8")


def _last(folder: Path, question: str) -> tuple[str, str]:
    """The run and the text of the answer to a question."""
    with closing(sqlite3.connect(folder / "playground.sqlite3")) as store:
        wanted = "SELECT run, text FROM turns WHERE question = ? ORDER BY created DESC"
        run, text = store.execute(wanted, (question,)).fetchone()
        return str(run), str(text)


def _kept_segments(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "playground.sqlite3")) as store:
        found = store.execute("SELECT count(*) FROM segments JOIN turns USING (run)").fetchone()
        return int(found[0])


def _lengthen(folder: Path, count: int) -> None:
    """Goes on from the only turn of the store with `count` copies of it, one after another."""
    with closing(sqlite3.connect(folder / "playground.sqlite3", timeout=10)) as store, store:
        names = [name for _, name, *_ in store.execute("PRAGMA table_info(turns)")]
        (first,) = store.execute(f"SELECT {', '.join(names)} FROM turns").fetchall()
        before = first[names.index("id")]
        for number in range(1, count + 1):
            changed = {"id": f"{number:032x}", "parent": before, "question": f"question {number}"}
            changed["created"] = first[names.index("created")] + number
            row = [changed.get(name, value) for name, value in zip(names, first, strict=True)]
            store.execute(f"INSERT INTO turns VALUES ({', '.join('?' * len(names))})", row)
            before = changed["id"]
        store.execute("UPDATE conversations SET shown = ?", (before,))
