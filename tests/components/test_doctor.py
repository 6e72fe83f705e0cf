"""The doctor on the page: what stands below a message, and what each button makes of the draft."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.components.app import begin_to_write, editor, fields, ready, said, write

JSON = '{"city": "Seoul", "at": {"lat": 37.5, "of": []}}'
MARKUP = ["{<b>x</b>}", "{{x ![y](http://h/q)}}", "{![y](http://h/q)}", "{a\u202eb}"]


def text(app: AppTest, row: int = 0, of: str = "") -> str:
    return str(editor(app, f"{of}template_{row}")["text"])


def press(app: AppTest, label: str) -> AppTest:
    """Presses the first button that says this."""
    found = [button for button in app.button if _read(button.label) == label]
    assert found, [_read(button.label) for button in app.button]
    return found[0].click().run()


def _read(label: str) -> str:
    bare = label.removeprefix(":small[:primary[").removesuffix("]]") if label.startswith(":small[") else label
    return bare.replace("\\", "")


def mustache(app: AppTest) -> AppTest:
    return app.segmented_control(key="template_format").set_value("mustache").run()


def opened(app: AppTest, key: str = "template_0") -> AppTest:
    """With the popover of a message's braces open."""
    app.session_state[f"braces_{key}"] = True
    return app.run()


def test_a_pasted_json_example_runs_after_one_press(app: AppTest) -> None:
    write(app.run(), f"Answer about {{topic}} like this:\n{JSON}")
    assert not ready(app)
    press(app, "Make literal")
    assert ready(app)
    assert fields(app) == {"topic": "ice cream"}
    assert text(app).startswith("Answer about {topic} like this:\n{{")


def test_many_errors_become_literal_at_once(app: AppTest) -> None:
    write(app.run(), '{"a": {}},\n' * 30 + "{topic}")
    app.session_state["others_template_0"] = True
    lines = app.run().code[0].value.split("\n")
    assert len(lines) == 24
    assert lines[-1].startswith("30:1  These braces look like JSON")
    press(app, "Make all of them literal")
    assert ready(app)
    assert text(app) == '{{"a": {{}}}},\n' * 30 + "{topic}"


def test_a_variable_with_spaces_and_a_doubled_one_are_written_right(app: AppTest) -> None:
    write(app.run(), "Tell { topic } to {{who}}")
    press(app, "Write {topic}")
    assert text(app) == "Tell {topic} to {{who}}"
    assert ready(app)
    press(app, "Write {who}")
    assert list(fields(app)) == ["topic", "who"]


def test_an_edit_made_meanwhile_is_kept_by_a_cure(app: AppTest) -> None:
    write(app.run(), "Tell { topic }")
    begin_to_write(app, "Please do tell { topic } now")
    press(app, "Write {topic}")
    assert text(app) == "Please do tell {topic} now"
    write(app, "Tell { topic }")
    begin_to_write(app, "Nothing to cure")
    press(app, "Write {topic}")
    assert text(app) == "Nothing to cure"


def test_mustache_warns_of_what_it_does_otherwise(app: AppTest) -> None:
    write(mustache(app.run()), "{{#items}}{{nmae}} {{name}}{{/items}} {topic}")
    app.text_area(key="var_items").set_value('[{"name": "salt"}]').run()
    assert "HTML-escape" in said(app)
    assert "nothing in section items supplies nmae" in said(app)
    press(app, "Write {{name}}")
    press(app, "Write {{{topic}}}")
    press(app, "Write three braces")
    assert text(app) == "{{#items}}{{{name}}} {{{name}}}{{/items}} {{{topic}}}"
    assert ready(app)


def test_a_branch_has_its_own_cures(app: AppTest) -> None:
    app.run().button(key="add_branch").click().run()
    write(app, "Tell { topic }", of="branch_1_")
    press(app, "Write {topic}")
    assert text(app, of="branch_1_") == "Tell {topic}"
    assert ready(app)


@pytest.mark.parametrize("template", MARKUP)
@pytest.mark.parametrize("of", ["f-string", "mustache"])
def test_markup_is_shown_as_text(app: AppTest, template: str, of: str) -> None:
    app.run().segmented_control(key="template_format").set_value(of).run()
    opened(write(app, template))
    assert not app.exception
    shown = [str(each.value) for each in (*app.markdown, *app.caption)] + [button.label for button in app.button]
    assert not [each for each in shown if "<b>" in each or "![y](" in each or "\u202e" in each]
    assert "\u202e" not in "".join(code.value for code in app.code)


def test_a_name_is_read_to_the_letter(app: AppTest) -> None:
    write(app.run(), "{ _a_ }")
    assert "Write \\{\\_a\\_\\}" in "".join(str(line.value) for line in app.markdown)
    assert "\\_a\\_" in "".join(button.label for button in app.button)


