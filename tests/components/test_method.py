"""The choice of what runs the chain: the method's very name, what is said before the run, what is kept of it."""

import pytest
from streamlit.testing.v1 import AppTest

from components.run.method import said_of
from runs.opened import engine
from tests.components.app import RUNS, kept, run_of, said
from tests.support.asked import request as asked
from tests.support.asked import simulated
from tests.support.playground import request, wait_until


def choose(app: AppTest, key: str, value: str) -> AppTest:
    return app.segmented_control(key=key).set_value(value).run()


def names(app: AppTest) -> list[str]:
    """The options as a reader sees them."""
    return list(app.segmented_control(key="run_with").options)


def test_the_choice_names_the_method_of_the_mode_and_begins_with_the_engine(app: AppTest) -> None:
    app.run()
    assert names(app) == ["Engine", "stream", "astream"]
    assert app.segmented_control(key="run_with").value == "engine"
    assert "bare string" not in said(app)
    assert names(choose(app, "mode", "invoke")) == ["Engine", "invoke", "ainvoke"]


def test_what_cannot_be_stopped_or_seen_is_said_before_the_run(app: AppTest) -> None:
    app.run()
    assert "cannot be stopped" in said(choose(app, "run_with", "sync"))
    assert "bare string" in said(app)
    assert "closes the provider's connection" in said(choose(app, "run_with", "async"))
    assert "cannot be stopped" not in said(app)
    assert "how its JSON grows" in said(choose(app, "parser", "json"))
    assert "comes as a whole" in said(choose(app, "mode", "invoke"))


@pytest.mark.parametrize("way", ["sync", "async"])
def test_run_starts_the_chosen_method_and_a_change_of_it_is_an_edit(app: AppTest, way: str) -> None:
    choose(app.run(), "run_with", way).button(key="run").click().run()
    run = run_of(app)
    assert engine().request(run).run_with == way
    wait_until(lambda: engine().log(run).ended)
    assert "edited since this run" not in said(app.run())
    assert "edited since this run" in said(choose(app, "run_with", "engine"))


def test_a_kept_run_says_what_ran_it_and_gives_it_back_to_the_form(app: AppTest) -> None:
    run = kept({**request(max_tokens=3), "run_with": "async"})
    app.run().switch_page(RUNS)
    app.query_params["run"] = run
    app.run()
    assert "run with chain.astream" in said(app)
    app.button(key="open_in_playground").click().run()
    assert app.segmented_control(key="run_with").value == "async"


def test_the_engine_s_runs_say_nothing_of_it() -> None:
    assert said_of(asked(simulated())) == ""


def test_the_program_of_a_run_begins_with_its_method(app: AppTest) -> None:
    app.query_params["run"] = kept({**request(max_tokens=3), "run_with": "async"})
    choose(app.run(), "tab_run_view", "code")
    assert app.selectbox(key="code_form_astream").value == "astream"
    assert "chain.astream(inputs)" in app.code[0].value
