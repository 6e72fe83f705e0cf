"""What leaves for a provider: the key that was meant for it, the parameters that were turned on, nothing else."""

import asyncio
from dataclasses import replace

import pytest
from pydantic import JsonValue, SecretStr

from chains.build import build
from chains.methods.names import Method
from chains.models.openai_clients import MAX_CONNECTIONS
from chains.models.provider import Connection
from chains.models.registry import Endpoint, providers
from chains.outcomes import RefusedModel
from tests.support.asked import remote
from tests.support.behaviours import SCRIPT, answers, error, floods, sends
from tests.support.calling import ask, ask_by, call
from tests.support.provider import Exchange, Provider, serving

METHODS = pytest.mark.parametrize("method", ["invoke", "ainvoke", "batch", "abatch", "stream", "astream"])
SECRET = "sk-of-the-environment"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_ORGANIZATION", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, SECRET)
    headers = f"X-Gateway-Key: {SECRET}\nx-gateway-KEY: {SECRET}\nAuthorization: Bearer {SECRET}\nnone"
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", headers)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/elsewhere")
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9/elsewhere")


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("streamed", [True, False], ids=["stream", "invoke"])
@pytest.mark.parametrize("key", ["", "typed-key"])
async def test_nothing_of_the_environment_goes_to_a_compatible_server(
    provider: Provider, key: str, streamed: bool
) -> None:
    told = await ask(remote(provider.url), key=key, streamed=streamed)
    assert told.status == "done"
    headers = provider.last.headers
    assert headers["authorization"] == f"Bearer {key or 'EMPTY'}"
    assert not {"openai-organization", "openai-project"} & headers.keys()
    assert SECRET not in repr(headers) + repr(provider.last.body)


@pytest.mark.usefixtures("environment")
@METHODS
@pytest.mark.parametrize("key", ["", "typed-key"])
async def test_nothing_of_the_environment_goes_along_with_langchain_s_own_methods(
    provider: Provider, key: str, method: Method
) -> None:
    told = await ask_by(method, remote(provider.url), key=key)
    assert (told.status, told.text) == ("done", "One two three.")
    headers = provider.last.headers
    assert headers["authorization"] == f"Bearer {key or 'EMPTY'}"
    assert not {"openai-organization", "openai-project"} & headers.keys()
    assert SECRET not in repr(headers) + repr(provider.last.body)


@METHODS
async def test_a_method_follows_no_redirect(provider: Provider, method: Method) -> None:
    with serving(SCRIPT) as other:
        provider.script["away"] = sends(307, "text/plain", b"", location=f"{other.url}/chat/completions")
        told = await ask_by(method, remote(provider.url, "away"), key="typed")
        assert told.error["code"] == "not_an_api"
        assert other.requests == []


@METHODS
async def test_a_key_that_a_server_repeats_to_a_method_is_not_kept(provider: Provider, method: Method) -> None:
    provider.script["echo"] = _echoes
    told = await ask_by(method, remote(provider.url, "echo"), key=SECRET)
    assert told.error["code"] == "wrong_key"
    assert SECRET[:6] not in str(told.happened)


@pytest.mark.parametrize("zipped", [False, True])
@METHODS
async def test_a_method_reads_no_answer_without_end(provider: Provider, method: Method, zipped: bool) -> None:
    provider.script["flood"] = floods(200, zipped=zipped)
    told = await ask_by(method, remote(provider.url, "flood", run_timeout_s=20))
    assert told.error["code"] in ("answer_too_long", "not_an_api", "malformed")
    await asyncio.to_thread(provider.last.closing, 0.0, 10)


@METHODS
async def test_a_method_s_stream_does_without_usage_where_a_server_refuses_it(
    provider: Provider, method: Method
) -> None:
    told = await ask_by(method, remote(provider.url, "no-stream-options"))
    assert (told.status, told.text) == ("done", "One two three.")


