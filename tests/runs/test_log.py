"""The one crossing between threads: whoever follows a log gets every event once, in order, woken once a burst."""

import asyncio
import json
import threading
from collections.abc import Callable, Sequence

import pytest

from chains.events import Chunk, Event, ItemEnded, RunEnded, RunStarted, encode_short
from runs.log import AT_ONCE, HELD, RunLog


def told(log: RunLog, chunks: int, *, ended: bool = True) -> RunLog:
    if not log.events:
        log.tell(0, RunStarted("stream", 1, "2026-01-01T00:00:00.000+00:00"))
    for number in range(chunks):
        log.tell(number, Chunk(0, "text", f"{number} "))
    if ended:
        log.tell(chunks, RunEnded("done"))
    return log


async def follow(log: RunLog, after: int = -1) -> list[int]:
    return [event.seq async for events in log.follow(after) for event in events]


async def test_a_follower_gets_an_ended_log_from_its_start() -> None:
    assert await follow(told(RunLog("r"), 3)) == [0, 1, 2, 3, 4]


async def test_a_follower_gets_what_comes_after_a_number() -> None:
    log = told(RunLog("r"), 3)
    assert await follow(log, 2) == [3, 4]
    assert await follow(log, 4) == []
    assert await follow(log, 99) == []


async def test_a_follower_of_a_live_log_ends_with_it() -> None:
    log = told(RunLog("r"), 2, ended=False)
    following = asyncio.create_task(follow(log, 1))
    await asyncio.sleep(0)
    told(log, 2)
    assert await following == [2, 3, 4, 5]


async def test_many_followers_each_get_everything_once_while_another_thread_writes() -> None:
    log = RunLog("r")
    writer = threading.Thread(target=told, args=(log, 5_000))
    followers = [asyncio.create_task(follow(log)) for _ in range(20)]
    await asyncio.sleep(0)
    writer.start()
    for got in await asyncio.gather(*followers):
        assert got == list(range(5_002))
    writer.join()
    assert not log.followed


async def test_a_burst_wakes_a_follower_once(monkeypatch: pytest.MonkeyPatch) -> None:
    log = told(RunLog("r"), 0, ended=False)
    given: list[Sequence[Event]] = []

    async def note() -> None:
        async for events in log.follow():
            given.append(events)

    following = asyncio.create_task(note())
    await asyncio.sleep(0.01)
    loop, wakes = asyncio.get_running_loop(), 0
    wake = loop.call_soon_threadsafe

    def counted(callback: Callable[[], object]) -> object:
        nonlocal wakes
        wakes += 1
        return wake(callback)

    monkeypatch.setattr(loop, "call_soon_threadsafe", counted)
    told(log, 400)
    assert wakes == 1
    await following
    assert [len(events) for events in given] == [1, 401]


async def test_what_is_much_at_once_is_read_in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    log, threads, lines = told(RunLog("r"), 2 * AT_ONCE), list[str](), RunLog.lines

    def noted(log: RunLog, start: int, stop: int) -> list[str]:
        threads.append(threading.current_thread().name)
        return lines(log, start, stop)

    monkeypatch.setattr(RunLog, "lines", noted)
    given = [line async for part in log.follow_lines() for line in part]
    assert len(given) == log.length
    assert threading.current_thread().name not in threads


async def test_a_follower_that_leaves_is_forgotten() -> None:
    log = told(RunLog("r"), 1, ended=False)
    following = asyncio.create_task(follow(log))
    await asyncio.sleep(0.01)
    assert log.followed
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    assert not log.followed


def test_a_follower_whose_loop_has_closed_does_not_keep_the_run_from_being_told() -> None:
    log = told(RunLog("r"), 1, ended=False)
    loop = asyncio.new_event_loop()
    following = loop.create_task(follow(log))
    loop.run_until_complete(asyncio.sleep(0))
    loop.run_until_complete(asyncio.sleep(0))
    assert log.followed
    following.cancel()
    stepped = log.follow()
    following = loop.create_task(follow(log))
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()
    told(log, 1)
    assert log.ended
    del stepped
    following.get_coro().close()


def test_an_event_is_encoded_once_however_many_read_it() -> None:
    log = told(RunLog("r"), 3)
    first = log.lines(0, 5)
    assert all(before is after for before, after in zip(first, log.lines(0, 5), strict=True))
    assert log.lines(3, 5) == first[3:]


def test_a_long_log_keeps_its_end_in_memory_and_gives_all_of_it() -> None:
    log = RunLog("r")
    log.read_kept = kept = _Kept()
    told(log, 50_000, ended=False)
    log.note_kept(50_000)
    assert len(log._window.events) == HELD
    told(log, 5)
    assert log.length == 50_007
    assert [event.seq for event in log.events] == list(range(50_007))
    assert [event.seq for event in log.each()] == list(range(50_007))
    assert [json.loads(line)["seq"] for line in log.lines(29_998, 30_004)] == list(range(29_998, 30_004))
    assert kept.asked


def test_what_is_not_kept_yet_stays_in_memory() -> None:
    log = told(RunLog("r"), 100_000, ended=False)
    log.note_kept(30_000)
    assert log._window.first == 30_000
    assert [event.seq for event in log.slice(30_000, 30_003)] == [30_000, 30_001, 30_002]


@pytest.mark.parametrize("after", [-1, 29_990, 49_990])
async def test_a_follower_of_a_long_log_gets_every_event_once(after: int) -> None:
    log = RunLog("r")
    log.read_kept = _Kept()
    told(log, 50_000, ended=False)
    log.note_kept(50_000)
    told(log, 5)
    assert await follow(log, after) == list(range(after + 1, 50_007))
    lines = [json.loads(line)["seq"] async for lines in log.follow_lines(after) for line in lines]
    assert lines == list(range(after + 1, 50_007))


async def test_the_end_of_an_item_is_not_given_before_it_is_kept() -> None:
    log = RunLog("r", sure=True)
    told(log, 2, ended=False)
    log.tell(3, ItemEnded(0, "done"))
    log.tell(4, Chunk(1, "text", "later"))
    given: list[int] = []

    async def note() -> None:
        async for events in log.follow():
            given.extend(event.seq for event in events)

    following = asyncio.create_task(note())
    await asyncio.sleep(0.01)
    assert given == [0, 1, 2]
    log.note_kept(4)
    await asyncio.sleep(0.01)
    assert given == [0, 1, 2, 3, 4]
    log.tell(5, ItemEnded(1, "done"))
    log.tell(6, RunEnded("done"))
    await asyncio.sleep(0.01)
    assert given == [0, 1, 2, 3, 4]
    log.note_unkept()
    await asyncio.wait_for(following, 1)
    assert given == list(range(7))


class _Kept:
    """What a store would give of these logs."""

    def __init__(self) -> None:
        self.asked = False
        self.lines = [encode_short(event) for event in told(RunLog("r"), 50_000, ended=False).events]

    def __call__(self, start: int, stop: int) -> list[str]:
        self.asked = True
        return self.lines[start:stop]
