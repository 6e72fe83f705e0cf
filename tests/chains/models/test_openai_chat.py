"""What goes wrong at a provider becomes a typed outcome with the partial text kept, streamed and whole."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator

import pytest

from chains import calls
from chains.events import ItemEnded
from tests.support import calling
from tests.support.asked import remote
from tests.support.behaviours import TEXTS, answers, completion, delta, floods, sends
from tests.support.calling import Told
from tests.support.provider import Provider

ANSWER = "".join(TEXTS)
BOTH = pytest.mark.parametrize("streamed", [True, False], ids=["stream", "invoke"])
ONCE = {"max_retries": 0}


async def ask(provider: Provider, model: str, *, streamed: bool = True, **parameters: float) -> Told:
    told = await calling.ask(remote(provider.url, model, **{**ONCE, **parameters}), streamed=streamed)
    assert isinstance(told.happened[-1], ItemEnded)
    assert sum(isinstance(what, ItemEnded) for what in told.happened) == 1
    return told


@BOTH
async def test_a_good_answer_comes_whole_with_its_usage_and_its_finish_reason(
    provider: Provider, streamed: bool
) -> None:
    told = await ask(provider, "good", streamed=streamed)
    assert (told.status, told.text, told.ended.finish_reason) == ("done", ANSWER, "stop")
    assert [(usage.input_tokens, usage.output_tokens, usage.total_tokens) for usage in told.usage] == [(7, 4, 11)]


async def test_a_stream_keeps_the_provider_s_chunk_boundaries_and_its_empty_chunks(provider: Provider) -> None:
    told = await ask(provider, "good")
    assert [chunk.text for chunk in told.chunks if chunk.kind == "text" and chunk.text] == list(TEXTS)
    assert told.chunks[0].kind == "role"
    assert {chunk.kind for chunk in told.chunks if not chunk.text} == {"role", "finish", "usage"}


async def test_an_invoked_answer_is_one_chunk(provider: Provider) -> None:
    told = await ask(provider, "good", streamed=False)
    assert [(chunk.kind, chunk.text) for chunk in told.chunks] == [("text", ANSWER)]


OUTCOMES = [
    ("wrong-key", "wrong_key"),
    ("not-permitted", "not_permitted"),
    ("unknown", "unknown_model"),
    ("lost-page", "not_an_api"),
    ("too-long", "context_too_long"),
    ("bad-parameter", "bad_request"),
    ("limited", "rate_limited"),
    ("used-up", "quota_used_up"),
    ("unpaid", "quota_used_up"),
    ("closes", "no_answer"),
    ("speaks-ssh", "not_an_api"),
    ("broken", "server_error"),
    ("page", "not_an_api"),
    ("moved", "not_an_api"),
    ("cut", "cut"),
]


@BOTH
@pytest.mark.parametrize(("model", "code"), OUTCOMES, ids=[model for model, _ in OUTCOMES])
async def test_each_failure_has_an_outcome_that_says_what_to_do(
    provider: Provider, model: str, code: str, streamed: bool
) -> None:
    told = await ask(provider, model, streamed=streamed)
    assert (told.status, told.error["code"]) == ("failed", code)
    assert told.error["message"]
    assert told.error["hint"]
    assert "{" not in f"{told.error['message']}{told.error['hint']}"


@pytest.mark.parametrize(
    ("model", "code"),
    [("stalls", "stalled"), ("cut", "cut"), ("malformed", "malformed"), ("mid-error", "server_error")],
)
async def test_what_came_before_a_stream_broke_is_kept(provider: Provider, model: str, code: str) -> None:
    told = await ask(provider, model, chunk_timeout_s=1)
    assert (told.status, told.error["code"], told.text) == ("failed", code, "One two")


@pytest.mark.parametrize("model", ["stalls", "cut", "malformed", "mid-error"])
async def test_nothing_is_tried_again_once_a_chunk_has_come(provider: Provider, model: str) -> None:
    told = await ask(provider, model, max_retries=2, chunk_timeout_s=0.5)
    assert len(provider.requests) == 1
    assert not told.retries


async def test_a_silent_stream_is_stalled_after_the_limit_between_chunks(provider: Provider) -> None:
    began = time.perf_counter()
    told = await ask(provider, "silent", chunk_timeout_s=0.15)
    assert told.error["code"] == "stalled"
    assert 0.15 <= time.perf_counter() - began < 1
    assert await asyncio.to_thread(provider.last.closing, began) < 1


@BOTH
async def test_an_answer_that_takes_too_long_is_a_timeout_and_its_connection_is_closed(
    provider: Provider, streamed: bool
) -> None:
    began = time.perf_counter()
    told = await ask(provider, "endless", streamed=streamed, run_timeout_s=0.8)
    assert told.error["code"] == "timeout"
    assert told.text.startswith("on on") is streamed
    assert 0.8 <= await asyncio.to_thread(provider.last.closing, began) < 1.6


@BOTH
async def test_an_answer_without_finish_reason_is_incomplete_and_kept(provider: Provider, streamed: bool) -> None:
    told = await ask(provider, "no-finish", streamed=streamed)
    assert (told.status, told.error["code"], told.text) == ("incomplete", "incomplete", ANSWER)


@BOTH
async def test_a_huge_answer_ends_at_the_cap_and_what_fits_is_kept(provider: Provider, streamed: bool) -> None:
    began = time.perf_counter()
    told = await ask(provider, "huge", streamed=streamed)
    assert (told.status, told.error["code"]) == ("failed", "answer_too_long")
    assert told.text == "x" * 2_000_000
    assert not streamed or await asyncio.to_thread(provider.last.closing, began) < 2


@BOTH
@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "zipped"])
@pytest.mark.parametrize("status", [200, 400])
async def test_a_response_without_end_is_read_up_to_the_cap(
    provider: Provider, status: int, zipped: bool, streamed: bool
) -> None:
    provider.script["flood"] = floods(status, zipped=zipped)
    told = await ask(provider, "flood", streamed=streamed, run_timeout_s=30)
    assert (told.status, told.error["code"]) == ("failed", "answer_too_long")
    assert "64 MB" in str(told.error["message"])
    await asyncio.to_thread(provider.last.closing, 0.0)


async def test_chunks_without_text_have_a_cap_of_their_own(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MAX_CHUNKS", 100)
    provider.script["empty"] = answers([""] * 200)
    told = await ask(provider, "empty")
    assert (told.error["code"], len(told.chunks)) == ("answer_too_long", 101)
    assert "100 chunks" in str(told.error["message"])


@BOTH
async def test_a_closed_port_is_connection_refused(streamed: bool) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    told = await calling.ask(remote(url), streamed=streamed)
    assert told.error["code"] == "connection_refused"
    assert url in str(told.error["message"])
    assert told.waits == [0.5, 1.0]


@BOTH
async def test_a_used_up_quota_is_not_tried_again(provider: Provider, streamed: bool) -> None:
    told = await ask(provider, "used-up", streamed=streamed, max_retries=2)
    assert (told.error["code"], told.retries, len(provider.requests)) == ("quota_used_up", [], 1)


@BOTH
async def test_https_to_a_port_without_it_is_told_from_a_closed_one(streamed: bool) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        told = await calling.ask(remote(f"https://127.0.0.1:{port}/v1"), streamed=streamed)
    assert (told.error["code"], told.retries) == ("no_tls", [])
    assert "http://" in str(told.error["hint"])


@BOTH
async def test_a_name_of_no_host_is_told_from_a_closed_port(streamed: bool) -> None:
    told = await calling.ask(remote("http://no-such-host.invalid/v1"), streamed=streamed)
    assert (told.error["code"], told.retries) == ("unknown_host", [])


@pytest.fixture
def full_backlog() -> Iterator[str]:
    """The address of a port that takes no connection any more."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        for client in waiting:
            client.close()