@pytest.mark.usefixtures("environment")
async def test_nothing_of_the_environment_goes_along_when_models_are_listed(provider: Provider) -> None:
    provider.script["/v1/models"] = _models
    assert await _list(provider) == ["a", "b"]
    headers = provider.last.headers
    assert headers["authorization"] == "Bearer EMPTY"
    assert not {"openai-organization", "openai-project"} & headers.keys()
    assert SECRET not in repr(headers)


@pytest.mark.usefixtures("environment")
async def test_openai_itself_is_sent_its_key_and_no_other_header_of_the_environment(provider: Provider) -> None:
    own = replace(providers()["openai"], base_url=provider.url)
    spec = remote(provider.url)
    spec = spec.model_copy(update={"model": spec.model.model_copy(update={"base_url": None})})
    await ask(spec, provider=own, key="typed")
    assert provider.last.headers["authorization"] == "Bearer typed"
    assert SECRET not in repr(provider.last.headers)


@pytest.mark.parametrize("streamed", [True, False], ids=["stream", "invoke"])
async def test_a_key_that_a_server_repeats_is_not_kept(provider: Provider, streamed: bool) -> None:
    provider.script["echo"] = provider.script["/v1/models"] = _echoes
    told = await ask(remote(provider.url, "echo"), key=SECRET, streamed=streamed)
    with pytest.raises(RefusedModel) as refused:
        await _list(provider, key=SECRET)
    assert told.error["code"] == refused.value.outcome.code == "wrong_key"
    for detail in (told.error["detail"], refused.value.outcome.detail):
        assert str(detail).startswith("401: xxx")
        assert SECRET[:6] not in str(detail)
        assert len(str(detail)) == 2_000


@pytest.mark.parametrize("status", [200, 401])
async def test_a_list_of_models_without_end_is_refused(provider: Provider, status: int) -> None:
    provider.script["/v1/models"] = floods(status)
    with pytest.raises(RefusedModel) as refused:
        await _list(provider)
    assert refused.value.outcome.code == "answer_too_long"


async def test_the_environment_s_key_goes_to_its_own_vendor_and_a_typed_one_before_it(provider: Provider) -> None:
    own = replace(providers()["openai"], base_url=provider.url)
    spec = remote(provider.url).model_copy(
        update={"model": remote("", "good").model.model_copy(update={"base_url": None})}
    )
    kept = {"OPENAI_API_KEY": SecretStr(SECRET)}
    await ask(spec, provider=own, keys=kept)
    await ask(spec, provider=own, key="typed", keys=kept)
    assert [request.headers["authorization"] for request in provider.requests] == [f"Bearer {SECRET}", "Bearer typed"]


async def test_an_endpoint_s_key_goes_to_that_endpoint_only(provider: Provider) -> None:
    ours = providers([Endpoint("lab", provider.url, key_variable="LAB_KEY")])
    keys = {"LAB_KEY": SecretStr("of-the-lab"), "OPENAI_API_KEY": SecretStr(SECRET)}
    spec = remote(provider.url)
    lab = spec.model_copy(update={"model": spec.model.model_copy(update={"provider": "lab", "base_url": None})})
    await ask(lab, provider=ours["lab"], keys=keys)
    await ask(spec, keys=keys)
    sent = [request.headers["authorization"] for request in provider.requests]
    assert sent == ["Bearer of-the-lab", "Bearer EMPTY"]


@pytest.mark.parametrize("streamed", [True, False], ids=["stream", "invoke"])
async def test_a_redirect_is_not_followed(provider: Provider, streamed: bool) -> None:
    with serving(SCRIPT) as other:
        away = f"{other.url}/chat/completions"
        provider.script["away"] = sends(307, "text/plain", b"", location=away)
        told = await ask(remote(provider.url, "away"), key="typed", streamed=streamed)
        assert told.error["code"] == "not_an_api"
        assert other.requests == []


async def test_parameters_that_are_off_are_not_sent(provider: Provider) -> None:
    await ask(remote(provider.url), streamed=False)
    assert provider.last.body.keys() - {"stream"} == {"model", "messages"}
    await ask(remote(provider.url))
    assert provider.last.body.keys() == {"model", "messages", "stream", "stream_options"}


