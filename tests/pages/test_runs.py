"""The Runs page's script: list, filters, one run, deletion."""

import json
from datetime import UTC, datetime
from math import isnan, nan

import pytest
from streamlit.testing.v1 import AppTest

from chains.spec import RunRequest
from runs.errors import UnknownRun
from runs.opened import engine
from runs.store.filter import Filter
from tests.components.app import RUNS, fields, kept, said, templates, views
from tests.support.playground import request, wait_until


@pytest.fixture
def runs(fresh: None) -> list[str]:
    """Three runs, the oldest first: done, failed, invoked."""
    asked = [request(), request(fault="unauthorized"), request(mode="invoke", template="Tell me about a walrus")]
    made = [kept(one) for one in asked]
    wait_until(lambda: engine().find(Filter(status="running"), limit=1)[1] == 0)
    return made


@pytest.fixture
def page(runs: list[str], app: AppTest) -> AppTest:
    """The Runs page with these runs."""
    return app.run().switch_page(RUNS).run()


def test_every_kept_run_is_listed_the_newest_first(page: AppTest) -> None:
    listed = page.dataframe[0].value
    assert list(listed["mode"]) == ["invoke", "stream", "stream"]
    assert list(listed["status"]) == ["done", "failed", "done"]
    assert "walrus" in listed["answer"][0]
    assert listed["chunks"][0] == 1
    assert not page.exception


@pytest.mark.parametrize(
    ("key", "value", "statuses"),
    [
        ("find_status", "failed", ["failed"]),
        ("find_mode", "invoke", ["done"]),
        ("find_provider", "simulated", ["done", "failed", "done"]),
    ],
)
def test_a_filter_narrows_the_list(page: AppTest, key: str, value: str, statuses: list[str]) -> None:
    page.selectbox(key=key).set_value(value).run()
    assert list(page.dataframe[0].value["status"]) == statuses


def test_a_word_is_found_in_prompts_and_answers(page: AppTest) -> None:
    page.text_input(key="find").set_value("walrus").run()
    assert len(page.dataframe[0].value) == 1
    page.text_input(key="find").set_value("100% unheard of").run()
    assert not page.dataframe
    assert "No run fits these filters." in said(page)


def test_a_page_that_has_become_empty_gives_way_to_the_first(page: AppTest) -> None:
    page.session_state["runs_page"] = 2
    page.run()
    assert len(page.dataframe[0].value) == 3
    assert "runs_page" not in page.session_state


def test_without_runs_the_page_says_where_they_come_from(app: AppTest) -> None:
    app.run().switch_page(RUNS).run()
    assert "Nothing is kept yet." in said(app)


def test_a_run_is_shown_with_what_was_asked(page: AppTest, runs: list[str]) -> None:
    page.query_params["run"] = runs[0]
    page.run()
    assert [code.value for code in page.code[:2]] == ["Tell me a joke about {topic}", "ice cream"]
    assert json.loads(page.code[2].value)["tokens_per_second"] == 1_000
    assert len(views(page)) == 1
    assert page.button(key="delete_run_now")


def test_the_head_of_a_run_says_when_and_how_it_was_asked(app: AppTest, fresh: None) -> None:
    asked = request(mode="batch") | {"inputs": [{"topic": "tea"}, {"topic": "rain"}], "max_concurrency": 2}
    asked["chain"] |= {"parser": "json"}
    app.run().switch_page(RUNS).run()
    app.query_params["run"] = run = kept(asked)
    app.run()
    when = datetime.fromtimestamp(engine().created(run), UTC).strftime("%Y-%m-%d %H:%M:%S")
    assert f"{when} · simulated · batch · 2 inputs · 2 at once · f-string · JSON parser" in said(app)


def test_the_inputs_of_the_item_that_is_chosen_are_shown(app: AppTest, fresh: None) -> None:
    asked = request(mode="batch") | {"inputs": [{"topic": "tea"}, {"topic": "rain"}]}
    app.run().switch_page(RUNS).run()
    app.query_params["run"] = run = kept(asked)
    app.run()
    assert "Input of item 1 of 2" in said(app)
    assert app.code[1].value == "tea"
    app.session_state["chosen_item"] = {"run": run, "item": 1}
    app.run()
    assert "Input of item 2 of 2" in said(app)
    assert app.code[1].value == "rain"


def test_a_running_run_has_no_figures_yet(app: AppTest, fresh: None) -> None:
    run = engine().start(RunRequest.model_validate(request(ttft_ms=60_000)))
    app.run().switch_page(RUNS).run()
    (row,) = app.dataframe[0].value.to_dict("records")
    assert row["status"] == "running"
    assert isnan(row["chunks"] if row["chunks"] is not None else nan)
    engine().stop(run)


def test_a_time_to_first_token_is_rounded(page: AppTest, runs: list[str]) -> None:
    exact = {run.id: run.ttft_ms for run in engine().find(Filter(), limit=9)[0]}
    assert list(page.dataframe[0].value["ttft"])[2] == round(exact[runs[0]] or 0)
    assert exact[runs[0]] != round(exact[runs[0]] or 0)


def test_a_run_is_deleted_for_good(page: AppTest, runs: list[str]) -> None:
    page.query_params["run"] = runs[1]
    page.run().button(key="delete_run_now").click().run()
    assert len(page.dataframe[0].value) == 2
    assert "run" not in page.query_params
    with pytest.raises(UnknownRun):
        engine().request(runs[1])


def test_all_runs_are_deleted_at_once(page: AppTest) -> None:
    page.button(key="delete_all_now").click().run()
    assert engine().find(Filter(), limit=1) == ([], 0)
    assert "Nothing is kept yet." in said(page)


def test_a_run_is_opened_in_the_playground(page: AppTest, runs: list[str]) -> None:
    page.query_params["run"] = runs[2]
    page.run().button(key="open_in_playground").click().run()
    assert templates(page) == ["Tell me about a walrus"]
    assert fields(page) == {}
    assert page.segmented_control(key="mode").value == "invoke"


def test_a_running_run_can_be_stopped_and_not_deleted(app: AppTest, fresh: None) -> None:
    run = engine().start(RunRequest.model_validate(request(ttft_ms=60_000)))
    app.run().switch_page(RUNS).run()
    app.query_params["run"] = run
    app.run()
    assert not [button for button in app.button if button.key == "delete_run_now"]
    app.button(key="stop").click().run()
    wait_until(lambda: engine().log(run).ended)
    assert engine().record(run)["status"] == "stopped"


def test_an_unknown_run_is_said_to_be_kept_no_more(page: AppTest) -> None:
    page.query_params["run"] = "no-such-run"
    page.run()
    assert "This run is kept no more." in said(page)
    page.button(key="all_runs").click().run()
    assert len(page.dataframe[0].value) == 3