def test_the_braces_are_listed_by_class_and_place(app: AppTest) -> None:
    opened(write(app.run(), "Tell {topic}\n{{x}} {"))
    assert [line.split() for line in app.code[0].value.split("\n")] == [
        ["1:6", "variable", "{topic}"],
        ["2:1", "literal", "{{"],
        ["2:4", "literal", "}}"],
        ["2:7", "error", "{"],
    ]
    write(app, "{a}" * 250)
    assert "250 braces or pairs of braces; the first 200 are listed" in said(app)


def test_all_but_the_ticked_variables_are_escaped_and_back(app: AppTest) -> None:
    template = 'Tell {topic} and {other} {"a": 1}'
    opened(write(app.run(), template))
    press(app, "Escape all others")
    assert text(app) == 'Tell {topic} and {other} {{"a": 1}}'
    assert ready(app) is False
    press(app, "Unescape")
    assert text(app) == template
    chosen = next(each for each in app.pills if each.key and each.key.startswith("keep_"))
    assert chosen.value == ["topic", "other"]
    chosen.set_value(["topic"]).run()
    press(app, "Escape all others")
    assert text(app) == 'Tell {topic} and {{other}} {{"a": 1}}'
    assert ready(app)


def test_of_very_many_names_the_variables_are_kept(app: AppTest) -> None:
    template = " ".join(f"{{name_{n}}}" for n in range(60))
    opened(write(app.run(), template + ' {"a": 1}'))
    assert len(next(each for each in app.pills if each.key and each.key.startswith("keep_")).options) == 40
    press(app, "Escape all others")
    assert text(app) == template + ' {{"a": 1}}'


def test_text_is_pasted_as_literal(app: AppTest) -> None:
    opened(app.run())
    app.text_area(key="literal_template_0").set_value("def f():\n    return {{x}}, {}").run()
    press(app, "Insert at the end")
    assert text(app) == "Tell me a joke about {topic}\ndef f():\n    return {{{{x}}}}, {{}}"
    assert ready(app)
    assert app.text_area(key="literal_template_0").value == ""


def test_what_mustache_cannot_hold_is_refused_where_it_stands(app: AppTest) -> None:
    opened(mustache(app.run()))
    before = text(app)
    app.text_area(key="literal_template_0").set_value("a\nb {{x}}").run()
    press(app, "Insert at the end")
    assert text(app) == before
    assert "Line 2, column 3" in said(app)
    assert "no way to write {{ as text" in said(app)


def test_a_message_that_would_grow_too_long_stays(app: AppTest) -> None:
    write(app.run(), "{ " * 24_999)
    before = text(app)
    press(app, "Make all of them literal")
    assert text(app) == before
    assert "Not done: the message would have more than 50,000 characters." in said(app)
    write(app, "{")
    assert "Not done" not in said(app)
    write(opened(app), before)
    press(app, "Escape all")
    assert "Not done" in said(app)
    assert not app.exception


def test_the_prompt_is_converted_when_both_render_the_same(app: AppTest) -> None:
    write(app.run(), 'Tell {topic} as {{"a": 1}}')
    press(app, "Convert")
    assert text(app) == 'Tell {{{topic}}} as {"a": 1}'
    assert app.segmented_control(key="template_format").value == "mustache"
    assert "Converted" in said(app)
    assert ready(app)
    press(app, "Convert")
    assert text(app) == 'Tell {topic} as {{"a": 1}}'
    write(app, "Tell {topic}")
    assert "Converted" not in said(app)


def test_what_cannot_be_converted_stays_and_says_where_and_why(app: AppTest) -> None:
    write(mustache(app.run()), "Tell\n {{topic}}")
    app.text_area(key="var_topic").set_value("R&D").run()
    press(app, "Convert")
    assert "Not converted. Message 1, line 2, column 2:" in said(app)
    assert "HTML-escapes" in said(app)
    assert text(app) == "Tell\n {{topic}}"
    app.text_area(key="var_topic").set_value("tea").run()
    press(app, "Convert")
    assert text(app) == "Tell\n {topic}"
    assert "not HTML-escaped any more: topic" in said(app)


def test_values_that_no_request_can_hold_are_no_proof(app: AppTest) -> None:
    app.run().segmented_control(key="mode").set_value("batch").run()
    app.session_state["field_specs"] = {"topic": {"kind": "number"}}
    app.session_state["table"] = [{"topic": "1"}, {"topic": "two"}]
    press(app, "Convert")
    assert "Not converted. The value of topic in row 2 is no number." in said(app)
    assert app.session_state["template_format"] == "f-string"
    app.session_state["table"] = [{"topic": "1"}, {"topic": "2"}]
    press(app.run(), "Convert")
    assert app.session_state["template_format"] == "mustache"


