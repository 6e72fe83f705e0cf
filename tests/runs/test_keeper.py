"""What logs have gathered reaches the store once, whoever asks for it and whatever else goes wrong."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import runs.keeper
import runs.store.database
import runs.store.store
from chains.events import Chunk, RunEnded, RunStarted, decode_lines
from runs.keeper import Keeper
from runs.log import HELD, RunLog
from runs.record import summarise
from runs.store.filter import Filter
from runs.store.store import Ending, Segment, Store
from tests.support.asked import request, simulated
from tests.support.engines import store_at, until


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(store_at(tmp_path), tmp_path, summarise)
    yield made
    made.close()


def held(keeper: Keeper, run: str, *, kept: bool = True) -> RunLog:
    """A log of five events, in the keeper's hands; without `kept` the store knows no such run."""
    if kept:
        keeper.store.add(run, request(simulated()), 0.0)
    log = RunLog(run)
    keeper.hold(log)
    log.tell(0, RunStarted("stream", 1, "2026-01-01T00:00:00.000+00:00"))
    more(log, 4)
    return log


def more(log: RunLog, chunks: int) -> None:
    for number in range(chunks):
        log.tell(number, Chunk(0, "text", f"{number} "))


async def test_two_flushes_at_once_keep_every_event_once(store: Store) -> None:
    keeper = Keeper(store, 1_000_000)
    log = held(keeper, "a")
    first = asyncio.create_task(keeper.flush())
    await asyncio.sleep(0)
    more(log, 3)
    await asyncio.gather(first, keeper.flush())
    assert decode_lines(store.lines("a")) == log.events
    keeper.close()


async def test_a_run_is_held_until_its_end_is_kept(store: Store) -> None:
    keeper = Keeper(store, 1_000_000)
    log = held(keeper, "a")
    await keeper.flush()
    assert "a" in keeper.logs
    log.tell(9, RunEnded("done"))
    await keeper.flush()
    assert keeper.logs == {}
    assert [run.status for run in store.find(Filter(), limit=9)[0]] == ["done"]
    keeper.close()


