"""Every route of the HTTP contract, and what a malformed request gets: an error in one form, and nothing written."""

import json
import re
import threading
from collections.abc import Sequence

import pytest
from pydantic import JsonValue
from websockets.asyncio.client import connect

from chains.calling import coercion
from chains.calling.coercion import coerced
from chains.spec import ChainSpec, MessageSpec
from runs import opened
from runs.engine import Engine
from runs.store.filter import Filter
from server.bodies import MAX_VALUES
from tests.support.asked import parsed, remote, request, simulated, slow
from tests.support.behaviours import answers, completion, sends
from tests.support.engines import figures, finish, items, until
from tests.support.provider import Provider
from tests.support.served import Json, Served, body, error

FIGURES = {
    "ttfc_ms", "ttft_ms", "ttat_ms", "e2e_ms", "tpot_ms", "chunks", "tokens", "tokens_estimated", "tokens_per_second",
}  # fmt: skip
OF_A_BATCH = {"makespan_ms", "sum_ms", "speed_up", "efficiency"}


async def run_to_its_end(served: Served, wire: Json) -> Json:
    answer = await served.post("/api/runs", wire)
    assert answer.status_code == 201, answer.text
    run = answer.json()["id"]
    until(lambda: served.engine.log(run).ended)
    record: Json = (await served.get(f"/api/runs/{run}")).json()
    return record


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("api_key", {"api_key": "sk-secret"}),
        ("extra_body.a.0.api_key", {"extra_body": {"a": [{"api_key": "sk-secret"}]}}),
    ],
)
async def test_a_key_among_the_parameters_is_refused_by_its_path_and_kept_nowhere(
    served: Served, provider: Provider, path: str, parameters: dict[str, JsonValue]
) -> None:
    answer = await served.post("/api/runs", body(remote(provider.url, **parameters)))
    assert (answer.status_code, error(answer)["code"]) == (422, "bad_parameter")
    assert f"The parameter {path} " in str(error(answer)["message"])
    assert "sk-secret" not in answer.text
    assert served.engine.find(Filter(), limit=1)[1] == 0
    assert provider.requests == []


async def test_health_says_version_and_active_runs(served: Served) -> None:
    run = served.engine.start(request(slow()))
    until(lambda: served.engine.active == 1)
    health = (await served.get("/api/health")).json()
    assert health == {"status": "ok", "version": health["version"], "runs": {"active": 1}}
    assert re.fullmatch(r"\d+\.\d+\.\d+", health["version"])
    served.engine.stop(run)


async def test_a_run_is_started_with_201_its_id_and_the_path_of_its_page(served: Served) -> None:
    answer = await served.post("/api/runs", body(simulated()))
    assert answer.status_code == 201
    assert answer.json().keys() == {"id", "url"}
    assert answer.json()["url"].startswith("/")
    assert answer.json()["url"].endswith(answer.json()["id"])


@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize("mode", ["invoke", "stream"])
async def test_a_run_by_langchain_s_own_method_has_the_same_record(served: Served, mode: str, way: str) -> None:
    ours = await run_to_its_end(served, body(simulated(), mode=mode))
    theirs = await run_to_its_end(served, {**body(simulated(), mode=mode), "run_with": way})
    assert theirs.keys() == ours.keys()
    asked = ours["request"]
    assert isinstance(asked, dict)
    assert asked["run_with"] == "engine"
    assert theirs["request"] == {**asked, "run_with": way}
    for name in ("status", "text", "finish_reason", "usage", "error"):
        assert items(theirs)[0][name] == items(ours)[0][name]


