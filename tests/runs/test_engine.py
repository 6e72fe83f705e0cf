"""Runs on the one loop: started, stopped, batched, kept."""

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from chains.events import ItemEnded, Retry, RunEnded, RunStarted
from chains.outcomes import Refused
from chains.spec import ChainSpec, Inputs, Mode
from runs.engine import Engine
from runs.errors import UnknownRun
from runs.keeper import Keeper
from runs.store.filter import Filter
from tests.support.asked import remote, request, simulated, slow
from tests.support.engines import figures, finish, items, opened, until
from tests.support.provider import Provider

NOTHING: list[Inputs] = [{}]


@pytest.mark.parametrize("mode", ["stream", "invoke"])
@pytest.mark.parametrize("model", ["silent", "stalls", "endless"])
def test_stop_closes_the_provider_s_connection_within_100_ms(
    engine: Engine, provider: Provider, mode: Mode, model: str
) -> None:
    log = engine.log(engine.start(request(remote(provider.url, model), mode=mode, inputs=NOTHING)))
    asked = provider.wait_for(1)
    if mode == "stream" and model != "silent":
        until(lambda: len(log.events) > 4)
    began = time.perf_counter()
    engine.stop(log.run)
    assert asked.closing(began) <= 0.1
    until(lambda: log.ended)
    record = engine.record(log.run)
    assert (record["status"], items(record)[0]["status"]) == ("stopped", "stopped")
    assert bool(items(record)[0]["text"]) is (mode == "stream" and model != "silent")


def test_stop_in_the_wait_before_another_attempt_ends_the_run_at_once(engine: Engine, provider: Provider) -> None:
    log = engine.log(engine.start(request(remote(provider.url, "limited"), inputs=NOTHING)))
    until(lambda: any(isinstance(event.what, Retry) for event in log.events))
    began = time.perf_counter()
    engine.stop(log.run)
    until(lambda: log.ended)
    assert time.perf_counter() - began < 0.3
    assert (len(provider.requests), engine._connections.taken) == (1, 0)
    assert items(engine.record(log.run))[0]["status"] == "stopped"


def test_an_end_of_keeping_is_told_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def ends(keeper: Keeper) -> None:
        raise MemoryError

    monkeypatch.setattr(Keeper, "keep", ends)
    with opened(tmp_path):
        until(lambda: "runs are not kept any more" in caplog.text)


def test_an_item_stopped_in_a_later_attempt_is_kept_with_their_number(engine: Engine) -> None:
    log = engine.log(engine.start(request(simulated(fault="rate_limited"))))
    until(lambda: sum(isinstance(event.what, Retry) for event in log.events) == 2)
    engine.stop(log.run)
    until(lambda: log.ended)
    ended = log.events[-2].what
    assert isinstance(ended, ItemEnded)
    assert (ended.status, ended.attempts) == ("stopped", 2)
    assert ended.last_attempt_at >= 500


def test_a_run_stopped_before_it_began_is_stopped_and_not_failed(engine: Engine) -> None:
    for _ in range(20):
        run = engine.start(request(slow()))
        log = engine.log(run)
        engine.stop(run)
        until(lambda log=log: log.ended)  # type: ignore[misc]
        assert [type(event.what) for event in (log.events[0], log.events[-1])] == [RunStarted, RunEnded]
        assert engine.record(run)["status"] == "stopped"


