"""The editor of a template: its colours are Python's, typing is never lost, what the script writes can be undone."""

import json
import random
import re
import sys

import pytest
from playwright.sync_api import CDPSession, Page, expect

from chains.templates.pieces import pieces
from chains.unseen import INVISIBLE, hidden
from tests.browser.view import keyed, open_playground, run_button, run_of, template
from tests.support.playground import Playground
from tests.support.unseen import PARTS_OF_WHAT_IS_SEEN

TEMPLATES = 200
PARTS = [
    *("{", "}", "{{", "}}", "{{{", "}}}", "#", "^", "/", "&", ">", "=", "!", "-", " ", "\n", "\r\n", "\t"),
    *(
        "a",
        "topic",
        "주제",
        "self",
        "stop",
        "0",
        "1_0",
        "_",
        "a.b",
        "a!r",
        ":>9",
        '"x": 1',
        "else x",
        "if a",
        "x" * 101,
    ),
    *(
        "{{#a}}",
        "{{/a}}",
        "{{^a}}",
        "{{#b}}",
        "{{/b}}",
        "{{.}}",
        "{{! c }}",
        "{{ a }}",
        "{{&b}}",
        "{{{b}}}",
        "{{stop}}",
    ),
    *(
        "\x1f",
        "\x85",
        "\ufeff",
        "\xa0",
        "\u200b",
        "\u202e",
        "ㅤ",
        "é",
        "😀",
        "👩\u200d👧",
        "²",
        "፩",
        "·",
        "\u2028",
        "\ud800",
    ),
]
NASTY = [
    "{{#a}}" * 8_300,
    "{a}" * 16_600,
    "{" * 50_000,
    "}" * 50_000,
    "{{a}}" * 2_001,
    "{{" + " " * 49_000 + "x}}",
    "{{a" + " " * 49_000 + "b}}",
    "{{#a}}" * 50 + "{{/a}}" * 50,
    "{{#a}}" * 51 + "{{/a}}" * 51,
    "{{#a}}{{^a}}{{/a}}{{/a}}",
    "{" + "a" * 49_000,
]
"""Long enough that a reader whose time grows with the square of the length would be noticed."""
AT_ONCE_MS = 200
LINE_PX = 20

READ = """async ([texts, format]) => {
    const { pieces } = await import("/assets/editor/text/tokens.js");
    const read = (text) => pieces(text, format).map(({ start, end, kind }) => [start, end, kind]);
    let longest = 0;
    const found = JSON.parse(texts).map((text) => {
        const began = performance.now();
        const pieces = read(text);
        longest = Math.max(longest, performance.now() - began);
        return pieces;
    });
    return [JSON.stringify(found), longest];
}"""


@pytest.mark.parametrize("template_format", ["f-string", "mustache"])
def test_the_browser_colours_what_python_reads(page: Page, playground: Playground, template_format: str) -> None:
    draw = random.Random(template_format)
    drawn = ["".join(draw.choices(PARTS, k=draw.randint(1, 60))) for _ in range(TEMPLATES)]
    braced = [form.replace("%", part) for form in ("{%}", "{{%}}", "{{#a}}{{%}}{{/a}}") for part in PARTS]
    texts = [*drawn, *braced, *NASTY]
    page.goto(f"{playground.url}/api/health")
    found, longest_ms = page.evaluate(READ, [json.dumps(texts), template_format])
    for text, colours in zip(texts, json.loads(found), strict=True):
        at = _utf16(text)
        expected = [[at[piece.start], at[piece.end], piece.kind] for piece in pieces(text, template_format)]  # type: ignore[arg-type]
        assert colours == expected, ascii(text[:200])
    assert longest_ms < AT_ONCE_MS


UNSEEN = """async (texts) => {
    const { isPlain, unseen } = await import("/assets/editor/formats/names.js");
    const { shown } = await import("/assets/diff_view/shown.js");
    const format = /[\\p{Default_Ignorable_Code_Point}\\p{Bidi_Control}]/u;
    const found = [];
    for (let point = 0; point <= 0x10ffff; point++) {
        if (point >= 0xd800 && point <= 0xdfff) continue;
        const character = String.fromCodePoint(point);
        const isUnseen = unseen(`a${character}b`).length === 1;
        if (isUnseen && shown(`a${character}b`).length === 3) found.push(point);
        if (isUnseen ? isPlain(`a${character}b`) : format.test(character)) throw new Error(`U+${point.toString(16)}`);
    }
    return [found, texts.map((text) => unseen(text))];
}"""


