"""The live socket: one a tab, whoever follows gets each event once, in short form, and nobody is waited for."""

import asyncio
import gc
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import JsonValue
from starlette.types import Message
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect

from chains.events import decode
from server.live import live
from tests.support.asked import remote, request, simulated, slow
from tests.support.engines import finish, until
from tests.support.provider import Provider
from tests.support.served import Json, Served


@asynccontextmanager
async def socket(served: Served) -> AsyncIterator[ClientConnection]:
    async with connect(served.live, proxy=None) as made:
        yield made


async def order(live: ClientConnection, **what: JsonValue) -> None:
    await live.send(json.dumps(what))


async def frame(live: ClientConnection, within: float = 5.0) -> Json:
    wire: Json = json.loads(await asyncio.wait_for(live.recv(), within))
    return wire


async def quiet(live: ClientConnection, seconds: float) -> bool:
    """Whether nothing came for so long."""
    try:
        await frame(live, within=seconds)
    except TimeoutError:
        return True
    return False


async def events(live: ClientConnection, run: str, *, most: int = 1_000_000) -> list[Json]:
    """The events of one run until its end, or until there are so many."""
    found: list[Json] = []
    while len(found) < most and not (found and found[-1]["type"] == "run_ended"):
        wire = await frame(live)
        if wire["run"] == run and isinstance(wire["events"], list):
            found += [event for event in wire["events"] if isinstance(event, dict)]
    return found


async def test_a_live_run_is_followed_to_its_end_each_event_once(served: Served) -> None:
    run = served.engine.start(request(simulated(tokens_per_second=2_000)))
    async with socket(served) as live:
        await order(live, op="follow", run=run, after=-1)
        found = await events(live, run)
    assert [event["seq"] for event in found] == list(range(len(found)))
    assert [decode(event) for event in found] == served.engine.log(run).events


async def test_a_finished_run_is_given_at_once(served: Served) -> None:
    run = finish(served.engine, request(simulated())).run
    until(lambda: run not in served.engine._keeper.logs)
    async with socket(served) as live:
        await order(live, op="follow", run=run)
        assert [decode(event) for event in await events(live, run)] == served.engine.log(run).events


async def test_following_after_a_number_leaves_out_what_was_seen(served: Served) -> None:
    run = finish(served.engine, request(simulated())).run
    async with socket(served) as live:
        await order(live, op="follow", run=run, after=5)
        assert (await events(live, run))[0]["seq"] == 6


async def test_the_short_form_leaves_out_item_0_and_kind_text(served: Served) -> None:
    run = finish(served.engine, request(simulated(), mode="batch", inputs=[{"topic": "a"}, {"topic": "b"}])).run
    async with socket(served) as live:
        await order(live, op="follow", run=run)
        chunks = [event for event in await events(live, run) if event["type"] == "chunk"]
    assert {chunk.get("item") for chunk in chunks} == {None, 1}
    assert "text" not in {chunk.get("kind") for chunk in chunks}
    assert all(chunk.keys() <= {"seq", "at", "type", "item", "kind", "text"} for chunk in chunks)


async def test_two_runs_share_one_socket(served: Served) -> None:
    runs = [served.engine.start(request(simulated(tokens_per_second=1_000))) for _ in range(2)]
    found: dict[str, list[Json]] = {run: [] for run in runs}
    async with socket(served) as live:
        for run in runs:
            await order(live, op="follow", run=run)
        while not all(each and each[-1]["type"] == "run_ended" for each in found.values()):
            wire = await frame(live)
            assert isinstance(wire["events"], list)
            found[str(wire["run"])] += [event for event in wire["events"] if isinstance(event, dict)]
    for run in runs:
        assert [event["seq"] for event in found[run]] == list(range(len(found[run])))


async def test_after_unfollow_nothing_more_comes(served: Served) -> None:
    run = served.engine.start(request(slow()))
    async with socket(served) as live:
        await order(live, op="follow", run=run)
        await events(live, run, most=5)
        await order(live, op="unfollow", run=run)
        while (await quiet(live, 0.3)) is False:
            pass
    assert not served.engine.log(run).followed
    served.engine.stop(run)


async def test_an_unknown_run_is_said_to_be_unknown(served: Served) -> None:
    async with socket(served) as live:
        await order(live, op="follow", run="no-such-run")
        assert await frame(live) == {"run": "no-such-run", "error": {"code": "unknown_run"}}


