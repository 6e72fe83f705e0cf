"""The Code tab: the program of the run that is shown, in the run's own form first."""

from pathlib import Path

import pytest
from pydantic import JsonValue
from streamlit.testing.v1 import AppTest

from runs.opened import engine
from tests.components.app import RUNS, forget, kept, said
from tests.support.playground import Json, request


@pytest.mark.parametrize(
    ("mode", "line"),
    [
        ("invoke", "answer = chain.invoke(inputs)"),
        ("stream", 'print("!!" + chunk, end="", flush=True)'),
        ("batch", 'chain.batch(inputs, config={"max_concurrency": 2})'),
    ],
)
def test_the_run_s_own_form_comes_first(app: AppTest, mode: str, line: str) -> None:
    asked = request(mode=mode)
    asked["max_concurrency"] = 2
    page = _opened(app, kept(asked))
    assert line in _source(page)
    assert '("human", "Tell me a joke about {topic}")' in _source(page)
    assert "ice cream" in _source(page)
    assert not page.exception


def test_another_form_can_be_chosen(app: AppTest) -> None:
    page = _opened(app, kept(request()))
    for form, line in (("abatch", "await chain.abatch(inputs, "), ("server", '@app.post("/chat")')):
        page.selectbox(key="code_form_stream").set_value(form).run()
        assert line in _source(page)
        assert [field.key for field in page.text_input if field.key == "code_separator"] == []


def test_the_separator_is_the_one_that_was_written(app: AppTest) -> None:
    page = _opened(app, kept(request()))
    page.text_input(key="code_separator").set_value('"\\|').run()
    assert "print('\"\\\\|' + chunk, " in _source(page)
    page.text_input(key="code_separator").set_value("").run()
    assert "print(chunk, " in _source(page)


def test_a_simulated_run_s_program_has_its_text(app: AppTest) -> None:
    run = kept(request(max_tokens=6))
    text = engine().record(run)["items"]
    assert isinstance(text, list)
    assert isinstance(text[0], dict)
    assert str(text[0]["text"]) in _source(_opened(app, run))


def test_a_form_for_one_input_says_which_it_takes(app: AppTest) -> None:
    asked = request(mode="batch")
    asked["inputs"] = [{"topic": topic} for topic in ("tea", "salt")]
    page = _opened(app, kept(asked))
    assert "With the first" not in said(page)
    page.selectbox(key="code_form_batch").set_value("invoke").run()
    assert "With the first of 2 inputs" in said(page)
    assert 'inputs = {"topic": "tea"}' in _source(page)


def test_a_chain_that_takes_no_question_is_said_to_have_no_server(app: AppTest) -> None:
    page = _opened(app, kept(request(template="Count.")))
    page.selectbox(key="code_form_stream").set_value("server").run()
    assert "The chain cannot take a question: the last human message has no variable for the question." in said(page)
    assert not page.get("download_button")[1:]


def test_a_long_program_is_only_downloaded(app: AppTest) -> None:
    asked = request(fault="unauthorized")
    rows: list[JsonValue] = [{"role": "system", "template": "x" * 50_000}] * 5
    chain = asked["chain"]
    assert isinstance(chain, dict)
    chain["messages"] = [*rows, {"role": "human", "template": "{topic}"}]
    page = _opened(app, kept(asked))
    assert "The program is too long to be read here; download it." in said(page)
    assert not [code for code in page.code if "chain.stream" in code.value]
    assert len(page.get("download_button")) == 2


def test_a_provider_that_the_server_no_longer_names_is_said(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoints = tmp_path / "endpoints.toml"
    endpoints.write_text('[[endpoint]]\nname = "lab"\nbase_url = "http://127.0.0.1:9/v1"\n')
    monkeypatch.setenv("PLAYGROUND_PROVIDERS", str(endpoints))
    forget()
    run = kept(_of_the_lab())
    assert 'base_url="http://127.0.0.1:9/v1"' in _source(_opened(app, run))
    monkeypatch.delenv("PLAYGROUND_PROVIDERS")
    forget()
    assert "The provider lab is not known to this server any more" in said(app.run())


def _of_the_lab() -> Json:
    asked = request()
    chain = asked["chain"]
    assert isinstance(chain, dict)
    chain["model"] = {"provider": "lab", "model": "m", "parameters": {"max_retries": 0}}
    return asked


def _opened(app: AppTest, run: str) -> AppTest:
    """A kept run on its page, read as code."""
    app.run().switch_page(RUNS).run()
    app.query_params["run"] = run
    app.run()
    app.segmented_control(key="tab_kept_view").set_value("code").run()
    return app


def _source(page: AppTest) -> str:
    """The program on the page."""
    return next(code.value for code in page.code if code.value.startswith('"""'))