def test_the_browser_knows_the_characters_that_nobody_sees_of_all_of_unicode(
    page: Page, playground: Playground
) -> None:
    page.goto(f"{playground.url}/api/health")
    invisible = [point for point in range(sys.maxunicode + 1) if INVISIBLE.match(chr(point))]
    around = ("a%b", "👩%👧", "❤\ufe0f%👩", "ک%ی", "1%", "\U0001f3f4%\U000e007f", "ᠮ%", "\u061c%")
    texts = [*PARTS_OF_WHAT_IS_SEEN, *(form.replace("%", chr(point)) for form in around for point in invisible)]
    points, spans = page.evaluate(UNSEEN, texts)
    assert points == invisible
    for text, found in zip(texts, spans, strict=True):
        at = _utf16(text)
        runs = [place for start, end in hidden(text) for place in range(start, end)]
        assert found == [[at[place], at[place + 1]] for place in runs], ascii(text)


def test_headings_are_those_outside_code(page: Page, playground: Playground) -> None:
    page.goto(f"{playground.url}/api/health")
    lines = ["# A", "   ###### b", "####### no", "#no", "    # no", "#", "```py", "# no", "~~~", "```", "## c"]
    found = page.evaluate(
        """async (lines) => (await import("/assets/editor/text/tokens.js")).headings(lines)""",
        lines,
    )
    assert [line for line, is_heading in zip(lines, found, strict=True) if is_heading] == [
        "# A",
        "   ###### b",
        "#",
        "## c",
    ]


def test_braces_are_coloured_as_they_are_typed_and_an_error_says_itself(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    field = template(page)
    field.fill("# Role of {topic}\nJSON {{x}} \u202e and {a b}")
    colours = page.locator(".st-key-template_0 .colours")
    expect(colours.locator(".heading")).to_have_text("# Role of {topic}")
    expect(colours.locator(".variable")).to_have_text("{topic}")
    expect(colours.locator(".literal")).to_have_text(["{{", "}}"])
    expect(colours.locator(".unseen")).to_have_count(1)
    wrong = colours.locator(".error")
    expect(wrong).to_have_text("{a b}")
    expect(field).to_have_attribute("aria-invalid", "true")
    said = page.locator(f"#{field.get_attribute('aria-describedby')}")
    expect(said).to_contain_text("Line 2, column 20: A name has no spaces")
    box = wrong.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("tooltip")).to_contain_text("A name has no spaces or line breaks. Write {a_b}.")
    field.fill("Fine")
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(colours.locator("span")).to_have_count(0)


def test_colours_stand_where_the_text_stands(page: Page, playground: Playground) -> None:
    """Each line of the copy is as high as that of the field: the caret is where the eye sees it."""
    open_playground(page, playground.url)
    text = (
        "A long line about {topic} " * 12 + "\n\n" + "\u200b👩\u200d👧 {{ }} " * 20 + "\n# " + "{topic}" * 30 + "\n\n\n"
    )
    template(page).fill(text)
    heights = page.evaluate(
        """() => {
            const area = document.querySelector(".st-key-template_0 textarea");
            const frame = area.parentElement;
            frame.style.maxHeight = "none";
            area.style.height = "0";
            const wanted = area.scrollHeight;
            area.style.height = "";
            return [wanted, frame.querySelector(".colours").scrollHeight, area.clientHeight];
        }"""
    )
    assert heights[0] == heights[1] == heights[2]


def test_korean_is_composed_without_being_disturbed_and_then_sent(page: Page, playground: Playground) -> None:
    view = open_playground(page, playground.url)
    field = template(page)
    field.fill("")
    keys = page.context.new_cdp_session(page)
    for text in ("ㅎ", "하", "한"):
        _compose(keys, text)
        expect(field).to_have_value(text)
    expect(page.locator(".st-key-template_0 .colours")).to_have_text("한")
    keys.send("Input.insertText", {"text": "한"})
    _compose(keys, "ㄱ")
    _compose(keys, "글")
    keys.send("Input.insertText", {"text": "글"})
    page.keyboard.type(" {topic}")
    expect(field).to_have_value("한글 {topic}")
    page.keyboard.press("Control+Enter")
    view.until_characters(1)
    assert _asked(playground, page) == "한글 {topic}"


