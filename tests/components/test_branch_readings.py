"""The readings of a run with parallel branches: each branch by its name, the program as RunnableParallel."""

import pytest
from streamlit.testing.v1 import AppTest

from runs.opened import engine
from tests.components.app import RUNS, kept, said
from tests.support.playground import Json, branched, request

ASKED = branched(request(max_tokens=30), use="Use {topic}", 쓰임="Buy {topic}")


@pytest.fixture
def steps(app: AppTest) -> list[Json]:
    """The branches of a kept run, which the page shows."""
    run = kept(ASKED)
    app.run().switch_page(RUNS).run()
    app.query_params["run"] = run
    app.run()
    record: Json = engine().record(run)
    found: list[Json] = record["items"][0]["steps"]
    return found


def test_what_was_asked_stands_below_each_branch_s_name(app: AppTest, steps: list[Json]) -> None:
    assert [step["name"] for step in steps] == ["use", "쓰임"]
    assert all(f"**{step['name']}**" in said(app) for step in steps)
    assert [code.value for code in app.code][:2] == ["Use {topic}", "Buy {topic}"]


def test_markdown_of_each_branch(app: AppTest, steps: list[Json]) -> None:
    _read(app, "markdown")
    shown = [element.value for element in app.markdown]
    assert [text for text in shown if text in [step["text"] for step in steps]] == [step["text"] for step in steps]


def test_value_and_message_of_each_branch(app: AppTest, steps: list[Json]) -> None:
    _read(app, "message")
    codes = [code.value for code in app.code]
    assert all(step["text"] in codes for step in steps)
    assert len(app.json) == 2


def test_the_program_has_the_branches_and_no_separator(app: AppTest, steps: list[Json]) -> None:
    _read(app, "code")
    source = next(code.value for code in app.code if code.value.startswith('"""'))
    assert 'use=prompt_use | models["use"] | StrOutputParser(),' in source
    assert all(step["text"].split("\n")[0] in source for step in steps)
    assert [field.key for field in app.text_input if field.key == "code_separator"] == []
    app.selectbox(key="code_form_stream").set_value("server").run()
    assert "it has parallel branches, and a chat takes one answer" in said(app)
    assert not app.exception


def _read(app: AppTest, tab: str) -> None:
    app.segmented_control(key="tab_kept_view").set_value(tab).run()
    assert not app.exception
