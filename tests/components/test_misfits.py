"""What cannot be taken from a field is said in our words, with its place, and never breaks the page."""

import json

import pytest
from pydantic import ValidationError
from streamlit.testing.v1 import AppTest

from chains.spec import ModelSpec
from components.prompt.misfits import _JSON, of_fields
from tests.components.app import ready, said, write

FAULTS = [
    ("[hello]", "Line 1, column 2: a value is missing here"),
    ("[1,\n 2", "Line 2, column 3: a comma or a closing bracket is missing here"),
    ("{a: 1}", "Line 1, column 2: a name in double quotes is missing here"),
    ('{"a" 1}', "Line 1, column 6: a colon is missing here"),
    ('["open', "Line 1, column 2: the text that begins here has no closing quote"),
    ('["a\tb"]', "Line 1, column 4: a line break or tab inside a text is written"),
    (r'["\d"]', "Line 1, column 3: a backslash inside a text is written twice"),
    ("[] []", "Line 1, column 4: something follows"),
]


@pytest.fixture
def history(app: AppTest) -> AppTest:
    """The playground with a placeholder row, whose field takes JSON."""
    app.run().button(key="add_message").click().run()
    app.selectbox(key="role_1").set_value("placeholder").run()
    return write(app, "history", 1)


@pytest.mark.parametrize(("written", "words"), FAULTS)
def test_what_is_no_json_is_said_with_its_line_and_column(history: AppTest, written: str, words: str) -> None:
    history.text_area(key="var_history").set_value(written).run()
    assert not ready(history)
    assert f"The value of history is no JSON. {words}" in said(history)


@pytest.mark.parametrize("written", ["[" * 40_000, "1" * 5_000], ids=["deep", "long"])
def test_json_that_cannot_be_read_at_all_is_a_refusal_and_no_crash(history: AppTest, written: str) -> None:
    history.text_area(key="var_history").set_value(written).run()
    assert not history.exception
    assert not ready(history)
    assert "it is too deep or too long" in said(history)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("[NaN]", "holds NaN, which JSON does not have"),
        ("[1, -Infinity]", "holds -Infinity, which JSON does not have"),
        ("[1e999]", "holds 1e999, which is too large for a number of JSON"),
        ('[{"a": 1, "b": 2, "a": 3}]', "has an object with the name a twice"),
    ],
)
def test_what_would_be_recorded_otherwise_than_sent_is_refused(history: AppTest, written: str, words: str) -> None:
    history.text_area(key="var_history").set_value(written).run()
    assert not ready(history)
    assert f"The value of history {words}" in said(history)


def test_the_words_are_those_of_the_reader_that_we_have() -> None:
    for written, _ in FAULTS:
        with pytest.raises(json.JSONDecodeError) as caught:
            json.loads(written)
        assert any(caught.value.msg.startswith(known) for known in _JSON)


def test_a_field_beyond_its_limit_is_named_with_it_also_in_the_preview(app: AppTest) -> None:
    app.run().selectbox(key="provider").set_value("openai-compatible").run()
    app.text_input(key="base_url").set_value(f"http://127.0.0.1/{'a' * 2_000}").run()
    app.session_state["preview"] = True
    app.run()
    assert not app.exception
    assert not ready(app)
    assert said(app).count("Base URL does not fit: it may have 2,000 characters at most.") == 3


def test_every_misfit_of_a_request_is_said_by_field_and_none_in_foreign_words() -> None:
    with pytest.raises(ValidationError) as caught:
        ModelSpec.model_validate({"provider": "", "model": "m" * 301, "base_url": 5, "temperature": 1})
    assert of_fields(caught.value) == (
        "Provider does not fit: it may not be empty. Model does not fit: it may have 300 characters at most. "
        "Base URL does not fit: what stands there cannot be used."
    )
