"""Bound values of the form, and the plain text for a single field."""

import pytest
from streamlit.testing.v1 import AppTest

from components.prompt.fields.plain_input import calls
from runs.opened import engine
from tests.components.app import PLAYGROUND, RUNS, fields, ready, run_of, said, write
from tests.support.playground import Json


@pytest.fixture
def bound(app: AppTest) -> AppTest:
    """A prompt with two variables of which `kind` is bound to `dry`."""
    write(app.run(), "Tell me a {kind} joke about {topic}")
    app.text_area(key="var_kind").set_value("dry").run()
    return _bind(app, "kind", True)


def test_a_bound_value_is_part_of_the_chain_and_no_input(bound: AppTest) -> None:
    assert "Bound: the same for every input" in said(bound)
    assert list(fields(bound)) == ["topic", "kind"]
    bound.button(key="run").click().run()
    assert _asked(bound)["inputs"] == [{"topic": "ice cream"}]
    assert _asked(bound)["chain"]["partials"] == {"kind": "dry"}
    _open_preview(bound)
    assert bound.code[0].value == "Tell me a dry joke about ice cream"


def test_a_value_that_is_bound_no_more_is_an_input_again(bound: AppTest) -> None:
    _bind(bound, "kind", False)
    bound.button(key="run").click().run()
    assert _asked(bound)["inputs"] == [{"kind": "dry", "topic": "ice cream"}]
    assert _asked(bound)["chain"]["partials"] == {}


def test_a_bound_field_that_is_empty_is_a_missing_value(bound: AppTest) -> None:
    bound.text_area(key="var_kind").set_value("").run()
    assert not ready(bound)
    assert "No value for kind." in said(bound)


def test_a_batch_has_no_column_for_what_is_bound_and_can_bind_another(bound: AppTest) -> None:
    bound.segmented_control(key="mode").set_value("batch").run()
    assert bound.session_state["table_columns"][0].startswith("topic ")
    assert len(bound.session_state["table_columns"]) == 1
    _bind(bound, "kind", False)
    assert len(bound.session_state["table_columns"]) == 2
    assert not bound.exception


def test_what_is_bound_survives_another_page_and_comes_back_with_its_run(bound: AppTest) -> None:
    bound.button(key="run").click().run()
    run = run_of(bound)
    bound.switch_page(RUNS).run()
    bound.switch_page(PLAYGROUND).run()
    assert "Bound: the same for every input" in said(bound)
    bound.session_state["bound"] = []
    bound.session_state["current_run"] = ""
    bound.query_params["run"] = run
    bound.run()
    assert bound.session_state["bound"] == ["kind"]
    assert fields(bound)["kind"] == "dry"


def test_a_single_field_shows_that_its_value_alone_is_the_same(app: AppTest) -> None:
    app.run()
    assert '`chain.invoke("ice cream")` equals `chain.invoke({"topic": "ice cream"})`' in _captions(app)
    app.text_area(key="var_topic").set_value("a `b` ``` ![x](http://h/q)").run()
    assert '```` chain.invoke("a `b` ``` ![x](http://h/q)") ````' in _captions(app)
    write(app, "{topic} {other}")
    assert "equals" not in said(app)


def test_a_long_value_is_shortened_and_a_number_stays_one() -> None:
    alone, named = calls("topic", "가" * 50)
    assert alone == f'chain.invoke("{"가" * 40}…")'
    assert named == f'chain.invoke({{"topic": "{"가" * 40}…"}})'
    assert calls("n", 3) == ("chain.invoke(3)", 'chain.invoke({"n": 3})')


def _bind(app: AppTest, name: str, on: bool) -> AppTest:
    app.session_state[f"settings_{name}"] = True
    app.run()
    return app.toggle(key=f"bind_{name}").set_value(on).run()


def _captions(app: AppTest) -> str:
    return "\n".join(str(caption.value) for caption in app.caption)


def _open_preview(app: AppTest) -> None:
    app.session_state["preview"] = True
    app.run()


def _asked(app: AppTest) -> Json:
    asked: Json = engine().record(run_of(app))["request"]  # type: ignore[assignment]
    return asked
