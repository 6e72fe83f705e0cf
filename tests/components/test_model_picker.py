"""The model picker: providers, keys, addresses, and parameters that are unset until turned on."""

import pytest
from streamlit.testing.v1 import AppTest

from chains.documents.document import Document
from chains.files.link import to_link
from runs.opened import engine
from runs.saved import About
from tests.components.app import LIBRARY, PLAYGROUND, kept, ready, run_of, said
from tests.support.asked import remote
from tests.support.behaviours import answers, sends
from tests.support.playground import free_port
from tests.support.provider import Behaviour, serving
from tests.support.served import body


def test_openai_without_a_key_says_which_and_where(app: AppTest) -> None:
    _choose(app.run(), "openai")
    assert not ready(app)
    assert "OpenAI needs a key, and none was given." in said(app)
    assert "OPENAI_API_KEY" in said(app)


def test_a_key_typed_for_the_session_is_enough_and_is_in_no_record(app: AppTest) -> None:
    with serving({"m": answers(), "/v1/models": _models("m")}) as provider:
        _choose(app.run(), "openai-compatible")
        app.text_input(key="base_url").set_value(provider.url).run()
        app.text_input(key=f"key_openai-compatible_{provider.url}").set_value("sk-typed-secret").run()
        app.button(key="run").click().run()
        asked = provider.wait_for(1 + sum(request.method == "GET" for request in provider.requests))
        assert asked.headers["authorization"] == "Bearer sk-typed-secret"
        assert "sk-typed-secret" not in engine().request(run_of(app)).model_dump_json()
        assert "sk-typed-secret" not in str(app.query_params)


def test_a_compatible_server_lists_its_models(app: AppTest) -> None:
    with serving({"/v1/models": _models("llama", "qwen")}) as provider:
        _choose(app.run(), "openai-compatible")
        assert not ready(app)
        app.text_input(key="base_url").set_value(provider.url).run()
        assert app.selectbox(key="model").options == ["llama", "qwen"]
        assert app.selectbox(key="model").value == "llama"
        assert ready(app)


@pytest.mark.parametrize("way", ["link", "version", "run"])
def test_an_address_that_came_with_what_was_opened_is_asked_only_after_a_press(app: AppTest, way: str) -> None:
    with serving({"/v1/models": _models("llama", "qwen")}) as provider:
        document = Document(chain=remote(provider.url, "gone"))
        match way:
            case "link":
                app.query_params["share"] = to_link(document) or ""
            case "run":
                app.query_params["run"] = kept(body(document.chain))
            case "version":
                app.run().switch_page(LIBRARY)
                app.query_params["chain"] = engine().library.begin(About("a"), document).chain
                app.run().button(key="open_chain").click().run()
                app.switch_page(PLAYGROUND)
        asked = len(provider.requests)
        app.run()
        assert (app.text_input(key="base_url").value, len(provider.requests)) == (provider.url, asked)
        assert (app.selectbox(key="model").options, ready(app)) == (["gone"], True)
        app.button(key="list_models").click().run()
        assert [request.path for request in provider.requests[asked:]] == ["/v1/models"]
        assert app.selectbox(key="model").options == ["llama", "qwen", "gone"]
        assert "list_models" not in {button.key for button in app.button}


def test_an_address_of_a_link_that_a_person_types_over_is_asked_again_without_a_press(app: AppTest) -> None:
    with serving({"/v1/models": _models("llama")}) as provider:
        app.query_params["share"] = to_link(Document(chain=remote("http://127.0.0.1:9/v1"))) or ""
        app.run().text_input(key="base_url").set_value(provider.url).run()
        assert app.selectbox(key="model").options == ["llama"]


