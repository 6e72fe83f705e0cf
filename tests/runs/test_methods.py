"""Runs by LangChain's own methods: the same text, the same events and the same record as the engine's."""

import itertools
import json
from pathlib import Path

import pytest
from pydantic import JsonValue, SecretStr

import runs.engine
from chains.events import Chunk, ItemEnded, ItemStarted, Usage
from chains.spec import ChainSpec, Mode, Parser, RunWith
from runs.engine import Engine
from tests.support.asked import parsed, remote, request, simulated
from tests.support.behaviours import answers, error
from tests.support.engines import figures, finish, items, opened, until
from tests.support.provider import Exchange, Provider

WAYS: tuple[RunWith, ...] = ("sync", "async")
OWN = pytest.mark.parametrize("way", WAYS)
MODES: tuple[Mode, ...] = ("invoke", "batch", "stream")
SIX = pytest.mark.parametrize(
    ("mode", "way"),
    list(itertools.product(MODES, WAYS)),
    ids=["invoke", "ainvoke", "batch", "abatch", "stream", "astream"],
)
TOPICS: list[dict[str, JsonValue]] = [{"topic": topic} for topic in ("rain", "ice", "sun")]


def asked(engine: Engine, chain: ChainSpec, mode: Mode, way: RunWith) -> list[dict[str, JsonValue]]:
    """The items of a run's record."""
    inputs = TOPICS if mode == "batch" else TOPICS[:1]
    log = finish(engine, request(chain, mode=mode, inputs=inputs, run_with=way))
    instants = [event.at for event in log.events]
    assert instants == sorted(instants)
    return items(engine.record(log.run))


@SIX
@pytest.mark.parametrize("parser", ["text", "message"])
def test_each_method_gives_the_engine_s_text_with_usage_and_finish_reason(
    engine: Engine, provider: Provider, mode: Mode, way: RunWith, parser: str
) -> None:
    for chain in (simulated(), remote(provider.url, "reasons")):
        theirs, ours = (
            asked(engine, chain.model_copy(update={"parser": parser}), mode, each) for each in (way, "engine")
        )
        for name in ("status", "text", "finish_reason", "usage", "error"):
            assert [item[name] for item in theirs] == [item[name] for item in ours]


@SIX
def test_each_method_calls_the_provider_as_its_name_says(
    engine: Engine, provider: Provider, mode: Mode, way: RunWith
) -> None:
    asked(engine, remote(provider.url), mode, way)
    bodies = [sent.body for sent in provider.requests]
    assert [bool(body.get("stream")) for body in bodies] == [mode == "stream"] * (3 if mode == "batch" else 1)


@SIX
def test_json_comes_as_the_parser_s_value(engine: Engine, provider: Provider, mode: Mode, way: RunWith) -> None:
    provider.script["json"] = answers(['{"a": "x', "y", '", "b": [1', ", 2]", "}"])
    for item in asked(engine, parsed(remote(provider.url, "json"), "json"), mode, way):
        assert (item["status"], item["value"]) == ("done", {"a": "xy", "b": [1, 2]})
        assert item["text"] == '{"a": "xy", "b": [1, 2]}'


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("way", ["engine", *WAYS])
@pytest.mark.parametrize("parser", ["text", "message", "json"])
def test_a_key_that_a_server_repeats_is_in_no_event(
    engine: Engine, provider: Provider, mode: Mode, way: RunWith, parser: Parser
) -> None:
    key = "sk-typed-secret-20"
    reasoning = f"You sent Bearer {key}."
    provider.script["echo"] = answers([json.dumps({"key": f"It is {key}."})], reasoning=reasoning)
    asked = request(parsed(remote(provider.url, "echo"), parser), mode=mode, run_with=way)
    log = engine.log(engine.start(asked, SecretStr(key)))
    until(lambda: log.ended)
    assert provider.last.headers["authorization"] == f"Bearer {key}"
    kept = repr(engine.record(log.run)) + "".join(log.lines(0, log.length))
    assert "It is" in kept
    assert key not in kept


@pytest.mark.parametrize("way", ["engine", *WAYS])
@pytest.mark.parametrize("parser", ["text", "message", "json"])
def test_a_key_that_comes_in_three_chunks_is_in_no_event_and_its_end_alone_is_told(
    engine: Engine, provider: Provider, way: RunWith, parser: Parser
) -> None:
    key = "sk-typed-secret-20"
    texts = ['["It is ', key[:7], key[7:12], f"{key[12:]}, or ", key[:9], '"]']
    provider.script["echo"] = answers(texts)
    asked = request(parsed(remote(provider.url, "echo"), parser), run_with=way)
    log = engine.log(engine.start(asked, SecretStr(key)))
    until(lambda: log.ended)
    assert items(engine.record(log.run))[0]["text"] == f'["It is {key[:4]}…, or {key[:9]}"]'
    assert key not in "".join(log.lines(0, log.length))


