"""The readings of a run with parallel branches: each branch by its name, the program as RunnableParallel."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from components.run.batch import as_json_lines
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


def test_the_timing_is_that_of_the_branch_that_is_chosen(app: AppTest, steps: list[Json]) -> None:
    _read(app, "timing")
    for step in steps:
        app.segmented_control(key="chart_kept_view_branch").set_value(step["name"]).run()
        assert not app.exception
        (plot,) = app.get("plotly_chart")
        points = [point for trace in json.loads(plot.proto.spec)["data"] for point in trace.get("customdata") or []]
        texts = [text for _number, _gap, kind, text in sorted(points) if kind == "text"]
        assert len(texts) == step["metrics"]["chunks"]
        assert " ".join("".join(texts).split()[:9]) == " ".join(step["text"].split()[:9])


def test_a_branch_chosen_in_another_run_is_not_missed(app: AppTest, steps: list[Json]) -> None:
    _read(app, "timing")
    app.segmented_control(key="chart_kept_view_branch").set_value("쓰임").run()
    app.query_params["run"] = kept(branched(request(max_tokens=5), one="Use {topic}", two="Buy {topic}"))
    app.run()
    assert not app.exception
    assert app.segmented_control(key="chart_kept_view_branch").value == "one"


def test_rows_timing_and_results_of_a_batch_of_branches(app: AppTest) -> None:
    asked = {**ASKED, "mode": "batch", "inputs": [{"topic": "tea"}, {"topic": "salt"}]}
    run = kept(asked)
    app.run().switch_page(RUNS).run()
    app.query_params["run"] = run
    app.run()
    for tab in ("rows", "timing", "text", "markdown", "message", "events", "code"):
        _read(app, tab)
    record: Json = engine().record(run)
    results = [json.loads(line) for line in as_json_lines(run).splitlines()]
    assert [row["text"] for row in results] == [item["text"] for item in record["items"]]
    assert all(row["text"].startswith("# use\n\n") and "\n\n# 쓰임\n\n" in row["text"] for row in results)


def _read(app: AppTest, tab: str) -> None:
    app.segmented_control(key="tab_kept_view").set_value(tab).run()
    assert not app.exception