def test_a_server_that_lists_only_for_a_key_asks_for_one(app: AppTest) -> None:
    refused = sends(401, "application/json", b'{"error": {"message": "no key"}}')
    with serving({"/v1/models": refused}) as provider:
        _choose(app.run(), "openai-compatible")
        app.text_input(key="base_url").set_value(provider.url).run()
        assert "OpenAI-compatible server lists its models only to those who give a key." in said(app)
        provider.script["/v1/models"] = sends(403, "application/json", b'{"error": {"message": "no"}}')
        app.text_input(key=f"key_openai-compatible_{provider.url}").set_value("sk-typed").run()
        assert "This key may not list the models of OpenAI-compatible server." in said(app)


def test_the_model_of_another_server_does_not_stay(app: AppTest) -> None:
    with serving({"/v1/models": _models("llama")}) as provider, serving({"/v1/models": _models()}) as empty:
        _choose(app.run(), "openai-compatible")
        assert "OpenAI-compatible server needs a base URL, and none was given." in said(app)
        app.text_input(key="base_url").set_value(provider.url).run()
        assert app.selectbox(key="model").value == "llama"
        app.text_input(key="base_url").set_value(empty.url).run()
        assert app.selectbox(key="model").value is None
        assert app.selectbox(key="model").options == []
        assert "No model is chosen." in said(app)


def test_a_server_that_does_not_answer_is_said_before_a_run(app: AppTest) -> None:
    url = f"http://127.0.0.1:{free_port()}/v1"
    _choose(app.run(), "openai-compatible")
    app.text_input(key="base_url").set_value(url).run()
    assert f"Nothing answers at {url}." in said(app)
    assert not ready(app)
    assert "No model is chosen." in said(app)


@pytest.mark.parametrize("url", ["localhost:11434", "ftp://host/v1", "http://me:secret@host/v1", "http://host/v1?a=b"])
def test_an_address_that_does_not_fit_is_refused(app: AppTest, url: str) -> None:
    _choose(app.run(), "openai-compatible")
    app.text_input(key="base_url").set_value(url).run()
    app.selectbox(key="model").set_value("m").run()
    assert not ready(app)
    assert "The base URL does not fit" in said(app)


def test_parameters_are_off_until_turned_on_and_forgotten_when_turned_off(app: AppTest) -> None:
    app.run()
    assert [toggle.key for toggle in app.toggle if toggle.value] == []
    assert not app.number_input
    app.toggle(key="on_tokens_per_second").set_value(True).run()
    app.number_input(key="param_tokens_per_second").set_value(900.0).run()
    app.toggle(key="on_fault").set_value(True).run()
    assert app.selectbox(key="param_fault").value == "rate_limited"
    app.toggle(key="on_fault").set_value(False).run()
    app.button(key="run").click().run()
    assert engine().request(run_of(app)).chain.model.parameters == {"tokens_per_second": 900.0}


def test_the_limits_of_a_run_can_be_set(app: AppTest) -> None:
    app.run().toggle(key="on_run_timeout_s").set_value(True).run()
    app.number_input(key="param_run_timeout_s").set_value(9.0).run()
    app.button(key="run").click().run()
    assert engine().request(run_of(app)).chain.model.parameters == {"run_timeout_s": 9.0}


def test_a_change_of_provider_leaves_no_foreign_parameters_behind(app: AppTest) -> None:
    app.run().toggle(key="on_jitter").set_value(True).run()
    with serving({"m": answers(), "/v1/models": _models("m")}) as provider:
        _choose(app, "openai-compatible")
        app.text_input(key="base_url").set_value(provider.url).run()
        app.button(key="run").click().run()
        assert engine().request(run_of(app)).chain.model.parameters == {}
        assert provider.wait_for(2).body["model"] == "m"


def _choose(app: AppTest, provider: str) -> None:
    app.selectbox(key="provider").set_value(provider).run()


def _models(*names: str) -> Behaviour:
    listed = ", ".join(f'{{"id": "{name}", "object": "model"}}' for name in names)
    return sends(200, "application/json", f'{{"object": "list", "data": [{listed}]}}'.encode())
