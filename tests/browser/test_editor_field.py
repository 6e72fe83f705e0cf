"""A template's field by itself: what it tells and when, what it takes in, and how long its text may be."""

import json
import random
from itertools import groupby
from statistics import median

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from bench.editor import TYPING
from chains.templates.doctor import escaping
from chains.templates.outline import outline
from chains.templates.pieces import pieces
from chains.templates.problems import RefusedTemplate
from tests.browser.test_editor import PARTS, TEMPLATES
from tests.chains.templates.test_outline import ENDS, LINES
from tests.support.playground import Json, Playground

MOST_TIMES = 15
"""How much longer a keystroke may take than in a bare text area: about four times on a machine at rest."""
PAUSE_MS = 300
LONGEST_MS = 1200
MOST_TOLD_CHARACTERS = 1_000_000
REST_MS = 1000
GIVEN = {
    "key": "template_0",
    "text": "Tell {topic}",
    "revision": "a",
    "taken": 0,
    "draft": "",
    "format": "f-string",
    "label": "Template",
    "placeholder": "",
    "most": 50_000,
    "names": ["topic"],
    "problems": [],
    "words": {"names": "Variables", "place": "", "errors": "No errors", "paste": "Paste now", "tags": "No tags"},
}
MOUNT = """async (given) => {
    const { Field } = await import("/assets/editor/field.js");
    document.body.innerHTML = '<div class="template-editor"></div>';
    window.told = [];
    window.overlong = [];
    document.addEventListener("overlong", ({ detail }) => overlong.push([detail.what, detail.length]));
    window.field = new Field(document.querySelector(".template-editor"));
    window.give = (data) => field.take({ ...given, ...data }, (edit) => told.push(edit));
    give({});
    field.area.focus();
    field.area.setSelectionRange(field.area.value.length, field.area.value.length);
}"""
BESIDE = """() => {
    const bare = document.createElement("textarea");
    bare.style.width = `${field.area.clientWidth}px`;
    document.body.append(bare);
    return bare;
}"""
IN_SIGHT = """() => {
    const { top, bottom } = field.frame.getBoundingClientRect();
    const places = [...document.querySelectorAll(".colours .variable")].map((span) => span.getBoundingClientRect());
    const text = document.querySelector(".colours").getBoundingClientRect();
    const [first, last] = [Math.max(top, text.top + 20), Math.min(bottom, text.bottom - 20)];
    return places.some((place) => place.top <= first) && places.some((place) => place.bottom >= last);
}"""
KEPT = "Object.keys(sessionStorage).filter((key) => key.startsWith('template '))"
UNDONE = "document.execCommand('undo')"
NO_CLIPBOARD = "void (navigator.clipboard.readText = () => Promise.reject(new Error()))"


@pytest.fixture
def bare(page: Page, playground: Playground) -> Page:
    """A page with nothing on it, whose clock stands still; `mounted` puts a field there."""
    page.clock.install()
    page.goto(f"{playground.url}/api/health")
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    return page


