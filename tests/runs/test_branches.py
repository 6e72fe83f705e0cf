"""Parallel branches in the engine: at once, apart from one another, in batch too; and what the record says of each."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import JsonValue

from chains.events import Chunk, Happening, ItemEnded, ItemStarted, Retry, StepEnded, StepStarted
from chains.metrics import is_text
from chains.outcomes import Refused
from chains.spec import ChainSpec, Inputs
from chains.templates.problems import RefusedTemplate
from runs.engine import Engine
from runs.log import RunLog
from tests.support.asked import bare, branched, parsed, remote, request, simulated, slow
from tests.support.behaviours import SCRIPT, answers, by_prompt, silent
from tests.support.engines import finish, items, opened, until
from tests.support.provider import Exchange, Provider

NOTHING: list[Inputs] = [{}]
USE, BUY = "How do I use it?", "Where do I buy it?"


def two(provider: Provider, /, model: str = "branches", **parameters: JsonValue) -> ChainSpec:
    """Two branches that share no message, on a model of a provider."""
    return branched(bare(remote(provider.url, model, **parameters)), use=USE, buy=BUY)


def steps(item: dict[str, JsonValue]) -> dict[str, dict[str, JsonValue]]:
    """The branches of an item, by name."""
    found = item["steps"]
    assert isinstance(found, list)
    return {str(step["name"]): step for step in found if isinstance(step, dict)}


def column(item: dict[str, JsonValue], field: str) -> list[JsonValue]:
    return [step[field] for step in steps(item).values()]


@pytest.fixture
def provider_of_two(provider: Provider) -> Provider:
    provider.script["branches"] = by_prompt(
        {USE: answers(["쓰", "임"], pause=0.02), BUY: answers(["b", "u", "y"], pause=0.02)}
    )
    return provider


def test_two_branches_are_asked_at_once_and_stream_side_by_side(engine: Engine, provider_of_two: Provider) -> None:
    log = finish(engine, request(two(provider_of_two), inputs=NOTHING))
    assert provider_of_two.most_at_once == 2
    asked = [each.body["messages"] for each in provider_of_two.requests]
    assert sorted(str(messages) for messages in asked) == sorted(
        str([{"content": text, "role": "user"}]) for text in (USE, BUY)
    )
    order = [what.step for what in _happened(log) if isinstance(what, Chunk) and what.text]
    assert sum(before != after for before, after in pairwise(order)) > 1
    (item,) = items(engine.record(log.run))
    assert (item["status"], item["text"]) == ("done", "# use\n\n쓰임\n\n# buy\n\nbuy")
    assert column(item, "text") == ["쓰임", "buy"]
    assert item["value"] == {"use": "쓰임", "buy": "buy"}


def test_every_branch_has_a_beginning_its_chunks_and_one_end(engine: Engine, provider_of_two: Provider) -> None:
    log = finish(engine, request(two(provider_of_two), inputs=NOTHING))
    kinds = [type(what) for what in _happened(log)]
    assert kinds.count(ItemStarted) == kinds.count(ItemEnded) == 1
    assert kinds[1] is ItemStarted
    for name in ("use", "buy"):
        own = [what for what in _happened(log) if getattr(what, "step", None) == name]
        assert (type(own[0]), type(own[-1])) == (StepStarted, StepEnded)
        ended = own[-1]
        assert isinstance(ended, StepEnded)
        assert (ended.status, ended.finish_reason, ended.attempts) == ("done", "stop", 1)
        assert sum(isinstance(what, Chunk) for what in own) == len(own) - 3


def test_figures_and_usage_are_each_branch_s_own_and_the_item_s_are_of_both(
    engine: Engine, provider_of_two: Provider
) -> None:
    log = finish(engine, request(two(provider_of_two), inputs=NOTHING))
    (item,) = items(engine.record(log.run))
    figures = [metrics for metrics in column(item, "metrics") if isinstance(metrics, dict)]
    whole = item["metrics"]
    assert isinstance(whole, dict)
    assert [each["chunks"] for each in figures] == [2, 3]
    assert whole["chunks"] == 5 == sum(is_text(what) for what in _happened(log))
    assert [each["tokens"] for each in figures] == [4, 4]
    assert (whole["tokens"], whole["tokens_estimated"]) == (8, False)
    assert item["usage"] == {"input_tokens": 14, "output_tokens": 8, "total_tokens": 22}
    texts = [event.at for event in log.events if is_text(event.what)]
    start = next(event.at for event in log.events if isinstance(event.what, ItemStarted))
    assert whole["e2e_ms"] == pytest.approx(texts[-1] - start, abs=0.001)
    for name, each in zip(("use", "buy"), figures, strict=True):
        own = [event for event in log.events if getattr(event.what, "step", None) == name]
        first = next(event.at for event in own if is_text(event.what))
        assert each["ttft_ms"] == pytest.approx(first - own[0].at, abs=0.001)
        assert each["close_ms"] == pytest.approx(own[-1].at - own[0].at, abs=0.001)


def test_a_branch_that_fails_stops_no_other(engine: Engine, provider: Provider) -> None:
    provider.script["branches"] = by_prompt({USE: SCRIPT["broken"], BUY: answers(pause=0.02)})
    record = engine.record(finish(engine, request(two(provider, max_retries=0), inputs=NOTHING)).run)
    (item,) = items(record)
    assert (record["status"], item["status"]) == ("incomplete", "incomplete")
    assert column(item, "status") == ["failed", "done"]
    assert column(item, "text") == ["", "One two three."]
    error, own = item["error"], steps(item)["use"]["error"]
    assert isinstance(error, dict)
    assert isinstance(own, dict)
    assert (error["message"], own["code"]) == ("These branches failed: use.", "server_error")
    assert "value" not in item


def test_an_item_fails_when_every_branch_does(engine: Engine, provider: Provider) -> None:
    record = engine.record(finish(engine, request(two(provider, "wrong-key"), inputs=NOTHING)).run)
    assert record["status"] == "failed"
    assert column(items(record)[0], "status") == ["failed", "failed"]


def test_a_branch_without_a_finish_reason_leaves_the_item_incomplete(engine: Engine, provider: Provider) -> None:
    provider.script["branches"] = by_prompt({USE: answers(finish=None), BUY: answers()})
    (item,) = items(engine.record(finish(engine, request(two(provider), inputs=NOTHING)).run))
    assert (item["status"], column(item, "status")) == ("incomplete", ["incomplete", "done"])


def test_each_branch_has_attempts_of_its_own(engine: Engine, provider: Provider) -> None:
    refused = []

    async def limited_once(exchange: Exchange) -> None:
        refused.append(exchange)
        await (SCRIPT["limited"] if len(refused) == 1 else answers())(exchange)

    provider.script["branches"] = by_prompt({USE: limited_once, BUY: answers()})
    log = finish(engine, request(two(provider), inputs=NOTHING))
    ends = {what.step: what.attempts for what in _happened(log) if isinstance(what, StepEnded)}
    assert ends == {"use": 2, "buy": 1}
    assert [what.step for what in _happened(log) if isinstance(what, Retry)] == ["use"]
    assert items(engine.record(log.run))[0]["status"] == "done"


def test_stop_closes_the_connection_of_every_branch_and_keeps_their_texts(engine: Engine, provider: Provider) -> None:
    provider.script["branches"] = by_prompt({USE: SCRIPT["slow"], BUY: SCRIPT["slow"]})
    log = engine.log(engine.start(request(two(provider), inputs=NOTHING)))
    until(lambda: {what.step for what in _happened(log) if isinstance(what, Chunk) and what.text} == {"use", "buy"})
    began = time.perf_counter()
    engine.stop(log.run)
    assert max(each.closing(began) for each in provider.requests) <= 0.15
    until(lambda: log.ended)
    (item,) = items(engine.record(log.run))
    assert (item["status"], column(item, "status")) == ("stopped", ["stopped", "stopped"])
    assert all(str(text).startswith("tick ") for text in column(item, "text"))
    assert sum(isinstance(what, StepEnded) for what in _happened(log)) == 2


def test_a_branch_that_had_ended_stays_done_when_the_rest_is_stopped(engine: Engine, provider: Provider) -> None:
    provider.script["branches"] = by_prompt({USE: answers(), BUY: silent})
    log = engine.log(engine.start(request(two(provider), inputs=NOTHING)))
    until(lambda: any(isinstance(what, StepEnded) for what in _happened(log)))
    engine.stop(log.run)
    until(lambda: log.ended)
    assert column(items(engine.record(log.run))[0], "status") == ["done", "stopped"]


def test_a_batch_runs_every_branch_of_every_input(engine: Engine, provider: Provider) -> None:
    provider.script["branches"] = by_prompt(
        {
            f"{verb} {thing}": answers([verb, " ", thing], pause=0.02)
            for verb in ("use", "buy")
            for thing in ("차", "b", "c")
        }
    )
    chain = branched(bare(remote(provider.url, "branches")), use="use {thing}", buy="buy {thing}")
    inputs: list[Inputs] = [{"thing": thing} for thing in ("차", "b", "c")]
    log = finish(engine, request(chain, mode="batch", inputs=inputs, max_concurrency=2))
    record = engine.record(log.run)
    assert record["status"] == "done"
    assert [item["value"] for item in items(record)] == [
        {"use": f"use {thing}", "buy": f"buy {thing}"} for thing in ("차", "b", "c")
    ]
    assert len(provider.requests) == 6
    assert provider.most_at_once == 4


def test_an_invoked_branch_is_one_chunk(engine: Engine, provider_of_two: Provider) -> None:
    log = finish(engine, request(two(provider_of_two), mode="invoke", inputs=NOTHING))
    assert [(what.step, what.text) for what in _happened(log) if isinstance(what, Chunk)] == [
        ("use", "쓰임"),
        ("buy", "buy"),
    ]


def test_the_json_parser_s_value_is_an_object_of_the_branches(engine: Engine, provider: Provider) -> None:
    provider.script["branches"] = by_prompt({USE: answers(['{"a":', " 1}"]), BUY: answers(["null"])})
    chain = parsed(two(provider), "json")
    (item,) = items(engine.record(finish(engine, request(chain, inputs=NOTHING)).run))
    assert item["value"] == {"use": {"a": 1}, "buy": None}


def test_every_branch_counts_as_a_connection(engine: Engine, provider: Provider) -> None:
    chain = branched(bare(remote(provider.url, "silent")), use=USE, buy=BUY, see="Look")
    asked = request(chain, mode="batch", inputs=NOTHING * 100, max_concurrency=100)
    log = engine.log(engine.start(asked))
    provider.wait_for(200, within=20)
    assert sum(isinstance(what, StepStarted) for what in _happened(log)) == 200
    engine.stop(log.run)
    until(lambda: log.ended, within=20)
    assert provider.most_at_once == 200
    statuses = [status for item in items(engine.record(log.run)) for status in column(item, "status")]
    assert statuses == ["stopped"] * 300


def test_a_record_survives_the_store(tmp_path: Path) -> None:
    with opened(tmp_path) as engine:
        log = finish(engine, request(branched(simulated("Be kind to {topic}."), use="Use {topic}", buy="Buy {topic}")))
        live = engine.record(log.run)
    with opened(tmp_path) as again:
        assert again.record(log.run) == live


def test_a_running_branch_is_told_apart_from_one_that_waits(engine: Engine) -> None:
    log = engine.log(engine.start(request(branched(bare(slow()), use="Use {topic}", buy="Buy {topic}"))))
    until(lambda: sum(isinstance(what, StepStarted) for what in _happened(log)) == 2)
    assert column(items(engine.record(log.run))[0], "status") == ["running", "running"]
    engine.stop(log.run)
    until(lambda: log.ended)


def test_a_problem_in_any_branch_is_refused_with_its_row_before_anything_is_sent(engine: Engine) -> None:
    with pytest.raises(RefusedTemplate) as refused:
        engine.start(request(branched(simulated("Be kind."), use="Use {topic}", buy="\nBuy {")))
    assert (refused.value.problems[0].row, refused.value.line, refused.value.column) == (2, 2, 5)


def test_a_variable_of_any_branch_is_asked_for(engine: Engine) -> None:
    with pytest.raises(Refused) as missing:
        engine.start(request(branched(bare(simulated()), use="Use {topic}", buy="Buy {thing}")))
    assert missing.value.outcome.message == "No value for thing."


def _happened(log: RunLog) -> list[Happening]:
    return [event.what for event in log.events]