def test_a_conversion_says_how_much_it_was_proven_with(app: AppTest) -> None:
    write(app.run(), "Tell {topic} to {who}")
    press(app, "Convert")
    assert "Without a value, and rendered with a stand-in: who." in said(app)
    press(app, "Undo conversion")
    app.segmented_control(key="mode").set_value("batch").run()
    app.session_state["table"] = [{"topic": str(row), "who": "me"} for row in range(150)]
    press(app.run(), "Convert")
    assert "Converted: with the first 100 of 150 rows both render the same." in said(app)
    assert "stand-in" not in said(app)


def test_a_conversion_is_undone_in_one_step_while_the_prompt_is_as_it_made_it(app: AppTest) -> None:
    app.run().session_state["off_sections"] = [{"row": 0, "before": 0, "text": "# Note\n{topic}\n"}]
    write(app, "Tell {topic}")
    press(app, "Convert")
    press(app, "Undo conversion")
    assert text(app) == "Tell {topic}"
    assert app.session_state["template_format"] == "f-string"
    assert app.session_state["off_sections"] == [{"row": 0, "before": 0, "text": "# Note\n{topic}\n"}]
    assert "Converted" not in said(app)
    press(app, "Convert")
    write(app, "Tell {topic}")
    assert "Undo" not in "".join(button.label for button in app.button)
    app.segmented_control(key="template_format").set_value("f-string").run()
    press(app, "Convert")
    app.session_state["off_sections"] = []
    assert "Undo" not in "".join(button.label for button in app.run().button)


def test_bound_values_are_looked_at_too(app: AppTest) -> None:
    mustache(write(app.run(), "Tell {{topic}} {{#list}}{{nothing}}{{/list}}"))
    app.session_state["bound"], app.session_state["var_list"] = ["topic", "list"], '[{"name": 1}]'
    app.text_area(key="var_topic").set_value("<b>").run()
    assert "nothing in section list supplies nothing" in said(app)
    write(app, "Tell {{topic}}")
    press(app, "Convert")
    assert "The value of topic holds &, <, > or quotes" in said(app)
    assert app.session_state["template_format"] == "mustache"


def test_branches_are_converted_with_what_they_share(app: AppTest) -> None:
    app.run().button(key="add_branch").click().run()
    write(app, "{{{{{topic}", of="branch_0_")
    press(app, "Convert")
    assert "Branch branch_1, message 1, line 1, column 3:" in said(app)
    write(app, "{{x}}{topic}", of="branch_0_")
    press(app, "Convert")
    assert text(app, of="branch_0_") == "{x}{{{topic}}}"
    assert text(app, of="branch_1_") == "Tell me a joke about {{{topic}}}"


def test_sections_that_are_off_are_converted_too(app: AppTest) -> None:
    app.run()
    app.session_state["off_sections"] = [{"row": 0, "before": 0, "text": "# Note\n{{{{x\n"}]
    press(app, "Convert")
    assert "A section that is off, line 2, column 3:" in said(app)
    app.session_state["off_sections"] = [{"row": 0, "before": 0, "text": "# Note\n{topic}\n"}]
    press(app, "Convert")
    assert app.session_state["off_sections"] == [{"row": 0, "before": 0, "text": "# Note\n{{{topic}}}\n"}]


def test_a_value_that_no_message_uses_is_named_and_forgotten_on_demand(app: AppTest) -> None:
    write(app.run(), "Tell me a joke")
    assert "No message uses topic." in said(app)
    write(app, "Tell {topic} {")
    write(app, "Tell { topic")
    assert "No message uses" not in said(app)
    write(app, "Tell me a joke")
    press(app, "Forget its value")
    assert "No message uses" not in said(app)
    write(app, "Tell {topic}")
    assert fields(app) == {"topic": ""}


def test_a_value_that_only_a_section_that_is_off_uses_is_not_forgotten(app: AppTest) -> None:
    app.run().session_state["off_sections"] = [{"row": 0, "before": 0, "text": "# Note\n{topic}\n"}]
    app.session_state["var_other"] = "x"
    write(app, "Tell me a joke")
    assert "Only a section that is off uses topic." in said(app)
    assert "No message uses other." in said(app)
    press(app, "Forget its value")
    assert app.session_state["var_topic"] == "ice cream"
    assert "No message uses" not in said(app)
    app.session_state["off_sections"] = []
    assert "No message uses topic." in said(app.run())


def test_a_column_that_no_message_uses_is_named_and_forgotten_on_demand(app: AppTest) -> None:
    app.run().segmented_control(key="mode").set_value("batch").run()
    write(app, "Tell {who}")
    assert "No message uses topic." in said(app)
    press(app, "Forget its value")
    assert "No message uses" not in said(app)