@pytest.mark.parametrize("way", ["engine", *WAYS])
def test_an_answer_that_ends_like_a_key_begins_is_told_to_its_end(
    engine: Engine, provider: Provider, way: RunWith
) -> None:
    key = "sk-typed-secret-20"
    provider.script["echo"] = answers(["It is ", key[:9]])
    log = engine.log(engine.start(request(remote(provider.url, "echo"), run_with=way), SecretStr(key)))
    until(lambda: log.ended)
    assert items(engine.record(log.run))[0]["text"] == f"It is {key[:9]}"


@OWN
def test_a_json_stream_shows_how_the_value_grows(engine: Engine, provider: Provider, way: RunWith) -> None:
    provider.script["json"] = answers(['{"a": "x', "y", '", "b": [1', ", 2]", "}"])
    log = finish(engine, request(parsed(remote(provider.url, "json"), "json"), run_with=way))
    texts = [event.what.text for event in log.events if isinstance(event.what, Chunk)]
    assert texts == ['{"a": "x', "y", '", "b": [1', ", 2", "]}"]


@SIX
def test_what_is_no_json_is_the_outcome_and_langchain_s_message_keeps_the_text(
    engine: Engine, provider: Provider, mode: Mode, way: RunWith
) -> None:
    inputs = TOPICS if mode == "batch" else TOPICS[:1]
    log = finish(engine, request(parsed(remote(provider.url), "json"), mode=mode, inputs=inputs, run_with=way))
    for event in log.events:
        if isinstance(event.what, ItemEnded):
            assert event.what.error is not None
            assert event.what.error["code"] == "parser_failed"
            assert event.what.message is not None
            assert event.what.message.get("content") == ("One two three." if mode == "stream" else None)


@OWN
def test_after_the_text_parser_chunks_are_bare_and_before_any_they_have_kinds(
    engine: Engine, provider: Provider, way: RunWith
) -> None:
    kinds = {}
    for parser in ("text", "message"):
        chain = remote(provider.url, "reasons").model_copy(update={"parser": parser})
        log = finish(engine, request(chain, run_with=way))
        kinds[parser] = {event.what.kind for event in log.events if isinstance(event.what, Chunk)}
    assert kinds["text"] == {"text"}
    assert {"role", "reasoning", "text", "finish"} <= kinds["message"]


@SIX
@pytest.mark.parametrize(
    ("model", "code"),
    [("limited", "rate_limited"), ("wrong-key", "wrong_key"), ("cut", "cut"), ("page", "not_an_api")],
)
def test_a_failure_is_an_outcome_and_is_not_tried_again(
    engine: Engine, provider: Provider, mode: Mode, way: RunWith, model: str, code: str
) -> None:
    for item in asked(engine, remote(provider.url, model), mode, way):
        assert item["status"] == "failed"
        assert isinstance(item["error"], dict)
        assert item["error"]["code"] == code
        assert item["text"] == ("One two" if (model, mode) == ("cut", "stream") else "")
    assert len(provider.requests) == (3 if mode == "batch" else 1)


@SIX
@pytest.mark.parametrize("fault", ["rate_limited", "truncated"])
def test_the_simulated_model_s_faults_are_the_engine_s_outcomes(
    engine: Engine, mode: Mode, way: RunWith, fault: str
) -> None:
    chain = simulated(fault=fault, max_retries=0)
    theirs, ours = asked(engine, chain, mode, way), asked(engine, chain, mode, "engine")
    assert [(item["status"], item["error"], item["text"]) for item in theirs] == [
        (item["status"], item["error"], item["text"]) for item in ours
    ]


async def _fails_on_ice(exchange: Exchange) -> None:
    if "ice" in str(exchange.request.body["messages"]):
        await exchange.json(401, error("Incorrect API key provided", "invalid_api_key"))
    else:
        await answers()(exchange)


@OWN
def test_one_failing_row_does_not_fail_the_others(engine: Engine, provider: Provider, way: RunWith) -> None:
    provider.script["picky"] = _fails_on_ice
    chain = remote(provider.url, "picky").model_copy(update={"messages": simulated().messages})
    found = asked(engine, chain, "batch", way)
    assert [item["status"] for item in found] == ["done", "failed", "done"]
    assert isinstance(found[1]["error"], dict)
    assert found[1]["error"]["code"] == "wrong_key"


@OWN
def test_a_row_without_its_value_fails_and_is_not_sent(engine: Engine, provider: Provider, way: RunWith) -> None:
    chain = remote(provider.url).model_copy(update={"messages": simulated().messages})
    log = finish(engine, request(chain, mode="batch", inputs=[{"topic": "rain"}, {}], run_with=way))
    record = engine.record(log.run)
    assert [item["status"] for item in items(record)] == ["done", "failed"]
    assert len(provider.requests) == 1
    assert record["status"] == "done"


