"""Many inputs in one run: lanes, order, failures, the cap on connections, memory."""

import asyncio
import time

import psutil  # type: ignore[import-untyped]

from chains.events import ItemEnded, ItemStarted
from chains.spec import Inputs
from runs.engine import Engine
from runs.log import RunLog
from runs.store.filter import Filter
from tests.support.asked import remote, request, simulated
from tests.support.behaviours import SCRIPT, answers
from tests.support.engines import finish, items, until
from tests.support.provider import Exchange, Provider

NOTHING: list[Inputs] = [{}]


def test_stop_ends_every_item_of_a_batch_that_is_under_way(engine: Engine, provider: Provider) -> None:
    asked = request(remote(provider.url, "silent"), mode="batch", inputs=NOTHING * 10, max_concurrency=4)
    log = engine.log(engine.start(asked))
    provider.wait_for(4)
    began = time.perf_counter()
    engine.stop(log.run)
    assert max(each.closing(began) for each in provider.requests) <= 0.15
    until(lambda: log.ended)
    assert len(provider.requests) == 4
    assert [item["status"] for item in items(engine.record(log.run))] == ["stopped"] * 10


def test_a_batch_never_runs_more_at_once_than_it_may(engine: Engine, provider: Provider) -> None:
    provider.script["brief"] = _brief
    finish(engine, request(remote(provider.url, "brief"), mode="batch", inputs=NOTHING * 30, max_concurrency=4))
    assert len(provider.requests) == 30
    assert provider.most_at_once == 4


def test_a_batch_is_listed_with_its_makespan(engine: Engine) -> None:
    asked = request(
        simulated(ttft_ms=20, max_tokens=5), mode="batch", inputs=[{"topic": "rain"}] * 4, max_concurrency=1
    )
    log = finish(engine, asked)
    until(lambda: engine.find(Filter(), limit=1)[0][0].e2e_ms is not None)
    record, ((kept,), _) = engine.record(log.run), engine.find(Filter(), limit=1)
    metrics = record["metrics"]
    assert isinstance(metrics, dict)
    assert kept.e2e_ms == metrics["makespan_ms"]


def test_one_failure_does_not_stop_the_others(engine: Engine, provider: Provider) -> None:
    provider.script["odd"] = _fails_every_third
    log = finish(
        engine, request(remote(provider.url, "odd", max_retries=0), mode="batch", inputs=NOTHING * 9, max_concurrency=1)
    )
    record = engine.record(log.run)
    assert record["status"] == "done"
    assert [item["status"] for item in items(record)] == ["failed", "done", "done"] * 3
    assert [item["text"] for item in items(record)][:3] == ["", "One two three.", "One two three."]


def test_a_batch_without_a_success_has_failed(engine: Engine, provider: Provider) -> None:
    asked = request(remote(provider.url, "wrong-key"), mode="batch", inputs=NOTHING * 3)
    assert engine.record(finish(engine, asked).run)["status"] == "failed"


def test_results_stand_in_the_order_of_the_inputs(engine: Engine) -> None:
    chain = simulated("{word}", ttft_ms=1)
    words = [f"word-{number}" for number in range(40)]
    asked = request(chain, mode="batch", inputs=[{"word": word} for word in words], max_concurrency=7)
    record = engine.record(finish(engine, asked).run)
    assert [item["index"] for item in items(record)] == list(range(40))
    alone = [items(engine.record(finish(engine, request(chain, inputs=[{"word": words[n]}])).run))[0] for n in (0, 39)]
    assert [items(record)[n]["text"] for n in (0, 39)] == [item["text"] for item in alone]


def test_an_item_without_a_value_fails_by_name_and_the_others_run(engine: Engine) -> None:
    inputs = [{"topic": "rain"}, {"other": "x"}, {"topic": "snow"}]
    record = engine.record(finish(engine, request(simulated(), mode="batch", inputs=inputs)).run)
    assert [item["status"] for item in items(record)] == ["done", "failed", "done"]
    error = items(record)[1]["error"]
    assert isinstance(error, dict)
    assert (error["code"], error["message"]) == ("missing_variable", "No value for topic.")


def test_200_connections_at_once_are_the_most_of_all_runs_together(engine: Engine, provider: Provider) -> None:
    asked = request(remote(provider.url, "silent"), mode="batch", inputs=NOTHING * 150, max_concurrency=150)
    runs = [engine.start(asked), engine.start(asked)]
    provider.wait_for(200, within=20)
    logs = [engine.log(run) for run in runs]
    assert [_started(log) for log in logs] == [150, 50]
    engine.stop(runs[0])
    until(lambda: _started(logs[1]) == 150)
    assert provider.most_at_once == 200
    engine.stop(runs[1])
    until(lambda: all(log.ended for log in logs))


def test_ten_thousand_inputs_complete_in_little_memory(engine: Engine) -> None:
    inputs = [{"topic": str(number)} for number in range(10_000)]
    asked = request(simulated(max_tokens=2), mode="batch", inputs=inputs, max_concurrency=200)
    before = psutil.Process().memory_info().rss
    log = finish(engine, asked, within=60)
    grown = psutil.Process().memory_info().rss - before
    ended = [event.what.status for event in log.events if isinstance(event.what, ItemEnded)]
    assert ended == ["done"] * 10_000
    assert grown < 150_000_000


async def _brief(exchange: Exchange) -> None:
    await asyncio.sleep(0.01)
    await exchange.json(400, {"error": {"message": "brief", "type": "x", "code": "x", "param": None}})


async def _fails_every_third(exchange: Exchange) -> None:

    await SCRIPT["wrong-key" if exchange.number % 3 == 0 else "good"](exchange)


def _started(log: RunLog) -> int:
    return sum(isinstance(event.what, ItemStarted) for event in log.events)


def test_a_batch_is_never_incomplete_and_a_single_run_is(engine: Engine, provider: Provider) -> None:
    provider.script["bare"] = answers(["no finish reason"], finish=None)
    ends = [
        engine.record(finish(engine, request(remote(provider.url, "bare"), mode=mode, inputs=[{}])).run)["status"]
        for mode in ("stream", "batch")
    ]
    assert ends == ["incomplete", "failed"]