def test_presses_of_one_name_are_one_run(engine: Engine) -> None:
    runs: list[str] = []
    threads = [
        threading.Thread(target=lambda: runs.append(engine.start(request(simulated()), press="seat 1")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 8
    assert len(set(runs)) == 1
    assert engine.started("seat 1") == runs[0]
    assert engine.start(request(simulated()), press="seat 2") != runs[0]
    assert engine.find(Filter(), limit=10)[1] == 2


def test_stopping_a_run_that_has_ended_changes_nothing(engine: Engine) -> None:
    log = finish(engine, request(simulated()))
    engine.stop(log.run)
    assert engine.record(log.run)["status"] == "done"


def test_an_unknown_run_is_unknown(engine: Engine) -> None:
    for ask in (engine.log, engine.stop, engine.record, engine.request, engine.delete):
        with pytest.raises(UnknownRun):
            ask("no-such-run")


def test_a_run_s_id_is_128_random_bits(engine: Engine) -> None:
    runs = {engine.start(request(simulated(max_tokens=1))) for _ in range(20)}
    assert len(runs) == 20
    assert {len(run) for run in runs} == {22}


def test_a_finished_log_leaves_memory_and_comes_back_the_same_from_the_store(engine: Engine) -> None:
    log = finish(engine, request(simulated()))
    run, events, record = log.run, list(log.events), engine.record(log.run)
    until(lambda: run not in engine._keeper.logs)
    del log
    until(lambda: run not in engine._logs)
    assert engine.log(run).events == events
    assert engine.record(run) == record


def test_a_run_is_kept_with_its_figures(engine: Engine) -> None:
    log = finish(engine, request(simulated(ttft_ms=20)))
    until(lambda: log.run not in engine._keeper.logs)
    (kept,), total = engine.find(Filter(), limit=10)
    item = items(engine.record(log.run))[0]
    assert (kept.id, kept.status, kept.mode, kept.provider, kept.items, total) == (
        log.run, "done", "stream", "simulated", 1, 1,
    )  # fmt: skip
    assert (kept.ttft_ms, kept.chunks) == (figures(item)["ttft_ms"], figures(item)["chunks"])
    assert str(item["text"]).startswith(kept.preview[:20])


@pytest.mark.parametrize(
    ("chain", "code"),
    [
        (simulated("{"), "bad_template"),
        (simulated("{missing}"), "missing_variable"),
        (simulated(speed=1), "bad_parameter"),
        (remote("ftp://host"), "bad_base_url"),
    ],
)
def test_what_cannot_run_is_refused_and_nothing_is_kept(engine: Engine, chain: ChainSpec, code: str) -> None:
    with pytest.raises(Refused) as refused:
        engine.start(request(chain))
    assert refused.value.outcome.code == code
    assert engine.find(Filter(), limit=10) == ([], 0)


@pytest.mark.parametrize(
    "value", ["half \ud83d", ["deep", {"er": "\ud83d"}], 10**5000], ids=["half a character", "inside", "huge number"]
)
@pytest.mark.parametrize("mode", ["stream", "batch"])
def test_a_value_that_could_not_be_kept_is_refused(engine: Engine, mode: Mode, value: object) -> None:
    asked = request(simulated(), mode=mode).model_copy(update={"inputs": ({"topic": "rain", "unused": value},)})
    with pytest.raises(Refused) as refused:
        engine.start(asked)
    assert refused.value.outcome.code == "bad_value"


def test_a_key_appears_in_no_event_and_in_no_record(engine: Engine, provider: Provider) -> None:
    run = engine.start(request(remote(provider.url, "wrong-key"), inputs=NOTHING), SecretStr("sk-typed-secret"))
    log = engine.log(run)
    until(lambda: log.ended)
    assert provider.last.headers["authorization"] == "Bearer sk-typed-secret"
    assert "sk-typed-secret" not in repr(log.lines(0, len(log.events))) + repr(engine.record(run))


def test_many_threads_may_start_runs_and_forget_them_at_once(engine: Engine) -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(15):
                finish(engine, request(simulated(max_tokens=1)))
                engine.delete_all()
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_whether_a_run_has_ended_is_known_live_and_from_the_store(engine: Engine) -> None:
    run = engine.start(request(slow()))
    assert not engine.has_ended(run)
    engine.stop(run)
    until(lambda: engine.has_ended(run))
    until(lambda: run not in engine._logs)
    assert engine.has_ended(run)
    with pytest.raises(UnknownRun):
        engine.has_ended("no-such-run")


def test_after_closing_nothing_is_kept_and_stopping_does_nothing(engine: Engine) -> None:
    log = finish(engine, request(simulated()))
    engine.close()
    engine.stop(log.run)
    engine._closing = False  # As a start that passed the check just before.
    with pytest.raises(Refused):
        engine.start(request(simulated()))
    assert engine.find(Filter(), limit=10)[1] == 1
    engine._closing = True


def test_closing_lets_go_of_connections_also_when_the_store_fails(
    tmp_path: Path, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(tmp_path) as engine:
        engine.start(request(remote(provider.url, "silent"), inputs=NOTHING))
        provider.wait_for(1)
        with sqlite3.connect(tmp_path / "playground.sqlite3", timeout=10) as broken:
            broken.execute("DROP TABLE segments")
        broken.close()
    assert engine._pool.clients == {}
    assert "the store failed" in caplog.text


def test_a_run_after_another_stays_queued_until_that_has_ended(engine: Engine) -> None:
    first = engine.log(engine.start(request(slow())))
    second = engine.log(engine.start(request(simulated()), after=first.run))
    until(lambda: first.length > 3)
    assert (engine.record(second.run)["status"], second.length) == ("queued", 0)
    engine.stop(first.run)
    until(lambda: second.ended)
    assert engine.record(second.run)["status"] == "done"


def test_a_run_that_waits_for_another_can_be_stopped(engine: Engine) -> None:
    first = engine.log(engine.start(request(slow())))
    second = engine.log(engine.start(request(simulated()), after=first.run))
    engine.stop(second.run)
    until(lambda: second.ended)
    assert engine.record(second.run)["status"] == "stopped"
    assert not first.ended