@pytest.mark.parametrize("mode", ["invoke", "stream"])
async def test_the_record_has_the_contract_s_shape(served: Served, mode: str) -> None:
    record = await run_to_its_end(served, body(simulated(), mode=mode))
    assert record.keys() >= {"id", "status", "mode", "request", "items", "metrics"}
    assert (record["status"], record["mode"]) == ("done", mode)
    (item,) = items(record)
    assert item.keys() >= {"index", "status", "text", "finish_reason", "error", "usage", "metrics"}
    assert (item["index"], item["status"], item["error"], item["finish_reason"]) == (0, "done", None, "stop")
    assert figures(item).keys() >= FIGURES
    assert figures(item)["tokens_estimated"] is False
    asked = record["request"]
    assert isinstance(asked, dict)
    assert asked["inputs"] == [{"topic": "rain"}]


async def test_a_batch_s_record_has_its_own_figures(served: Served) -> None:
    inputs: JsonValue = [{"topic": str(number)} for number in range(6)]
    record = await run_to_its_end(served, body(simulated(), mode="batch", inputs=inputs, max_concurrency=2))
    assert [item["index"] for item in items(record)] == list(range(6))
    metrics = record["metrics"]
    assert isinstance(metrics, dict)
    assert metrics.keys() >= OF_A_BATCH


async def test_a_failed_item_carries_code_message_and_hint(served: Served, provider: Provider) -> None:
    record = await run_to_its_end(served, body(remote(provider.url, "wrong-key"), inputs=[{}]))
    (item,) = items(record)
    assert (record["status"], item["status"]) == ("failed", "failed")
    assert isinstance(item["error"], dict)
    assert item["error"].keys() >= {"code", "message", "hint"}


async def test_stop_stops_and_keeps_the_partial_text(served: Served) -> None:
    run = (await served.post("/api/runs", body(slow()))).json()["id"]
    until(lambda: len(served.engine.log(run).events) > 20)
    assert (await served.post(f"/api/runs/{run}/stop", "")).status_code == 200
    until(lambda: served.engine.log(run).ended)
    record = (await served.get(f"/api/runs/{run}")).json()
    assert record["status"] == "stopped"
    assert record["items"][0]["text"]


async def test_the_provider_s_key_comes_in_its_header_and_is_in_no_answer(served: Served, provider: Provider) -> None:
    wire = body(remote(provider.url), inputs=[{}])
    run = (await served.post("/api/runs", wire, x_provider_key="typed-secret")).json()["id"]
    until(lambda: served.engine.log(run).ended)
    assert provider.last.headers["authorization"] == "Bearer typed-secret"
    assert "typed-secret" not in (await served.get(f"/api/runs/{run}")).text
    assert "typed-secret" not in (await served.get(f"/api/runs/{run}/events")).text


async def test_the_inputs_of_a_run_are_given_for_a_list(served: Served) -> None:
    asked = body(simulated(), inputs=[{"topic": "x" * 1_000, "n": [1]}, {"topic": "눈", "n": None}], mode="batch")
    run = (await served.post("/api/runs", asked)).json()["id"]
    wanted = [{"topic": "x" * 300, "n": "[1]"}, {"topic": "눈", "n": ""}]
    assert (await served.get(f"/api/runs/{run}/inputs")).json() == {"inputs": wanted}


async def test_every_route_is_described(served: Served) -> None:
    described = (await served.get("/api/openapi.json")).json()
    assert described["paths"].keys() == {
        "/health", "/runs", "/runs/{run}", "/runs/{run}/inputs", "/runs/{run}/events", "/runs/{run}/stop", "/chat",
    }  # fmt: skip


async def test_errors_are_described_in_the_form_that_they_have(served: Served) -> None:
    described = (await served.get("/api/openapi.json")).json()
    answers_of = {
        (path, int(status)): answer["content"]["application/json"]["schema"].get("$ref")
        for path, methods in described["paths"].items()
        for method in methods.values()
        for status, answer in method["responses"].items()
        if int(status) >= 400
    }
    assert set(answers_of.values()) == {"#/components/schemas/ErrorBody"}
    assert "HTTPValidationError" not in described["components"]["schemas"]
    real = {
        "/runs": await served.post("/api/runs", with_chain(messages=[{"role": "human", "template": "{"}])),
        "/chat": await served.post("/api/chat", {"question": ""}),
        "/runs/{run}": await served.get("/api/runs/unknown"),
        "/runs/{run}/inputs": await served.get("/api/runs/unknown/inputs"),
        "/runs/{run}/events": await served.get("/api/runs/unknown/events", last_event_id="x"),
        "/runs/{run}/stop": await served.post("/api/runs/unknown/stop", ""),
        "/health": await served.get("/api/health", origin="http://foreign.example"),
    }
    form = described["components"]["schemas"]["Error"]
    for path, answer in real.items():
        assert (path, answer.status_code) in answers_of
        assert set(form["required"]) <= error(answer).keys() <= form["properties"].keys()
    assert {"line", "column"} <= error(real["/runs"]).keys()


