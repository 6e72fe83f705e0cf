"""Fields by kind: what they are drawn as, what they send, and that no change of kind loses a value."""

import pytest
from streamlit.testing.v1 import AppTest

from chains.documents.document import FieldSpec
from components.prompt.fields.columns import column
from runs.opened import engine
from tests.components.app import PLAYGROUND, RUNS, ready, run_of, said, write
from tests.support.playground import Json


@pytest.fixture
def typed(app: AppTest) -> AppTest:
    """A prompt with one variable, `n`."""
    return write(app.run(), "Say {n}")


def test_a_number_is_sent_as_a_number_and_rendered_without_a_point(typed: AppTest) -> None:
    _choose(typed, "n", "number")
    typed.number_input(key="var_n").set_value(3.0).run()
    assert ready(typed)
    _open_preview(typed)
    assert [code.value for code in typed.code] == ["Say 3"]
    typed.button(key="run").click().run()
    assert _asked(typed)["inputs"] == [{"n": 3}]
    assert type(_asked(typed)["inputs"][0]["n"]) is int


def test_an_empty_number_is_a_missing_value(typed: AppTest) -> None:
    _choose(typed, "n", "number")
    assert typed.number_input(key="var_n").value is None
    assert not ready(typed)
    assert "No value for n." in said(typed)
    typed.number_input(key="var_n").set_value(0.0).run()
    assert ready(typed)


def test_a_choice_offers_its_choices_and_sends_a_text(typed: AppTest) -> None:
    typed.text_area(key="var_n").set_value("blue").run()
    _choose(typed, "n", "choice")
    typed.text_area(key="choices_of_n").set_value("red\n\n green \nred").run()
    assert typed.selectbox(key="var_n").options == ["red", "green", "blue"]
    assert typed.selectbox(key="var_n").value == "blue"
    typed.selectbox(key="var_n").set_value("green").run()
    typed.button(key="run").click().run()
    assert _asked(typed)["inputs"] == [{"n": "green"}]


def test_choices_that_do_not_fit_are_refused_in_words_and_leave_the_settings(typed: AppTest) -> None:
    _choose(typed, "n", "choice")
    typed.text_area(key="choices_of_n").set_value("red").run()
    typed.text_area(key="choices_of_n").set_value("x" * 201).run()
    assert "Choices does not fit: it may have 200 characters at most." in said(typed)
    assert typed.text_area(key="choices_of_n").value == "red"


def test_a_value_survives_the_way_through_all_kinds(typed: AppTest) -> None:
    typed.text_area(key="var_n").set_value("7").run()
    for kind in ("number", "choice", "long", "number", "text"):
        _choose(typed, "n", kind)
        assert not typed.exception
        assert ready(typed), kind
    assert typed.text_area(key="var_n").value == "7"


def test_a_text_that_is_no_number_is_back_when_the_field_is_text_again(typed: AppTest) -> None:
    typed.text_area(key="var_n").set_value("seven").run()
    _choose(typed, "n", "number")
    assert typed.number_input(key="var_n").value is None
    _choose(typed, "n", "text")
    assert typed.text_area(key="var_n").value == "seven"
    _choose(typed, "n", "number")
    typed.number_input(key="var_n").set_value(7.0).run()
    _choose(typed, "n", "long")
    assert typed.text_area(key="var_n").value == "7"


def test_kinds_and_values_survive_another_page(typed: AppTest) -> None:
    _choose(typed, "n", "number")
    typed.number_input(key="var_n").set_value(2.5).run()
    typed.switch_page(RUNS).run()
    typed.switch_page(PLAYGROUND).run()
    assert typed.number_input(key="var_n").value == 2.5
    assert ready(typed)


def test_a_run_with_a_number_opens_as_one(typed: AppTest) -> None:
    _choose(typed, "n", "number")
    typed.number_input(key="var_n").set_value(3.0).run()
    typed.button(key="run").click().run()
    run = run_of(typed)
    _choose(typed, "n", "text")
    typed.session_state["current_run"] = ""
    typed.query_params["run"] = run
    typed.run()
    assert typed.number_input(key="var_n").value == 3.0