async def test_parameters_that_are_on_are_sent_under_their_own_names(provider: Provider) -> None:
    on: dict[str, JsonValue] = {"temperature": 0, "max_tokens": 9, "stop": ["x"], "reasoning_effort": "low", "top_k": 3}
    await ask(remote(provider.url, **on))
    sent = {name: provider.last.body.get(name) for name in on}
    assert sent == on
    assert "max_completion_tokens" not in provider.last.body


async def test_openai_itself_is_sent_the_limit_under_its_new_name(provider: Provider) -> None:
    own = replace(providers()["openai"], base_url=provider.url)
    spec = remote("", "good", max_tokens=9)
    spec = spec.model_copy(update={"model": spec.model.model_copy(update={"base_url": None})})
    await ask(spec, provider=own, key="typed")
    assert provider.last.body["max_completion_tokens"] == 9
    assert "max_tokens" not in provider.last.body


@pytest.mark.parametrize("name", ["model", "messages", "stream", "stream_options"])
async def test_a_parameter_cannot_replace_what_the_playground_sends(name: str) -> None:
    spec = remote("http://127.0.0.1:1/v1")
    spec = spec.model_copy(update={"model": spec.model.model_copy(update={"parameters": {name: "x"}})})
    with pytest.raises(RefusedModel) as refused:
        await ask(spec)
    assert (refused.value.outcome.code, refused.value.outcome.values["parameter"]) == ("bad_parameter", name)


async def test_models_that_switch_to_another_api_by_name_are_asked_for_chat_completions(provider: Provider) -> None:
    provider.script["gpt-5-pro"] = provider.script["gpt-5-codex"] = answers()
    for model in ("gpt-5-pro", "gpt-5-codex"):
        assert (await ask(remote(provider.url, model))).status == "done"
    assert {request.path for request in provider.requests} == {"/v1/chat/completions"}


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, b'{"error": {"message": "no"}}', "wants_key"),
        (200, b"<html>welcome</html>", "not_an_api"),
        (200, b'{"data": [{"id": null}, 5]}', "not_an_api"),
        (404, b"<html>nothing</html>", "not_an_api"),
        (500, b"{}", "server_error"),
    ],
)
async def test_a_list_of_models_that_is_none_is_an_outcome(
    provider: Provider, status: int, body: bytes, code: str
) -> None:
    kind = "text/html" if body.startswith(b"<") else "application/json"
    provider.script["/v1/models"] = sends(status, kind, body)
    with pytest.raises(RefusedModel) as refused:
        await _list(provider)
    assert refused.value.outcome.code == code


async def test_all_models_share_one_client_of_at_most_200_connections_and_one_for_threads(provider: Provider) -> None:
    connection, compatible = Connection(), providers()["openai-compatible"]
    chains = [build(remote(provider.url), compatible, connection) for _ in range(3)]
    assert [(await call(chain)).status for chain in chains] == ["done"] * 3
    assert len(connection.pool.clients) == 2
    assert MAX_CONNECTIONS == 200
    await connection.pool.aclose()


async def _echoes(exchange: Exchange) -> None:
    # The key stands where the detail is cut, so that half of it would be left if that came first.
    said = f"{'x' * 1_985} {exchange.request.headers['authorization'].removeprefix('Bearer ')} {'y' * 100}"
    await exchange.json(401, error(said, "invalid_api_key"))


async def _models(exchange: Exchange) -> None:
    await exchange.json(200, {"object": "list", "data": [{"id": "b", "object": "model"}, {"id": "a"}]})


async def _list(provider: Provider, *, key: str = "") -> list[str]:
    ours = providers()["openai-compatible"]
    assert ours.list_models is not None
    connection = Connection(SecretStr(key) if key else None)
    try:
        return list(await ours.list_models(ours, provider.url, connection))
    finally:
        await connection.pool.aclose()