async def test_streams_are_described_as_streams(served: Served) -> None:
    paths = (await served.get("/api/openapi.json")).json()["paths"]
    for answers_ in (paths["/chat"]["post"], paths["/runs/{run}/events"]["get"]):
        assert list(answers_["responses"]["200"]["content"]) == ["text/event-stream"]


def bent(**more: JsonValue) -> Json:
    return body(simulated(), **more)


def with_chain(**more: JsonValue) -> Json:
    wire = body(simulated())
    assert isinstance(wire["chain"], dict)
    return {**wire, "chain": {**wire["chain"], **more}}


def nested(depth: int) -> JsonValue:
    value: JsonValue = []
    for _ in range(depth):
        value = [value]
    return value


MALFORMED: dict[str, tuple[object, str]] = {
    "no JSON": ('{"chain": ', "JSON"),
    "nothing": ("", ""),
    "a list": ([], ""),
    "an unknown field": (bent(surprise=1), "surprise"),
    "an unknown field inside": (with_chain(colour="red"), "colour"),
    "a key in the chain": (with_chain(api_key="sk-x"), "api_key"),
    "no inputs": (bent(inputs=[]), "inputs"),
    "10,001 inputs": (bent(inputs=[{}] * 10_001, mode="batch"), "inputs"),
    "concurrency 0": (bent(max_concurrency=0), "max_concurrency"),
    "concurrency 201": (bent(max_concurrency=201), "max_concurrency"),
    "stream with two inputs": (bent(inputs=[{"topic": "a"}, {"topic": "b"}]), "exactly one input"),
    "invoke with two inputs": (bent(inputs=[{"topic": "a"}] * 2, mode="invoke"), "exactly one input"),
    "an unknown mode": (bent(mode="later"), "mode"),
    "an unknown way to run": (bent(run_with="threads"), "run_with"),
    "501 inputs for abatch": (bent(inputs=[{"topic": "a"}] * 501, mode="batch", run_with="async"), "500 inputs"),
    "an unknown role": (with_chain(messages=[{"role": "tool", "template": "x"}]), "role"),
    "no messages": (with_chain(messages=[]), "messages"),
    "an unknown format": (with_chain(template_format="jinja2"), "template_format"),
    "another's role": (
        with_chain(messages=[{"role": "assistant", "template": "x"}]),
        "chain.messages.0.role: the role assistant is called ai here",
    ),
    "a long template": (with_chain(messages=[{"role": "human", "template": "x" * 50_001}]), "template"),
    "half a character": (with_chain(name="\ud83d"), "hex escape"),
    "a field named by half a character": (bent(**{"\ud83d": 1}), ""),
    "a deep input": (bent(inputs=[{"topic": nested(200)}], mode="batch"), ""),
}


@pytest.mark.parametrize(("wire", "named"), MALFORMED.values(), ids=MALFORMED)
async def test_a_malformed_request_is_422_by_name_and_writes_nothing(served: Served, wire: object, named: str) -> None:
    answer = await served.post("/api/runs", wire)
    assert answer.status_code == 422
    assert named in str(error(answer)["message"])
    assert served.engine.find(Filter(), limit=1)[1] == 0