def test_a_section_says_what_its_items_need_and_what_the_json_was_read_as(app: AppTest) -> None:
    _section(app)
    assert "Each item needs: name, price" in said(app)
    app.text_area(key="var_items").set_value('[{"name": "tea", "price": 1}, {"name": "salt"}]').run()
    assert "a list of 2 objects" in said(app)
    app.text_area(key="var_items").set_value('[{"name": "tea" "price": 1}]').run()
    assert said(app).count("Line 1, column 17: a comma or a closing bracket is missing here.") == 2
    assert not ready(app)


def test_json_is_laid_out_on_request_and_left_alone_when_it_is_none(app: AppTest) -> None:
    _section(app)
    app.text_area(key="var_items").set_value('[{"name":"차","price":1}]').run()
    app.button(key="format_items").click().run()
    assert app.text_area(key="var_items").value == '[\n  {\n    "name": "차",\n    "price": 1\n  }\n]'
    app.text_area(key="var_items").set_value("[1,").run()
    app.button(key="format_items").click().run()
    assert app.text_area(key="var_items").value == "[1,"
    assert "Line 1, column" in app.toast[0].value


@pytest.mark.parametrize(
    ("kind", "texts", "drawn", "cells"),
    [
        ("number", ["1", "2.5", ""], "number", [1.0, 2.5, None]),
        ("number", ["1", "two"], "text", ["1", "two"]),
        ("choice", ["red", "", "pink"], "selectbox", ["red", None, "pink"]),
        ("text", ["1"], "text", ["1"]),
    ],
)
def test_a_column_follows_the_kind_unless_a_text_would_be_lost(
    kind: str, texts: list[str], drawn: str, cells: list[object]
) -> None:
    field = FieldSpec.model_validate({"kind": kind, "choices": ["red"] if kind == "choice" else []})
    made = column("n", texts, field, takes_json=False)
    assert made.config["type_config"]["type"] == drawn  # type: ignore[index]
    assert list(made.cells) == cells
    as_json = column("n", texts, field, takes_json=True)
    assert as_json.config["type_config"]["type"] == "text"  # type: ignore[index]


def test_a_batch_sends_numbers_and_names_the_row_of_what_is_none(typed: AppTest) -> None:
    _choose(typed, "n", "number")
    typed.session_state["table"] = [{"n": "1"}, {"n": "2.0"}, {"n": ""}]
    typed.segmented_control(key="mode").set_value("batch").run()
    assert not typed.exception
    typed.session_state["input_table"] = {
        "edited_rows": {1: {"n": 0}},
        "added_rows": [{"n": 4.0}],
        "deleted_rows": [],
    }
    typed.run()
    typed.button(key="run").click().run()
    assert _asked(typed)["inputs"] == [{"n": 1}, {"n": 0}, {"n": 4}]


def test_a_text_in_a_column_of_numbers_is_named_with_its_row(typed: AppTest) -> None:
    _choose(typed, "n", "number")
    typed.session_state["table"] = [{"n": "1"}, {"n": "two"}]
    typed.segmented_control(key="mode").set_value("batch").run()
    assert not ready(typed)
    assert "The value of n in row 2 is no number." in said(typed)


def _choose(app: AppTest, name: str, kind: str) -> None:
    app.session_state[f"settings_{name}"] = True
    app.run()
    app.segmented_control(key=f"kind_of_{name}").set_value(kind).run()


def _section(app: AppTest) -> None:
    app.run().segmented_control(key="template_format").set_value("mustache").run()
    write(app, "{{#items}}- {{name}}: {{price}}\n{{/items}}")


def _open_preview(app: AppTest) -> None:
    app.session_state["preview"] = True
    app.run()


def _asked(app: AppTest) -> Json:
    asked: Json = engine().record(run_of(app))["request"]  # type: ignore[assignment]
    return asked
