"""The playground's script: what stands on it before, between and after runs."""

from streamlit.testing.v1 import AppTest

from chains.spec import RunRequest
from runs.opened import engine
from tests.components.app import PLAYGROUND, RUNS, fields, kept, run_of, said, templates, views, write
from tests.support.playground import request, wait_until


def test_it_opens_with_the_joke_example_ready_to_run(app: AppTest) -> None:
    app.run()
    assert templates(app) == ["Tell me a joke about {topic}"]
    assert app.selectbox(key="role_0").value == "human"
    assert fields(app) == {"topic": "ice cream"}
    assert app.selectbox(key="provider").value == "simulated"
    assert not app.button(key="run").disabled
    assert "Nothing has run yet." in said(app)
    assert not app.exception


def test_run_starts_exactly_what_is_on_the_form(app: AppTest) -> None:
    write(app.run(), "One joke about {topic}, please").button(key="run").click().run()
    run = run_of(app)
    asked = engine().request(run)
    assert asked.chain.messages[0].template == "One joke about {topic}, please"
    assert asked.inputs == ({"topic": "ice cream"},)
    assert asked.mode == "stream"
    assert len(views(app)) == 1


def test_nothing_is_sent_that_was_not_turned_on(app: AppTest) -> None:
    app.run().button(key="run").click().run()
    assert engine().request(run_of(app)).chain.model.parameters == {}


def test_a_parameter_is_sent_once_it_is_turned_on(app: AppTest) -> None:
    app.run().toggle(key="on_seed").set_value(True).run()
    app.number_input(key="param_seed").set_value(7).run()
    app.button(key="run").click().run()
    assert engine().request(run_of(app)).chain.model.parameters == {"seed": 7}


def test_run_is_stop_while_a_run_goes_on(app: AppTest) -> None:
    run = engine().start(RunRequest.model_validate(request(ttft_ms=60_000)))
    app.query_params["run"] = run
    app.run()
    assert app.button(key="stop")
    assert not [button for button in app.button if button.key == "run"]
    app.button(key="stop").click().run()
    wait_until(lambda: engine().log(run).ended)
    assert engine().record(run)["status"] == "stopped"
    app.run()
    assert not app.button(key="run").disabled


def test_an_address_that_lags_behind_a_press_does_not_hide_its_run(app: AppTest) -> None:
    kept = engine().start(RunRequest.model_validate(request(ttft_ms=60_000)))
    app.query_params["run"] = kept
    app.run().button(key="stop").click().run()
    wait_until(lambda: engine().log(kept).ended)
    app.run().button(key="run").click().run()
    run = run_of(app)
    assert run != kept
    app.query_params["run"] = kept
    app.run()
    assert run_of(app) == run
    engine().stop(run)
    wait_until(lambda: engine().log(run).ended)
    app.query_params["run"] = kept
    app.run()
    assert run_of(app) == kept


def test_a_run_whose_press_was_interrupted_is_shown(app: AppTest) -> None:
    app.run()
    asked = RunRequest.model_validate(request())
    seat = app.session_state["seat"]
    run = engine().start(asked, press=f"{seat} {app.session_state['runs_shown']}")
    app.run()
    assert run_of(app) == run


def test_a_link_refills_the_form_from_its_run(app: AppTest) -> None:
    asked = request(template="Explain {{thing}}", seed=3)
    asked["chain"] |= {"template_format": "mustache", "name": "explainer", "parser": "json"}
    asked["inputs"] = [{"thing": "rain"}]
    app.query_params["run"] = kept(asked)
    app.run()
    assert templates(app) == ["Explain {{thing}}"]
    assert app.text_input(key="chain_name").value == "explainer"
    assert fields(app) == {"thing": "rain"}
    assert app.number_input(key="param_seed").value == 3
    assert app.toggle(key="on_seed").value
    assert not app.toggle(key="on_fault").value
    assert "edited since this run" not in said(app)


def test_a_link_to_a_deleted_run_says_so_and_leaves_a_usable_page(app: AppTest) -> None:
    app.query_params["run"] = "no-such-run"
    app.run()
    assert "kept no more" in said(app)
    assert not app.button(key="run").disabled


def test_a_page_change_keeps_the_draft(app: AppTest) -> None:
    write(app.run(), "Explain {thing}")
    app.text_area(key="var_thing").set_value("rain").run()
    app.toggle(key="on_seed").set_value(True).run()
    app.switch_page(RUNS).run()
    app.switch_page(PLAYGROUND).run()
    assert templates(app) == ["Explain {thing}"]
    assert fields(app) == {"thing": "rain"}
    assert app.toggle(key="on_seed").value