@pytest.mark.parametrize(
    ("template", "line", "column"), [("{", 1, 1), ("fine\n and {}", 2, 6), ("{a.b}", 1, 1), ("{a:>9999999}", 1, 1)]
)
async def test_a_broken_template_is_422_with_line_and_column(
    served: Served, template: str, line: int, column: int
) -> None:
    answer = await served.post("/api/runs", body(simulated(template)))
    assert answer.status_code == 422
    found = error(answer)
    assert (found["code"], found["line"]) == ("bad_template", line)
    assert isinstance(found["column"], int)
    assert column <= found["column"] <= column + 2
    assert served.engine.find(Filter(), limit=1)[1] == 0


@pytest.mark.parametrize("inputs", [{}, {"topic": None}, {"topic": "  "}])
async def test_a_missing_variable_is_422_by_name(served: Served, inputs: JsonValue) -> None:
    answer = await served.post("/api/runs", body(simulated(), inputs=[inputs]))
    assert answer.status_code == 422
    assert error(answer)["code"] == "missing_variable"
    assert "topic" in str(error(answer)["message"])


@pytest.mark.parametrize(
    ("parameters", "code"),
    [({"provider": "nobody"}, "unknown_provider"), ({"provider": "openai"}, "no_key")],
)
async def test_a_model_that_cannot_run_is_422(
    served: Served, monkeypatch: pytest.MonkeyPatch, parameters: JsonValue, code: str
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert isinstance(parameters, dict)
    answer = await served.post("/api/runs", with_chain(model={"model": "gpt-4o", **parameters}))
    assert (answer.status_code, error(answer)["code"]) == (422, code)


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", "/events"), ("POST", "/stop")])
async def test_an_unknown_run_is_404_in_the_error_form(served: Served, method: str, path: str) -> None:
    async with served.client() as client:
        answer = await client.request(method, f"/api/runs/unknown{path}")
    assert (answer.status_code, error(answer)["code"]) == (404, "unknown_run")


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/runs/a/b/c"])
async def test_an_unknown_route_is_404_in_the_error_form(served: Served, path: str) -> None:
    answer = await served.get(path)
    assert (answer.status_code, error(answer)["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "fitting"),
    [("DELETE", "/api/health", "GET, HEAD"), ("PUT", "/api/runs", "POST"), ("OPTIONS", "/api/runs/a/events", "GET")],
)
async def test_a_wrong_method_is_405_and_the_fitting_ones_are_said(
    served: Served, method: str, path: str, fitting: str
) -> None:
    async with served.client() as client:
        answer = await client.request(method, path)
    found = error(answer)
    assert (answer.status_code, found["code"], answer.headers["allow"]) == (405, "method_not_allowed", fitting)
    assert found["message"] == f"{method} does not fit {path}."
    assert found["hint"] == f"Use {fitting.replace(', ', ' or ')}."


async def test_health_can_be_asked_for_its_head(served: Served) -> None:
    async with served.client() as client:
        answer = await client.head("/api/health")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("path", ["/api/runs", "/api/chat"])
async def test_a_body_that_is_not_said_to_be_json_is_422_and_the_header_is_named(
    served: Served, path: str, kind: str | None
) -> None:
    async with served.client() as client:
        answer = await client.post(path, content=b"{}", headers={"content-type": kind} if kind else {})
    assert answer.status_code == 422
    assert "Content-Type must be application/json" in str(error(answer)["message"])


async def test_a_body_of_very_many_values_is_413_and_is_not_read(served: Served) -> None:
    answer = await served.post("/api/runs", b"[" + b"1," * (MAX_VALUES + 1))
    assert (answer.status_code, error(answer)["code"]) == (413, "too_large")
    assert "1,000,000 names and values" in str(error(answer)["message"])
    assert error(answer)["hint"] == "Send fewer inputs at once."


async def test_the_commas_of_prose_are_no_values(served: Served) -> None:
    wire = body(simulated(), inputs=["rain, " * 200] * 10_000, mode="batch", max_concurrency=1)
    answer = await served.post("/api/runs", wire)
    assert answer.status_code == 201, answer.text
    served.engine.stop(answer.json()["id"])


async def test_a_body_with_a_byte_order_mark_is_read_and_another_encoding_is_named(served: Served) -> None:
    text = json.dumps(body(simulated(), inputs=["rain"]))
    assert (await served.post("/api/runs", text.encode("utf-8-sig"))).status_code == 201
    answer = await served.post("/api/runs", text.encode("utf-16"))
    assert answer.status_code == 422
    assert "It is not UTF-8" in str(error(answer)["message"])


async def test_a_body_is_read_and_checked_off_the_server_s_loop(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []

    def noted(chain: ChainSpec, inputs: Sequence[object]) -> list[object]:
        threads.append(threading.current_thread().name)
        return coerced(chain, inputs)

    monkeypatch.setattr(coercion, "coerced", noted)
    answer = await served.post("/api/runs", body(simulated(), inputs=["rain"]))
    assert answer.status_code == 201
    assert threads
    assert "server" not in threads


async def test_a_model_s_half_characters_and_no_numbers_do_not_break_the_record(
    served: Served, provider: Provider
) -> None:
    provider.script["odd"] = answers(['{"a": NaN, "b": "', "\ud83d", '"}'])
    chain = parsed(remote(provider.url, "odd"), "json")
    record = await run_to_its_end(served, body(chain, inputs=[{}]))
    assert items(record)[0]["value"] == {"a": None, "b": "\N{REPLACEMENT CHARACTER}"}


async def test_a_foreign_error_text_does_not_break_the_record(served: Served, provider: Provider) -> None:
    half = b'{"error": {"message": "no \\ud83d", "code": "x"}}'
    provider.script["odd"] = sends(400, "application/json", half)
    record = await run_to_its_end(served, body(remote(provider.url, "odd"), inputs=[{}]))
    assert record["status"] == "failed"


async def test_usage_that_no_counting_gives_does_not_break_the_record(served: Served, provider: Provider) -> None:
    wire = completion("hi")
    assert isinstance(wire, dict)
    counts: JsonValue = {"prompt_tokens": float("nan"), "completion_tokens": float("nan"), "total_tokens": 1}
    provider.script["odd"] = sends(200, "application/json", json.dumps({**wire, "usage": counts}).encode())
    record = await run_to_its_end(served, body(remote(provider.url, "odd"), inputs=[{}], mode="invoke"))
    assert (record["status"], items(record)[0]["usage"]) == ("done", None)


def test_a_placeholder_takes_messages_through_the_same_contract(served: Served) -> None:
    rows = (MessageSpec(role="placeholder", template="history"), MessageSpec(role="human", template="{topic}"))
    chain = simulated().model_copy(update={"messages": rows})
    history: JsonValue = [{"role": "human", "content": "hi"}, {"role": "ai", "content": "hello"}]
    log = finish(served.engine, request(chain, inputs=[{"topic": "rain", "history": history}]))
    assert served.engine.record(log.run)["status"] == "done"


@pytest.mark.parametrize("sent", [b"\xff\xfe{", b"[" * 100_000, b"1" * 5_000], ids=["no UTF-8", "deep", "long number"])
@pytest.mark.parametrize("path", ["/api/runs", "/api/chat"])
async def test_bytes_that_cannot_be_read_are_an_invalid_request(served: Served, path: str, sent: bytes) -> None:
    answer = await served.post(path, sent)
    assert (answer.status_code, error(answer)["code"]) == (422, "invalid_request")


async def test_the_engine_is_never_asked_for_on_the_servers_own_loop(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = finish(served.engine, request(simulated())).run
    threads: list[str] = []

    def noted() -> Engine:
        threads.append(threading.current_thread().name)
        return served.engine

    monkeypatch.setattr(opened, "_engine", noted)
    assert (await served.get(f"/api/runs/{run}/events")).status_code == 200
    async with connect(served.live, proxy=None) as live:
        await live.send(json.dumps({"op": "follow", "run": run}))
        await live.recv()
    assert threads
    assert "server" not in threads