async def test_no_connection_within_the_limit_is_a_connect_timeout(full_backlog: str) -> None:
    told = await calling.ask(remote(full_backlog, connect_timeout_s=0.1, max_retries=0))
    assert told.error["code"] == "connect_timeout"
    assert "0.1 s" in str(told.error["message"])


@BOTH
async def test_a_rate_limit_is_tried_again_visibly_and_then_answered(provider: Provider, streamed: bool) -> None:
    model = "limited-twice" if streamed else "limited-once"
    told = await ask(provider, model, streamed=streamed, max_retries=2)
    assert (told.status, told.text) == ("done", ANSWER)
    assert [retry.attempt for retry in told.retries] == ([1, 2] if streamed else [1])
    assert {retry.error["code"] for retry in told.retries} == {"rate_limited"}
    assert told.ended.attempts == len(provider.requests)


@BOTH
async def test_reasoning_is_kept_apart_from_the_answer(provider: Provider, streamed: bool) -> None:
    told = await ask(provider, "reasons", streamed=streamed)
    assert [chunk.text for chunk in told.chunks if chunk.kind == "reasoning"] == ["Let me think."]
    assert told.text == ANSWER


async def test_a_server_that_refuses_stream_options_is_asked_without_them(provider: Provider) -> None:
    told = await ask(provider, "no-stream-options")
    assert (told.status, told.text, told.usage) == ("done", ANSWER, [])
    assert ["stream_options" in request.body for request in provider.requests] == [True, False]
    assert not told.retries


ODD = {
    "an object": b'{"hello": 1}',
    "null": b"null",
    "a list": b"[]",
    "a text": b'"hi"',
    "half an object": b'{"id',
    "deep": b"[" * 5_000,
    "latin-1": b'{"a": "\xff"}',
    "no choices": b'{"id": "x", "choices": []}',
    "nothing": b"",
}


@BOTH
@pytest.mark.parametrize("kind", ["application/json", "text/event-stream", "text/html"])
@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
async def test_an_answer_that_is_none_is_never_called_our_own_fault(
    provider: Provider, kind: str, body: bytes, streamed: bool
) -> None:
    framed = b"data: " + body + b"\n\ndata: [DONE]\n\n" if kind == "text/event-stream" else body
    provider.script["odd"] = sends(200, kind, framed)
    told = await ask(provider, "odd", streamed=streamed)
    assert told.error["code"] in ("not_an_api", "malformed", "incomplete")


@BOTH
async def test_half_a_character_is_replaced_where_it_comes_in(provider: Provider, streamed: bool) -> None:
    text = "a\ud83db"
    lines = f"data: {json.dumps(delta(text, finish='stop'))}\n\ndata: [DONE]\n\n".encode()
    whole = json.dumps(completion(text)).encode()
    kind = "text/event-stream" if streamed else "application/json"
    provider.script["half"] = sends(200, kind, lines if streamed else whole)
    told = await ask(provider, "half", streamed=streamed)
    assert (told.status, told.text) == ("done", "a\N{REPLACEMENT CHARACTER}b")