GARBAGE = [
    "", "{", "null", "[]", "5", '"follow"', "{}", '{"op": "follow"}', '{"op": "dance", "run": "x"}', "[" * 100_000,
    '{"op": "follow", "run": "x", "after": 1e999}', '{"op": "follow", "run": "x", "after": "y"}',
    '{"op": "follow", "run": "\\ud83d"}', '{"op": ["follow"], "run": {}}',
    '{"op": "follow", "run": "x", "after": null}',
]  # fmt: skip


async def test_garbage_is_ignored_and_the_socket_goes_on(served: Served) -> None:
    run = finish(served.engine, request(simulated())).run
    async with socket(served) as live:
        for text in GARBAGE:
            await live.send(text)
        await order(live, op="follow", run=run)
        assert (await events(live, run))[-1]["type"] == "run_ended"


async def test_a_socket_may_follow_any_number_of_runs_one_after_another(served: Served) -> None:
    run = finish(served.engine, request(simulated(max_tokens=1))).run
    async with socket(served) as live:
        for number in range(205):
            await order(live, op="follow", run=f"unknown-{number}")
            assert (await frame(live))["run"] == f"unknown-{number}"
        await order(live, op="follow", run=run)
        assert (await events(live, run))[-1]["type"] == "run_ended"


async def test_a_ping_is_answered(served: Served) -> None:
    async with socket(served) as live:
        await order(live, op="ping")
        assert await frame(live) == {"pong": True}


async def test_pings_of_a_client_that_reads_nothing_have_one_answer_on_its_way() -> None:
    blocked, left = asyncio.Event(), asyncio.Event()
    pings = iter([{"type": "websocket.connect"}, *[{"type": "websocket.receive", "text": '{"op":"ping"}'}] * 50])
    most = 0

    async def receive() -> Message:
        nonlocal most
        await asyncio.sleep(0)
        most = max(most, len(asyncio.all_tasks()))
        if (message := next(pings, None)) is None:
            left.set()
            return {"type": "websocket.disconnect", "code": 1000}
        return message

    async def send(message: Message) -> None:
        if message["type"] == "websocket.send":
            await blocked.wait()

    before = len(asyncio.all_tasks())
    await asyncio.wait_for(live(WebSocket({"type": "websocket", "headers": []}, receive, send)), 5)
    assert left.is_set()
    assert most <= before + 2
    assert len(asyncio.all_tasks()) == before


async def test_ten_thousand_events_come_in_frames_of_bounded_length(served: Served) -> None:
    run = finish(served.engine, request(simulated(min_tokens=10_000)), within=30).run
    async with connect(served.live, proxy=None, max_size=2**20) as live:
        await order(live, op="follow", run=run)
        found = await events(live, run)
    assert len(found) > 10_000


async def test_a_client_that_left_a_silent_run_is_forgotten(served: Served, provider: Provider) -> None:
    run = served.engine.start(request(remote(provider.url, "silent"), inputs=[{}]))
    log = served.engine.log(run)
    async with socket(served) as live:
        await order(live, op="follow", run=run)
        await frame(live)
        until(lambda: log.followed)
    await asyncio.to_thread(until, lambda: not log.followed, within=2)
    assert not log.ended
    served.engine.stop(run)


async def test_the_server_stops_quickly_with_open_sockets_and_silent_runs(ending: Served, provider: Provider) -> None:
    run = ending.engine.start(request(remote(provider.url, "silent"), inputs=[{}]))
    async with socket(ending) as gone:
        await order(gone, op="follow", run=run)
        await frame(gone)
    async with socket(ending) as live:
        await order(live, op="follow", run=run)
        await frame(live)
        assert await asyncio.to_thread(ending.stop) < 2


async def test_a_client_that_left_before_it_heard_of_an_unknown_run_leaves_no_error(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    heard = asyncio.Event()
    orders = iter([{"type": "websocket.connect"}, {"type": "websocket.receive", "text": '{"op":"follow","run":"x"}'}])

    async def receive() -> Message:
        if (message := next(orders, None)) is None:
            await heard.wait()
            return {"type": "websocket.disconnect", "code": 1006}
        return message

    async def send(message: Message) -> None:
        if message["type"] == "websocket.send":
            heard.set()
            raise OSError("the client left")

    await live(WebSocket({"type": "websocket", "headers": []}, receive, send))
    gc.collect()
    assert "never retrieved" not in caplog.text
