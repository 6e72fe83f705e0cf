"""The events of a run as Server-Sent Events, read with `httpx-sse`."""

import json
import shutil
import subprocess
import sys
import time

import pytest
from httpx_sse import ServerSentEvent, aconnect_sse

from chains.events import decode
from chains.spec import MessageSpec
from runs.store.filter import Filter
from tests.support.asked import remote, request, simulated, slow
from tests.support.behaviours import answers
from tests.support.engines import finish, until
from tests.support.provider import Provider
from tests.support.served import Served


async def read(served: Served, run: str, *, most: int = 1_000_000, **headers: str) -> list[ServerSentEvent]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    found = []
    async with (
        served.client() as client,
        aconnect_sse(client, "GET", f"/api/runs/{run}/events", headers=named) as source,
    ):
        source.response.raise_for_status()
        assert source.response.headers["content-type"].startswith("text/event-stream")
        async for event in source.aiter_sse():
            found.append(event)
            if len(found) == most or event.event == "end":
                return found
    return found


async def test_ids_are_sequence_numbers_and_the_end_comes_last(served: Served) -> None:
    run = served.engine.start(request(simulated(tokens_per_second=2_000)))
    *events, end = await read(served, run)
    assert end.event == "end"
    assert [event.id for event in events] == [str(seq) for seq in range(len(events))]
    assert [json.loads(event.data)["seq"] for event in events] == list(range(len(events)))
    assert json.loads(events[0].data)["type"] == "run_started"
    assert json.loads(events[-1].data)["type"] == "run_ended"
    assert {event.event for event in events} == {"message"}


async def test_a_finished_run_gives_its_log_at_once_and_the_same(served: Served) -> None:
    run = finish(served.engine, request(simulated())).run
    until(lambda: run not in served.engine._keeper.logs)
    first, second = await read(served, run), await read(served, run)
    assert [event.data for event in first] == [event.data for event in second]
    assert second[-1].event == "end"


async def test_reading_goes_on_after_the_last_event_id(served: Served) -> None:
    run = served.engine.start(request(simulated(tokens_per_second=2_000)))
    before = await read(served, run, most=7)
    after = await read(served, run, last_event_id=before[-1].id)
    assert [event.id for event in after[:3]] == ["7", "8", "9"]
    whole = await read(served, run)
    assert [event.data for event in before + after] == [event.data for event in whole]


async def test_events_in_full_carry_item_and_kind(served: Served) -> None:
    run = finish(served.engine, request(simulated())).run
    events = [json.loads(event.data) for event in (await read(served, run))[:-1]]
    chunks = [event for event in events if event["type"] == "chunk"]
    assert all(chunk.keys() >= {"seq", "at", "type", "item", "kind", "text"} for chunk in chunks)
    assert [decode(event) for event in events] == served.engine.log(run).events


async def test_events_come_while_the_run_is_under_way(served: Served) -> None:
    run = served.engine.start(request(slow()))
    assert len(await read(served, run, most=10)) == 10
    assert not served.engine.log(run).ended
    served.engine.stop(run)


async def test_line_breaks_of_all_kinds_stay_inside_their_event(served: Served, provider: Provider) -> None:
    texts = ["a\nb", "\r\n", "c\rd", "\u2028", "\u2029", "\x85", "\x0b\x0c\x1c", "\n\ndata: x\n\n"]
    provider.script["lines"] = answers(texts)
    run = finish(served.engine, request(remote(provider.url, "lines"), inputs=[{}])).run
    events = [json.loads(event.data) for event in (await read(served, run))[:-1]]
    assert [event["text"] for event in events if event["type"] == "chunk" and event["text"]] == texts


@pytest.mark.parametrize("given", ["x", "-2", "1.5"])
async def test_a_last_event_id_that_is_none_is_422(served: Served, given: str) -> None:
    run = finish(served.engine, request(simulated())).run
    answer = await served.get(f"/api/runs/{run}/events", last_event_id=given)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_request")


async def test_a_reader_that_leaves_a_silent_run_is_forgotten_and_the_run_goes_on(
    served: Served, provider: Provider
) -> None:
    run = served.engine.start(request(remote(provider.url, "silent"), inputs=[{}]))
    log = served.engine.log(run)
    provider.wait_for(1)
    await read(served, run, most=2)
    until(lambda: not log.followed, within=2)
    assert not log.ended
    served.engine.stop(run)


async def test_the_server_ends_soon_though_a_client_reads_and_a_run_is_silent(
    ending: Served, provider: Provider
) -> None:
    run = ending.engine.start(request(remote(provider.url, "silent"), inputs=[{}]))
    async with ending.client() as client, client.stream("GET", f"/api/runs/{run}/events") as answer:
        assert await anext(answer.aiter_lines())
        began = time.perf_counter()
        ending.engine.begin_close()
        ending.stop()
        assert time.perf_counter() - began < 3


@pytest.mark.parametrize("route", ["events", "chat"])
def test_curl_shows_each_line_as_it_comes(served: Served, provider: Provider, route: str) -> None:
    chain = remote(provider.url, "stalls").model_copy(
        update={"messages": (MessageSpec(role="human", template="{question}"),)}
    )
    body = ""
    if route == "events":
        run = served.engine.start(request(chain, inputs=[{"question": "Why?"}]))
        path, wanted, last = f"/api/runs/{run}/events", '"text":" two"', "event: end\ndata: {}\n\n"
    else:
        body = json.dumps({"question": "Why?", "chain": chain.model_dump(mode="json", exclude_none=True)})
        path, wanted, last = "/api/chat", '{"token":" two"}', "data: [DONE]\n\n"
    with subprocess.Popen(_reader(served.url + path, body), stdout=subprocess.PIPE, text=True) as reading:
        assert reading.stdout is not None
        assert any(wanted in line for line in iter(reading.stdout.readline, ""))
        assert served.engine.active == 1
        (kept,), _ = served.engine.find(Filter(), limit=2)
        served.engine.stop(kept.id)
        rest = reading.stdout.read()
    assert rest.endswith(last)


def _reader(url: str, body: str) -> list[str]:
    """The command of a program that prints an answer as it comes: curl, or where there is none the like of it."""
    if shutil.which("curl") is None:
        return [sys.executable, "-c", _LIKE_CURL, url, body]
    sent = ["-H", "Content-Type: application/json", "-d", body] if body else []
    return ["curl", "-sN", "--noproxy", "*", "-m", "20", url, *sent]


_LIKE_CURL = """
import sys, urllib.request
url, body = sys.argv[1:]
asked = urllib.request.Request(url, body.encode() or None, {"Content-Type": "application/json"})
with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=20) as answer:
    for line in answer:
        print(line.decode(), end="", flush=True)
"""