def test_ctrl_enter_in_an_open_composition_runs_what_is_composed(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    field = template(page)
    field.fill("{topic} ")
    field.press("End")
    keys = page.context.new_cdp_session(page)
    _compose(keys, "ㅎ")
    _compose(keys, "한")
    page.keyboard.press("Control+Enter")
    assert _asked(playground, page) == "{topic} 한"
    expect(field).to_have_value("{topic} 한")


def test_the_last_keys_before_a_reload_are_not_lost(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    template(page).press("End")
    page.keyboard.type(" and")
    page.wait_for_url(re.compile("draft="))
    page.keyboard.type(" the last")
    page.reload()
    expect(template(page)).to_have_value("Tell me a joke about {topic} and the last")


def test_the_last_keys_before_a_step_back_are_not_lost(page: Page, playground: Playground) -> None:
    page.goto(f"{playground.url}/library")
    page.get_by_role("link", name="Playground").click()
    template(page).press("End")
    page.keyboard.type(" and the last")
    page.go_back()
    page.wait_for_url("**/library**")
    expect(template(page)).to_have_count(0)
    page.get_by_role("link", name="Playground").click()
    expect(template(page)).to_have_value("Tell me a joke about {topic} and the last")


def test_a_syllable_beyond_the_limit_is_cut_and_the_page_says_so(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    page.wait_for_function("document.lcelRunKey")
    field = template(page)
    field.fill("{topic}" + "x" * 49_991)
    field.press("End")
    keys = page.context.new_cdp_session(page)
    _compose(keys, "가나다라")
    keys.send("Input.insertText", {"text": "가나다라"})
    expect(page.get_by_text("Not all was inserted: the text would have 50,002 characters")).to_be_visible()
    expect(field).to_have_value("{topic}" + "x" * 49_991 + "가나")


def test_what_the_script_writes_can_be_undone_and_the_undone_text_runs(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    page.get_by_role("button", name="Add message").click()
    template(page, 1).fill("Theirs about {topic}, second line\nand third")
    template(page).fill("Mine about {topic} 😀")
    keyed(page, "delete_0").click()
    expect(template(page, 1)).to_have_count(0)
    expect(template(page)).to_have_value("Theirs about {topic}, second line\nand third")
    template(page).focus()
    page.keyboard.press("Control+z")
    expect(template(page)).to_have_value("Mine about {topic} 😀")
    page.keyboard.press("Control+Enter")
    assert _asked(playground, page) == "Mine about {topic} 😀"
    expect(template(page)).to_have_value("Mine about {topic} 😀")


def test_a_long_text_that_the_script_writes_can_be_undone_too(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    long = "Line {topic}\n" * 300
    page.get_by_role("button", name="Add message").click()
    template(page, 1).fill(long)
    keyed(page, "delete_0").click()
    expect(template(page)).to_have_value(long)
    template(page).focus()
    page.keyboard.press("Control+z")
    expect(template(page)).to_have_value("Tell me a joke about {topic}")
    page.keyboard.press("Control+Shift+z")
    expect(template(page)).to_have_value(long)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Enter")
    assert _asked(playground, page) == "Tell me a joke about {topic}"


def test_a_press_of_run_takes_the_last_edit_with_it(page: Page, playground: Playground) -> None:
    view = open_playground(page, playground.url)
    field = template(page)
    field.press("End")
    field.press_sequentially(" now")
    run_button(page).click()
    asked = _asked(playground, page)
    assert asked == "Tell me a joke about {topic} now"
    view.expect_status("done")
    expect(run_button(page)).to_be_enabled()
    field.press_sequentially("!!")
    page.keyboard.press("Control+Enter")
    page.wait_for_function("asked => new URL(location).searchParams.get('run') !== asked", arg=run_of(page))
    assert _asked(playground, page) == "Tell me a joke about {topic} now!!"


def test_names_are_offered_behind_a_brace(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    field = template(page)
    field.press("End")
    page.keyboard.type(" {")
    names = page.get_by_role("listbox", name="Variables")
    expect(names.get_by_role("option")).to_have_text(["topic"])
    expect(field).to_have_attribute("aria-controls", str(names.get_attribute("id")))
    page.keyboard.press("Escape")
    expect(names).to_be_hidden()
    page.keyboard.type("to")
    expect(names.get_by_role("option", selected=True)).to_have_text("topic")
    page.keyboard.press("Enter")
    expect(names).to_be_hidden()
    expect(field).to_have_value("Tell me a joke about {topic} {topic}")
    page.keyboard.type(" {{")
    expect(names).to_be_hidden()
    page.keyboard.type("{")
    names.get_by_role("option", name="topic").click()
    expect(field).to_have_value("Tell me a joke about {topic} {topic} {{{topic}")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("Tell me a joke about {topic} {topic} {{{")


def test_enter_behind_a_bare_brace_is_a_line_break_and_tab_leaves(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    field = template(page)
    field.fill("")
    page.keyboard.type("{")
    names = page.get_by_role("listbox", name="Variables")
    page.keyboard.press("Enter")
    expect(field).to_have_value("{\n")
    page.keyboard.type("{t")
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()
    expect(names).to_be_hidden()
    expect(field).to_have_value("{\n{t")


def test_open_sections_are_offered_for_closing(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    page.get_by_text("mustache", exact=True).click()
    field = template(page)
    field.fill("{{#all}}{{#each-one}} {{name}} ")
    field.press("End")
    page.keyboard.type("{{/")
    names = page.get_by_role("listbox", name="Variables")
    expect(names.get_by_role("option")).to_have_text(["each-one", "all"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("{{#all}}{{#each-one}} {{name}} {{/each-one}}")


def test_a_long_text_scrolls_with_its_colours_to_the_caret(page: Page, playground: Playground) -> None:
    open_playground(page, playground.url)
    field = template(page)
    field.fill("Line {topic}\n" * 200)
    field.press("Control+End")
    page.keyboard.type("The last\n\n")
    places = page.evaluate(
        """() => {
            const area = document.querySelector(".st-key-template_0 textarea");
            const frame = area.parentElement;
            return [frame.scrollHeight - frame.scrollTop - frame.clientHeight, area.scrollTop, frame.clientHeight];
        }"""
    )
    assert places[0] < LINE_PX
    assert places[1] == 0
    assert places[2] <= 900 * 0.6


def test_a_paste_beyond_the_limit_is_refused_and_a_text_of_its_length_is_taken(
    page: Page, playground: Playground
) -> None:
    open_playground(page, playground.url)
    page.wait_for_function("document.lcelRunKey")
    field = template(page)
    field.fill("{topic}" + "x" * 49_990)
    page.wait_for_url(re.compile("draft="))
    field.press("End")
    page.keyboard.insert_text("y" * 4)
    expect(page.get_by_text("the text would have 50,001 characters")).to_be_visible()
    expect(field).to_have_value("{topic}" + "x" * 49_990)
    page.keyboard.insert_text("y" * 3)
    expect(field).to_have_value("{topic}" + "x" * 49_990 + "yyy")


def test_twenty_thousand_characters_take_a_keystroke_at_once(page: Page, playground: Playground) -> None:
    """Generous: `python -m bench editor` measures it."""
    open_playground(page, playground.url)
    template(page).fill(("Words about {topic} with {{ and }}.\n" * 600)[:20_000])
    median_ms = page.evaluate(
        """async () => {
            const area = document.querySelector(".st-key-template_0 textarea");
            area.focus();
            area.setSelectionRange(10_000, 10_000);
            const times = [];
            for (let key = 0; key < 21; key += 1) {
                await new Promise((drawn) => requestAnimationFrame(drawn));
                const began = performance.now();
                document.execCommand("insertText", false, "x");
                area.parentElement.getBoundingClientRect();
                times.push(performance.now() - began);
            }
            return times.sort((one, other) => one - other)[10];
        }"""
    )
    assert median_ms < 100


def _compose(keys: CDPSession, text: str) -> None:
    """What an input method shows before it is sure."""
    keys.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})


def _asked(playground: Playground, page: Page) -> str:
    """The template of the run that the page's address names."""
    messages = playground.record(run_of(page))["request"]["chain"]["messages"]
    return str(messages[0]["template"])


def _utf16(text: str) -> list[int]:
    """Where each character begins in the units of the browser, and where the last one ends."""
    places = [0]
    for character in text:
        places.append(places[-1] + (2 if ord(character) > 0xFFFF else 1))
    return places