@OWN
def test_a_batch_runs_so_many_at_once_and_hands_all_over_at_the_end(
    engine: Engine, provider: Provider, way: RunWith
) -> None:
    provider.script["paced"] = answers(pause=0.02)
    inputs = [{"number": str(number)} for number in range(6)]
    chain = remote(provider.url, "paced")
    log = finish(engine, request(chain, mode="batch", inputs=inputs, max_concurrency=2, run_with=way))
    assert provider.most_at_once == 2
    what = [event.what for event in log.events]
    first_end = next(number for number, each in enumerate(what) if isinstance(each, ItemEnded))
    assert not [each for each in what[first_end:] if isinstance(each, ItemStarted | Chunk)]
    starts = [event.at for event in log.events if isinstance(event.what, ItemStarted)]
    spans = [figures(item)["e2e_ms"] for item in items(engine.record(log.run))]
    assert starts[4] - starts[0] > 100
    assert all(isinstance(span, float) and 70 < span < 1_000 for span in spans)


@SIX
def test_the_limit_for_the_whole_run_holds(engine: Engine, provider: Provider, mode: Mode, way: RunWith) -> None:
    chain = remote(provider.url, "endless", run_timeout_s=0.3)
    for item in asked(engine, chain, mode, way):
        assert isinstance(item["error"], dict)
        assert item["error"]["code"] == "timeout"


@OWN
def test_a_stream_that_falls_silent_is_stalled_with_its_text(engine: Engine, provider: Provider, way: RunWith) -> None:
    (item,) = asked(engine, remote(provider.url, "stalls", chunk_timeout_s=0.2), "stream", way)
    assert isinstance(item["error"], dict)
    assert (item["error"]["code"], item["text"]) == ("stalled", "One two")


@SIX
def test_the_cap_on_an_answer_holds_and_closes_the_connection(
    engine: Engine, provider: Provider, mode: Mode, way: RunWith
) -> None:
    for item in asked(engine, remote(provider.url, "huge"), mode, way):
        assert isinstance(item["error"], dict)
        assert item["error"]["code"] == "answer_too_long"
        assert 1_800_000 <= len(str(item["text"])) <= 2_000_000
    if mode == "stream":
        provider.last.closing(0.0)


@OWN
def test_usage_is_told_before_the_end(engine: Engine, provider: Provider, way: RunWith) -> None:
    log = finish(engine, request(remote(provider.url), run_with=way))
    assert [type(event.what) for event in log.events[-3:-1]] == [Usage, ItemEnded]


def test_a_sync_stream_in_its_thread_does_not_hold_up_another_run(engine: Engine) -> None:
    other = engine.log(engine.start(request(simulated(tokens_per_second=200, min_tokens=2_000))))
    until(lambda: other.length > 20)
    begun = other.length
    finish(engine, request(simulated(ttft_ms=500), run_with="sync"))
    instants = [event.at for event in other.events[begun:]]
    engine.stop(other.run)
    assert len(instants) > 50
    assert max(after - before for before, after in itertools.pairwise(instants)) < 250


@OWN
def test_a_batch_by_a_method_takes_as_many_connections_as_it_has_calls_at_once(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch, way: RunWith
) -> None:
    monkeypatch.setattr(runs.engine, "CONNECTIONS", 4)
    with opened(tmp_path) as engine:
        provider.script["short"] = answers(pause=0.01)
        chain = remote(provider.url, "short")
        for each in (way, "engine", "sync", "async"):
            engine.start(request(chain, mode="batch", inputs=[{}] * 6, max_concurrency=3, run_with=each))
        until(lambda: engine.active == 0, within=30)
    assert (len(provider.requests), provider.most_at_once) == (24, 4)


def test_a_wait_for_connections_that_a_batch_holds_is_no_silence_of_the_model(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs.engine, "CONNECTIONS", 2)
    with opened(tmp_path) as engine:
        silent = remote(provider.url, "silent")
        holding = engine.start(request(silent, mode="batch", inputs=[{}] * 2, max_concurrency=200, run_with="async"))
        provider.wait_for(2)
        waiting = engine.log(engine.start(request(remote(provider.url, chunk_timeout_s=0.1, max_retries=0))))
        until(lambda: waiting.now_ms() > 300)
        assert waiting.length == 1
        engine.stop(holding)
        until(lambda: waiting.ended)
        (item,) = items(engine.record(waiting.run))
        assert (item["status"], provider.most_at_once) == ("done", 2)
        ttft = figures(item)["ttft_ms"]
        assert isinstance(ttft, float)
        assert ttft < 200
