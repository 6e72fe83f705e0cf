"""Stop and the end of the process, for runs by LangChain's own methods: what closes, and what goes on by itself."""

import asyncio
import time
from pathlib import Path

import pytest
from pydantic import JsonValue

from chains.events import ItemEnded
from chains.spec import MAX_METHOD_CONCURRENCY, Mode, RunRequest, RunWith
from runs.engine import CONNECTIONS, Engine
from runs.log import RunLog
from tests.support.asked import remote, request
from tests.support.behaviours import delta
from tests.support.engines import finish, items, opened, until
from tests.support.provider import Exchange, Provider

# LangChain's `abatch`, when it is cancelled, forgets the coroutines that wait for their turn.
pytestmark = pytest.mark.filterwarnings("ignore:coroutine 'Runnable.abatch:RuntimeWarning")
MODES = pytest.mark.parametrize("mode", ["invoke", "batch", "stream"])
ROWS = [{"number": str(number)} for number in range(6)]


def stopped(engine: Engine, log: RunLog) -> float:
    """Stops a run; gives the instant, in `perf_counter` seconds."""
    at = time.perf_counter()
    engine.stop(log.run)
    until(lambda: log.ended, within=2)
    assert time.perf_counter() - at < 1
    assert engine.record(log.run)["status"] == "stopped"
    return at


def begun(engine: Engine, provider: Provider, mode: Mode, way: str, model: str = "held") -> RunLog:
    """A run whose first calls have come to the provider, two at once in a batch."""
    inputs = ROWS if mode == "batch" else ROWS[:1]
    asked = request(remote(provider.url, model), mode=mode, inputs=inputs, max_concurrency=2)
    log = engine.log(engine.start(asked.model_copy(update={"run_with": way})))
    provider.wait_for(2 if mode == "batch" else 1)
    if mode == "stream":
        until(lambda: log.length >= 4)
    return log


class Held:
    """A provider's answers that begin and go on only when they are let go."""

    def __init__(self) -> None:
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def let_go(self) -> None:
        for loop, gate in self._waiting:
            loop.call_soon_threadsafe(gate.set)

    async def __call__(self, exchange: Exchange) -> None:
        if exchange.streamed:
            await exchange.begin()
            for text in ("One", " two"):
                await exchange.event(delta(text))
        gate = asyncio.Event()
        self._waiting.append((asyncio.get_running_loop(), gate))
        await gate.wait()
        if not exchange.streamed:
            return
        for text in (" three", "."):
            await exchange.event(delta(text))
        await exchange.event(delta(finish="stop"))
        await exchange.event("[DONE]")
        await exchange.end()


@MODES
def test_stop_of_an_async_method_closes_every_connection(engine: Engine, provider: Provider, mode: Mode) -> None:
    provider.script["held"] = Held()
    log = begun(engine, provider, mode, "async")
    at = stopped(engine, log)
    for sent in list(provider.requests):
        assert sent.closing(at) < 1
    found = items(engine.record(log.run))
    assert {item["status"] for item in found} == {"stopped"}
    assert found[0]["text"] == ("One two" if mode == "stream" else "")


@MODES
def test_stop_of_a_sync_method_ends_the_run_and_the_call_drains_in_its_place(
    engine: Engine, provider: Provider, mode: Mode
) -> None:
    held = provider.script["held"] = Held()
    log = begun(engine, provider, mode, "sync")
    calls = 2 if mode == "batch" else 1
    stopped(engine, log)
    length = log.length
    assert not any(sent.closed.wait(0.2) for sent in provider.requests)
    assert engine._connections.taken == calls
    held.let_go()
    until(lambda: engine._connections.taken == 0)
    assert len(provider.requests) == calls
    assert log.length == length
    ended = [event.what for event in log.events if isinstance(event.what, ItemEnded)]
    assert [what.status for what in ended] == ["stopped"] * calls
    assert items(engine.record(log.run))[0]["text"] == ("One two" if mode == "stream" else "")


def test_what_drains_does_not_go_on_beyond_the_limit_of_its_run(engine: Engine, provider: Provider) -> None:
    chain = remote(provider.url, "endless", run_timeout_s=0.5)
    log = engine.log(engine.start(request(chain, run_with="sync")))
    until(lambda: log.length > 3)
    stopped(engine, log)
    assert not provider.last.closed.is_set()
    provider.last.closing(0.0)
    until(lambda: engine._connections.taken == 0)


def batch_of(provider: Provider, way: RunWith, inputs: int = MAX_METHOD_CONCURRENCY) -> RunRequest:
    """A batch of held calls that asks for every connection at once."""
    given: list[dict[str, JsonValue]] = [{"number": str(number)} for number in range(inputs)]
    chain = remote(provider.url, "held")
    return request(chain, mode="batch", inputs=given, max_concurrency=CONNECTIONS, run_with=way)


def test_a_sync_run_waits_until_connections_are_free_and_can_be_stopped_meanwhile(
    engine: Engine, provider: Provider
) -> None:
    held = provider.script["held"] = Held()
    all_taken = [engine.log(engine.start(batch_of(provider, "sync", inputs=60))) for _ in range(4)]
    until(lambda: engine._connections.taken == CONNECTIONS)
    waiting = engine.log(engine.start(request(remote(provider.url), run_with="sync")))
    until(lambda: waiting.length == 1)
    stopped(engine, waiting)
    for log in all_taken:
        stopped(engine, log)
    held.let_go()
    until(lambda: engine._connections.taken == 0)


def test_a_stranger_s_run_goes_on_while_a_batch_waits_for_its_connections(engine: Engine, provider: Provider) -> None:
    provider.script["held"] = Held()
    one = engine.log(engine.start(request(remote(provider.url, "held"))))
    batches = [engine.log(engine.start(batch_of(provider, "async"))) for _ in range(4)]
    until(lambda: len(provider.requests) == 1 + 3 * MAX_METHOD_CONCURRENCY)
    ways: tuple[RunWith, ...] = ("engine", "sync")
    for way in ways:
        assert engine.record(finish(engine, request(remote(provider.url), run_with=way)).run)["status"] == "done"
    assert [log.length == 1 for log in batches].count(True) == 1
    stopped(engine, one)
    until(lambda: engine._connections.taken == CONNECTIONS)
    for log in batches:
        stopped(engine, log)


@pytest.mark.parametrize("way", ["sync", "async"])
@MODES
def test_closing_the_engine_interrupts_without_waiting_for_what_drains(
    tmp_path: Path, provider: Provider, mode: Mode, way: str
) -> None:
    provider.script["held"] = Held()
    with opened(tmp_path) as engine:
        log = begun(engine, provider, mode, way)
        at = time.perf_counter()
        engine.close()
        assert time.perf_counter() - at < 2
        assert log.ended
    with opened(tmp_path) as again:
        assert again.record(log.run)["status"] == "interrupted"