def test_keys_without_a_rest_are_told_all_the_same(bare: Page) -> None:
    mounted(bare)
    for _ in range(LONGEST_MS // 120 - 1):
        bare.keyboard.type("x")
        bare.clock.run_for(120)
    assert told(bare) == []
    bare.keyboard.type("x")
    bare.clock.run_for(120)
    assert told(bare) == [{"text": "Tell {topic}" + "x" * 10, "of": "a", "number": 1}]
    bare.keyboard.type("y")
    bare.clock.run_for(PAUSE_MS - 1)
    assert len(told(bare)) == 1
    bare.clock.run_for(1)
    assert len(told(bare)) == 2


def test_a_composition_is_told_after_a_while_and_goes_on_undisturbed(bare: Page) -> None:
    mounted(bare, text="")
    keys = bare.context.new_cdp_session(bare)
    compose(keys, "ㅎ")
    bare.clock.run_for(LONGEST_MS - 1)
    compose(keys, "하")
    assert told(bare) == []
    bare.clock.run_for(1)
    assert [edit["text"] for edit in told(bare)] == ["하"]
    bare.evaluate("give({ text: '하', taken: 1 })")
    compose(keys, "한")
    expect(field(bare)).to_have_value("한")
    keys.send("Input.insertText", {"text": "한"})
    bare.keyboard.type("!")
    expect(field(bare)).to_have_value("한!")
    bare.clock.run_for(PAUSE_MS)
    assert told(bare)[-1]["text"] == "한!"


def test_a_new_text_and_a_composition_are_both_kept(bare: Page) -> None:
    mounted(bare)
    keys = bare.context.new_cdp_session(bare)
    compose(keys, "하")
    bare.evaluate("give({ text: 'Ask me about {topic}', revision: 'b' })")
    expect(field(bare)).to_have_value("Tell {topic}하")
    keys.send("Input.insertText", {"text": "한"})
    expect(field(bare)).to_have_value("Ask me about {topic}한")
    bare.keyboard.type("!")
    expect(field(bare)).to_have_value("Ask me about {topic}한!")
    bare.clock.run_for(PAUSE_MS)
    assert told(bare) == [{"text": "Ask me about {topic}한!", "of": "b", "number": 1}]


def test_what_waits_for_the_end_of_a_composition_is_sent_with_it(bare: Page) -> None:
    """Ctrl+Enter in it: the run has both, and so has the field behind it."""
    mounted(bare)
    keys = bare.context.new_cdp_session(bare)
    compose(keys, "하")
    bare.evaluate("give({ text: 'Ask {topic}', revision: 'b' })")
    bare.evaluate("field.send()")
    assert told(bare) == [{"text": "Ask {topic}하", "of": "b", "number": 1}]
    bare.evaluate("give({ text: 'Ask {topic}하', revision: 'b', taken: 1 })")
    expect(field(bare)).to_have_value("Tell {topic}하")
    keys.send("Input.insertText", {"text": "한"})
    expect(field(bare)).to_have_value("Ask {topic}한")


def test_where_both_have_changed_one_place_typing_stays_and_the_other_is_one_undo_away(bare: Page) -> None:
    mounted(bare)
    bare.evaluate("field.area.setSelectionRange(6, 11)")
    bare.keyboard.type("who")
    bare.evaluate("give({ text: 'Tell {{topic}}', revision: 'b' })")
    expect(field(bare)).to_have_value("Tell {who}")
    bare.clock.run_for(PAUSE_MS)
    assert told(bare) == [{"text": "Tell {who}", "of": "b", "number": 1}]
    bare.evaluate(UNDONE)
    expect(field(bare)).to_have_value("Tell {{topic}}")


def test_an_edit_that_the_script_had_not_taken_is_no_part_of_what_it_changed(bare: Page) -> None:
    mounted(bare)
    bare.keyboard.type(" one")
    bare.evaluate("field.send()")
    bare.keyboard.type(" two")
    bare.evaluate("field.send()")
    bare.evaluate("give({ text: 'Ask {topic} one', revision: 'b', taken: 1 })")
    expect(field(bare)).to_have_value("Ask {topic} one two")
    assert bare.evaluate("field.area.selectionStart") == len("Ask {topic} one two")
    bare.clock.run_for(PAUSE_MS)
    assert told(bare)[-1] == {"text": "Ask {topic} one two", "of": "b", "number": 3}


@pytest.mark.parametrize("ahead", [9, 40])
def test_all_that_a_slow_script_had_not_taken_is_kept_beside_its_change(bare: Page, ahead: int) -> None:
    mounted(bare)
    for edit in range(1 + ahead):
        bare.keyboard.type(f" w{edit}")
        bare.evaluate("field.send()")
    typed = "".join(f" w{edit}" for edit in range(1 + ahead))
    bare.evaluate("give({ text: 'Ask {topic} w0', revision: 'b', taken: 1 })")
    expect(field(bare)).to_have_value(f"Ask {{topic}}{typed}")
    bare.clock.run_for(PAUSE_MS)
    assert told(bare)[-1] == {"text": f"Ask {{topic}}{typed}", "of": "b", "number": ahead + 2}


def test_where_a_slow_script_changes_a_text_that_is_forgotten_typing_stays(bare: Page) -> None:
    long = "x" * 40_000
    mounted(bare, text=long)
    for _ in range(30):
        bare.keyboard.type("!")
        bare.evaluate("field.send()")
    assert bare.evaluate("[...field.telling.told.values()].join('').length") <= MOST_TOLD_CHARACTERS
    bare.evaluate("(text) => give({ text, revision: 'b', taken: 1 })", f"{long}! and theirs")
    expect(field(bare)).to_have_value(long + "!" * 30)
    bare.clock.run_for(PAUSE_MS)
    assert told(bare)[-1] == {"text": long + "!" * 30, "of": "b", "number": 31}


@pytest.mark.parametrize(("typed", "wanted"), [("", "Anew"), ("?", "Tell {topic}!?")])
def test_a_server_without_numbers_takes_back_what_it_had_and_no_more(bare: Page, typed: str, wanted: str) -> None:
    mounted(bare)
    bare.keyboard.type("!")
    bare.evaluate("field.send()")
    bare.evaluate("give({ text: 'Tell {topic}!', taken: 1 })")
    bare.keyboard.type(typed)
    bare.evaluate("field.send()")
    bare.evaluate("give({ text: 'Anew', revision: 'b', taken: 0 })")
    expect(field(bare)).to_have_value(wanted)


def test_a_composition_beyond_the_limit_is_cut_back_and_can_be_undone(bare: Page) -> None:
    mounted(bare, most=5, text="가나다")
    keys = bare.context.new_cdp_session(bare)
    compose(keys, "라마바사")
    assert bare.evaluate("overlong") == []
    keys.send("Input.insertText", {"text": "라마바사"})
    expect(field(bare)).to_have_value("가나다라마")
    assert bare.evaluate("overlong") == [["cut", 7]]
    bare.clock.run_for(PAUSE_MS)
    assert told(bare)[-1]["text"] == "가나다라마"
    bare.evaluate("field.area.setSelectionRange(1, 1)")
    compose(keys, "x")
    keys.send("Input.insertText", {"text": "x"})
    expect(field(bare)).to_have_value("가나다라마")


def test_the_limit_counts_characters_and_a_line_break_is_one(bare: Page) -> None:
    mounted(bare, most=5, text="")
    bare.keyboard.insert_text("😀" * 5)
    expect(field(bare)).to_have_value("😀" * 5)
    bare.keyboard.press("Enter")
    bare.keyboard.insert_text("😀")
    expect(field(bare)).to_have_value("😀" * 5)
    assert bare.evaluate("overlong") == [["dropped", 6], ["dropped", 6]]


def test_a_name_that_has_no_room_is_not_completed(bare: Page) -> None:
    mounted(bare, most=18)
    bare.keyboard.type(" {to")
    bare.keyboard.press("Enter")
    expect(field(bare)).to_have_value("Tell {topic} {to")
    assert bare.evaluate("overlong") == [["dropped", 20]]


def test_a_field_that_leaves_sends_and_then_rests(bare: Page) -> None:
    mounted(bare)
    bare.keyboard.type("!")
    bare.evaluate("field.leave()")
    bare.clock.run_for(2 * LONGEST_MS)
    assert told(bare) == [{"text": "Tell {topic}!", "of": "a", "number": 1}]


def test_a_field_that_takes_the_place_of_another_lets_it_leave(bare: Page) -> None:
    shown = """async (given) => {
        const { show } = await import("/assets/editor/editor.js");
        window.told = [];
        const parentElement = document.body;
        window.draw = () => {
            parentElement.innerHTML = '<div class="template-editor"></div>';
            show({ parentElement, data: given, setStateValue: (_, edit) => told.push(edit) });
        };
        draw();
        document.querySelector("textarea").focus();
    }"""
    bare.evaluate(shown, GIVEN)
    bare.keyboard.type("!")
    bare.evaluate("window.old = document.querySelector('textarea'); draw()")
    expect(field(bare)).to_have_value("Tell {topic}!")
    bare.evaluate("old.value = 'ghost'; dispatchEvent(new Event('pagehide'))")
    bare.clock.run_for(2 * LONGEST_MS)
    assert {edit["text"] for edit in told(bare)} == {"Tell {topic}!"}


def test_what_was_typed_just_before_the_page_went_comes_back_once_and_over_its_own_text_only(bare: Page) -> None:
    mounted(bare)
    bare.keyboard.type("!")
    bare.evaluate("dispatchEvent(new Event('pagehide'))")
    assert [edit["text"] for edit in told(bare)] == ["Tell {topic}!"]
    mounted(bare, key="template_1")
    expect(field(bare)).to_have_value("Tell {topic}")
    mounted(bare, revision="b")
    expect(field(bare)).to_have_value("Tell {topic}!")
    bare.clock.run_for(PAUSE_MS)
    assert [edit["text"] for edit in told(bare)] == ["Tell {topic}!"]
    mounted(bare, revision="b")
    expect(field(bare)).to_have_value("Tell {topic}")
    bare.keyboard.type("?")
    bare.evaluate("dispatchEvent(new Event('pagehide'))")
    mounted(bare, text="Another", revision="c")
    expect(field(bare)).to_have_value("Another")


def test_what_was_typed_just_before_a_field_left_comes_back_under_its_revision_only(bare: Page) -> None:
    for revision, wanted in (("a", "Tell {topic}!"), ("b", "Tell {topic}")):
        mounted(bare)
        bare.keyboard.type("!")
        bare.evaluate("field.leave()")
        mounted(bare, revision=revision)
        expect(field(bare)).to_have_value(wanted)


@pytest.mark.parametrize("named", ["by Python", "in the address"])
def test_what_was_typed_comes_back_in_its_own_draft_only(bare: Page, named: str) -> None:
    in_address = named == "in the address"
    if in_address:
        bare.evaluate("history.replaceState(null, '', '?draft=mine')")
    for draft, wanted in (("mine", "Tell {topic}!"), ("other", "Tell {topic}"), ("", "Tell {topic}")):
        mounted(bare, draft="" if in_address else "mine")
        bare.keyboard.type("!")
        bare.evaluate("dispatchEvent(new Event('pagehide'))")
        assert bare.evaluate(KEPT) == ["template template_0"]
        mounted(bare, revision="b", draft=draft, key="template_1")
        assert bare.evaluate(KEPT) == (["template template_0"] if draft == "mine" else [])
        mounted(bare, revision="b", draft=draft)
        expect(field(bare)).to_have_value(wanted)


def test_what_was_typed_before_its_draft_had_a_name_is_not_of_one_that_has(bare: Page) -> None:
    for revision, wanted in (("a", "Tell {topic}!"), ("b", "Tell {topic}")):
        mounted(bare)
        bare.keyboard.type("!")
        bare.evaluate("dispatchEvent(new Event('pagehide'))")
        mounted(bare, revision=revision, draft="other")
        expect(field(bare)).to_have_value(wanted)


@pytest.mark.parametrize(("late_ms", "wanted"), [(59_000, "Tell {topic}!"), (60_000, "Tell {topic}")])
def test_what_was_typed_comes_back_within_a_minute_only(bare: Page, late_ms: int, wanted: str) -> None:
    mounted(bare)
    bare.keyboard.type("!")
    bare.evaluate("dispatchEvent(new Event('pagehide'))")
    bare.clock.run_for(late_ms)
    mounted(bare)
    expect(field(bare)).to_have_value(wanted)


def test_the_count_of_errors_is_announced_after_a_rest_and_nothing_at_first(bare: Page) -> None:
    mounted(bare)
    status = bare.locator(".template-editor .said[role=status]")
    bare.clock.run_for(REST_MS)
    expect(status).to_be_empty()
    words = json.dumps({**GIVEN["words"], "errors": "1 error"})  # type: ignore[dict-item]
    bare.evaluate(f"give({{ words: {words} }})")
    bare.clock.run_for(REST_MS - 1)
    bare.keyboard.type("x")
    bare.clock.run_for(REST_MS - 1)
    expect(status).to_be_empty()
    bare.clock.run_for(1)
    expect(status).to_have_text("1 error")


def test_the_field_is_a_text_box_also_while_names_are_offered(bare: Page) -> None:
    mounted(bare)
    bare.keyboard.type(" {t")
    box = bare.get_by_role("textbox", name="Template")
    names = bare.get_by_role("listbox")
    expect(box).to_have_attribute("aria-controls", str(names.get_attribute("id")))
    chosen = str(box.get_attribute("aria-activedescendant"))
    expect(bare.locator(f"#{chosen}[role=option][aria-selected=true]")).to_have_text("topic")
    expect(bare.locator("textarea:is([role], [aria-expanded])")).to_have_count(0)
    expect(bare.locator(".said[role=status]")).to_have_text("Variables: topic")
    bare.keyboard.press("Escape")
    expect(bare.locator("textarea:is([aria-controls], [aria-activedescendant])")).to_have_count(0)


def test_a_section_that_is_closed_without_being_open_closes_no_other(bare: Page) -> None:
    mounted(bare, format="mustache", text="{{#a}}x{{/b}} ")
    bare.keyboard.type("{{/")
    expect(bare.get_by_role("option")).to_have_text(["a"])


def test_a_literal_paste_doubles_braces_at_the_caret_and_can_be_undone(bare: Page) -> None:
    bare.context.grant_permissions(["clipboard-read", "clipboard-write"])
    mounted(bare)
    bare.evaluate("navigator.clipboard.writeText('{\"a\": 1}\\r\\n')")
    bare.evaluate("field.area.setSelectionRange(5, 12)")
    bare.keyboard.press("Control+Shift+L")
    expect(field(bare)).to_have_value('Tell {{"a": 1}}\n')
    bare.keyboard.type("!")
    expect(field(bare)).to_have_value('Tell {{"a": 1}}\n!')
    bare.evaluate(UNDONE)
    bare.evaluate(UNDONE)
    expect(field(bare)).to_have_value("Tell {topic}")


def test_a_clipboard_that_no_script_may_read_is_pasted_by_the_next_paste(bare: Page) -> None:
    mounted(bare, most=30)
    bare.evaluate(NO_CLIPBOARD)
    note = bare.locator(".note")
    bare.keyboard.press("Control+Shift+L")
    expect(note).to_have_text("Paste now")
    pasted(bare, "{x}")
    expect(note).to_be_empty()
    expect(field(bare)).to_have_value("Tell {topic}{{x}}")
    assert not pasted(bare, "{x}"), "an ordinary paste is the browser's"
    bare.keyboard.press("Control+Shift+L")
    expect(note).to_have_text("Paste now")
    bare.keyboard.press("Escape")
    expect(note).to_be_empty()
    assert not pasted(bare, "{x}")
    bare.keyboard.press("Control+Shift+L")
    expect(note).to_have_text("Paste now")
    pasted(bare, "{" * 7)
    expect(field(bare)).to_have_value("Tell {topic}{{x}}")
    assert bare.evaluate("overlong") == [["dropped", 31]]


def test_mustache_refuses_a_literal_paste_that_would_be_a_tag(bare: Page) -> None:
    mounted(bare, format="mustache", text="{")
    bare.evaluate(NO_CLIPBOARD)
    for text in ("{{x}}", "{x}"):
        bare.keyboard.press("Control+Shift+L")
        expect(bare.locator(".note")).to_have_text("Paste now")
        pasted(bare, text)
        expect(bare.locator(".note")).to_have_text("No tags")
        expect(field(bare)).to_have_value("{")


@pytest.mark.parametrize("template_format", ["f-string", "mustache"])
def test_a_literal_paste_is_what_python_escapes(page: Page, playground: Playground, template_format: str) -> None:
    draw = random.Random(template_format)
    parts = ["{", "}", "{{", "}}", "{a}", "{{a}}", '{"x": [1]}', "{{#a}}", "{{! }}", " ", "\n", "주제", "😀", "$&"]
    texts = ["".join(draw.choices(parts, k=draw.randint(0, 8))) for _ in range(300)]
    page.goto(f"{playground.url}/api/health")
    found = page.evaluate(
        """async ([texts, format]) => {
            const { literal } = await import("/assets/editor/text/literal.js");
            return texts.map((text) => literal(text, format));
        }""",
        [texts, template_format],
    )
    assert found == [_escaped(text, template_format) for text in texts]


@pytest.mark.parametrize("template_format", ["f-string", "mustache"])
def test_the_colours_that_are_drawn_are_pythons(bare: Page, template_format: str) -> None:
    draw = random.Random(f"drawn {template_format}")
    texts = [held("".join(draw.choices(PARTS, k=draw.randint(1, 60)))) for _ in range(TEMPLATES)]
    for text, blocks in zip(texts, drawn(bare, texts, template_format), strict=True):
        assert "\n".join("".join(part for part, _ in segments) for _, segments in blocks) == text
        colours = [(kind, part) for _, segments in blocks for part, kind in segments if kind]
        joined = [(kind, "".join(part for _, part in parts)) for kind, parts in groupby(colours, lambda each: each[0])]
        expected = [
            (piece.kind, text[piece.start : piece.end].replace("\n", ""))
            for piece in pieces(text, template_format)  # type: ignore[arg-type]
        ]
        merged = [(kind, "".join(part for _, part in parts)) for kind, parts in groupby(expected, lambda each: each[0])]
        assert joined == merged, ascii(text)


def test_the_headings_that_are_drawn_are_those_of_the_outline(bare: Page) -> None:
    draw = random.Random("headings")
    texts = [
        held("".join(draw.choice(LINES) + draw.choice(ENDS) for _ in range(draw.randint(1, 12))))
        for _ in range(TEMPLATES)
    ]
    for text, blocks in zip(texts, drawn(bare, texts, "name"), strict=True):
        found, line = [], 0
        for is_heading, segments in blocks:
            if is_heading:
                found.append(line)
            line += "".join(part for part, _ in segments).count("\n") + 1
        assert found == [text.count("\n", 0, each.start) for each in outline(text) if each.level], ascii(text)


def test_many_pieces_on_one_line_take_a_keystroke_at_once(page: Page, playground: Playground) -> None:
    """Beside a bare text area: `python -m bench editor` measures it."""
    page.goto(f"{playground.url}/api/health")
    page.add_style_tag(url=f"{playground.url}/assets/editor/editor.css")
    mounted(page, text="{a} " * 5_000)
    text = "{a} " * 5_000
    beside = page.evaluate_handle(BESIDE)
    ours_ms, bare_ms = (
        median(page.evaluate(TYPING, [area, text, 15])) for area in (field(page).first.element_handle(), beside)
    )
    assert ours_ms < MOST_TIMES * bare_ms


def test_on_a_line_of_very_many_pieces_those_in_sight_are_coloured(page: Page, playground: Playground) -> None:
    page.goto(f"{playground.url}/api/health")
    page.add_style_tag(url=f"{playground.url}/assets/editor/editor.css")
    mounted(page, text="")
    text = "{a} " * 5_000
    page.evaluate("(text) => give({ text, revision: 'b' })", text)
    field(page).evaluate("area => area.setSelectionRange(0, 0)")
    coloured = page.locator(".colours .variable")
    for place in (0, 1, 0.5):
        page.evaluate("(place) => field.frame.scrollTo(0, place * field.frame.scrollHeight)", place)
        page.wait_for_function(IN_SIGHT)
        assert coloured.count() < 2_000
    assert page.evaluate("document.querySelector('.colours').textContent") == text
    page.evaluate("field.area.setSelectionRange(10_002, 10_002)")
    page.keyboard.type("}{b")
    expect(page.locator(".colours .variable", has_text="{b}")).to_have_count(1)


def drawn(page: Page, texts: list[str], template_format: str) -> list[list[tuple[bool, list[tuple[str, str]]]]]:
    """What a field draws of each text: its blocks, whether it is a heading and its segments, each with its kind."""
    mounted(page, text="", format=template_format)
    found = page.evaluate(
        """(texts) => JSON.stringify(JSON.parse(texts).map((text) => {
            field.area.value = text;
            field.draw();
            return [...document.querySelectorAll(".colours > div")].map((block) => [
                block.className === "heading",
                [...block.childNodes].map((node) => [node.textContent, (node.className ?? "").replace(/ ?unseen/, "")]),
            ]);
        }))""",
        json.dumps(texts),
    )
    return [[(is_heading, _ended(segments)) for is_heading, segments in blocks] for blocks in json.loads(found)]


def held(text: str) -> str:
    """A text as a field holds it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def mounted(page: Page, **given: object) -> None:
    """Puts a field on the page, with the caret at the end of its text; what it tells is in `told`."""
    page.evaluate(MOUNT, {**GIVEN, **given})


def field(page: Page) -> Locator:
    return page.locator("textarea")


def told(page: Page) -> list[Json]:
    found: list[Json] = page.evaluate("told")
    return found


def pasted(page: Page, text: str) -> bool:
    """Whether the field has taken a paste of `text` upon itself."""
    return not page.evaluate(
        """(text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
            return field.area.dispatchEvent(paste);
        }""",
        text,
    )


def compose(keys: CDPSession, text: str) -> None:
    """What an input method shows before it is sure."""
    keys.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})


def _ended(segments: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without the line break that makes room for a last line that is empty."""
    if len(segments) == 1 and not segments[0][1] and segments[0][0].endswith("\n"):
        return [(segments[0][0][:-1], "")]
    return [(part, kind) for part, kind in segments]


def _escaped(text: str, template_format: str) -> str | None:
    try:
        return escaping.literal(text, template_format)  # type: ignore[arg-type]
    except RefusedTemplate:
        return None