async def test_a_run_that_the_store_does_not_take_holds_up_no_other(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = Keeper(store, 1_000_000)
    held(keeper, "deleted by another process", kept=False)
    log = held(keeper, "b")
    await keeper.flush()
    assert decode_lines(store.lines("b")) == log.events
    assert "deleted by another process" in caplog.text
    keeper.close()


async def test_a_run_that_ends_over_the_limit_makes_the_oldest_go(store: Store) -> None:
    keeper = Keeper(store, 3_000)
    for number in range(4):
        log = held(keeper, f"run-{number}")
        log.tell(9, Chunk(0, "text", "x" * 1_000))
        log.tell(9, RunEnded("done"))
        await keeper.flush()
        await keeper.make_room()
    assert sum(run.size for run in store.find(Filter(), limit=9)[0]) <= 3_000
    assert store.find(Filter(), limit=9)[1] in (1, 2)
    keeper.close()


async def test_the_end_of_a_long_run_reads_nothing_back(store: Store) -> None:
    keeper = Keeper(store, 1_000_000_000)
    log = held(keeper, "a")
    for _ in range(3):
        more(log, HELD)
        await keeper.flush()
    with pytest.raises(LookupError):
        log.slice(0, 1)
    log.tell(9, RunEnded("done"))
    await keeper.flush()
    kept = store.find(Filter(), limit=9)[0][0]
    assert kept.chunks == 4 + 3 * HELD
    assert kept.preview.startswith("0 1 2 3 0 1 2 3 4 ")
    keeper.close()


async def test_what_is_written_again_is_summed_up_once(store: Store) -> None:
    keeper = Keeper(store, 1_000_000)
    held(keeper, "deleted by another process", kept=False)
    log = held(keeper, "b")
    await keeper.flush()
    log.tell(9, RunEnded("done"))
    await keeper.flush()
    kept = store.find(Filter(), limit=9)[0][0]
    assert (kept.chunks, kept.preview) == (4, "0 1 2 3")
    keeper.close()


async def test_what_is_new_is_kept_between_two_portions_of_runs_that_go(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs.store.store, "PORTION_RUNS", 2)
    keeper, loop, prune = Keeper(store, 0), asyncio.get_running_loop(), store.prune
    for number in range(5):
        held(keeper, f"run-{number}").tell(9, RunEnded("done"))
    live, kept = held(keeper, "live"), []

    def a_portion(most: int) -> bool:
        kept.append(store.length("live"))
        loop.call_soon_threadsafe(more, live, 1)
        return prune(most)

    monkeypatch.setattr(store, "prune", a_portion)
    await keeper.flush()
    await keeper.make_room()
    assert kept == [5, 6, 7, 8]
    assert [run.id for run in store.find(Filter(), limit=9)[0]] == ["live"]
    keeper.close()


async def test_keeping_goes_on_after_the_store_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runs.store.database, "BUSY_MS", 10)
    monkeypatch.setattr(runs.keeper, "PERIOD_S", 0.01)
    store = Store(store_at(tmp_path), tmp_path, summarise)
    keeper = Keeper(store, 0)
    log = held(keeper, "a")
    with sqlite3.connect(tmp_path / "playground.sqlite3", isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        keeping = asyncio.create_task(keeper.keep())
        await asyncio.to_thread(until, lambda: "the store failed" in caplog.text)
        assert (store.length("a"), keeper.kept["a"]) == (0, 0)
        writer.execute("ROLLBACK")
    writer.close()
    await asyncio.to_thread(until, lambda: keeper.kept["a"] == log.length)
    assert decode_lines(store.lines("a")) == log.events
    keeping.cancel()
    await asyncio.wait([keeping])
    keeper.close()
    store.close()


@pytest.mark.parametrize("error", [sqlite3.OperationalError("disk I/O error"), OSError("no space"), ValueError("odd")])
async def test_whatever_the_store_raises_is_logged_and_tried_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    keeper = Keeper(store, 1_000_000)
    log = held(keeper, "a")

    def fails(*given: object) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(store, "append", fails)
        assert not await keeper.try_to_flush()
    assert str(error) in caplog.text
    assert await keeper.try_to_flush()
    assert decode_lines(store.lines("a")) == log.events
    keeper.close()


async def test_an_end_that_comes_with_a_hurry_ends_keeping(store: Store) -> None:
    keeper = Keeper(store, 1_000_000)
    keeping = asyncio.create_task(keeper.keep())
    await asyncio.sleep(0.01)
    keeper.hurry()
    await asyncio.sleep(0)
    keeping.cancel()
    await asyncio.wait([keeping], timeout=2)
    assert keeping.cancelled()
    keeper.close()


def refusing(store: Store, monkeypatch: pytest.MonkeyPatch, *runs: str) -> list[list[str]]:
    """Makes the store refuse whatever has events of these runs; gives which runs each try was for."""
    append, tries = store.append, list[list[str]]()

    def refuse(segments: Sequence[Segment], endings: Sequence[Ending]) -> None:
        tries.append([segment.run for segment in segments])
        if not {*runs}.isdisjoint(tries[-1]):
            raise ValueError("A string literal cannot contain NUL characters.")
        append(segments, endings)

    monkeypatch.setattr(store, "append", refuse)
    return tries


async def test_a_run_whose_events_fail_is_left_out_for_a_while_and_the_others_are_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries = refusing(store, monkeypatch, "bad")
    monkeypatch.setattr(runs.keeper, "PAUSE_S", 0.05)
    keeper = Keeper(store, 1_000_000)
    bad, good = held(keeper, "bad"), held(keeper, "good")
    assert await keeper.try_to_flush()
    assert decode_lines(store.lines("good")) == good.events
    more(good, 1)
    assert await keeper.try_to_flush()
    assert tries == [["bad", "good"], ["bad"], ["good"], ["good"]]
    await asyncio.sleep(0.06)
    more(good, 1)
    assert await keeper.try_to_flush()
    assert tries[4:] == [["bad", "good"], ["bad"], ["good"]]
    assert decode_lines(store.lines("good")) == good.events
    assert caplog.text.count("the store does not take run bad") == 1
    assert keeper.kept["bad"] == 0 < bad.length
    keeper.close()


async def test_the_last_flush_leaves_out_no_run(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = Keeper(store, 1_000_000)
    bad, good = held(keeper, "bad"), held(keeper, "good")
    with monkeypatch.context() as broken:
        refusing(store, broken, "bad")
        await keeper.flush()
    more(good, 1)
    await keeper.flush()
    assert store.length("bad") == 0
    assert await keeper.try_to_flush(at_last=True)
    assert decode_lines(store.lines("bad")) == bad.events
    keeper.close()


async def test_a_failure_that_comes_again_is_logged_once(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = Keeper(store, 1_000_000)
    held(keeper, "bad")
    for _ in range(2):
        with monkeypatch.context() as broken:
            refusing(store, broken, "bad")
            assert not await keeper.try_to_flush()
            assert not await keeper.try_to_flush()
        assert await keeper.try_to_flush()
        more(keeper.logs["bad"], 1)
    assert caplog.text.count("the store failed") == 2
    keeper.close()


async def test_ends_still_wait_for_their_flush_when_old_runs_cannot_be_deleted(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runs.keeper, "PERIOD_S", 0.01)
    keeper, unsure = Keeper(store, 0), list[str]()
    monkeypatch.setattr(RunLog, "note_unkept", lambda log: unsure.append(log.run))

    def fails(most: int) -> bool:
        raise OSError("no space")

    monkeypatch.setattr(store, "prune", fails)
    held(keeper, "a").tell(9, RunEnded("done"))
    held(keeper, "live")
    keeping = asyncio.create_task(keeper.keep())
    await asyncio.to_thread(until, lambda: "no space" in caplog.text)
    await asyncio.sleep(0.03)
    assert unsure == []
    assert caplog.text.count("the store failed") == 1
    keeping.cancel()
    await asyncio.wait([keeping])
    keeper.close()


def test_what_a_list_shows_of_an_answer_has_no_nul() -> None:
    log = RunLog("a")
    log.tell(0, Chunk(0, "text", "one\0 two"))
    assert summarise(log.events).preview == "one two"
