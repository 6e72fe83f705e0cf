"""The clock: what is stamped, what is tried again and when, and how an item ends."""

import asyncio
import json
from dataclasses import dataclass, replace

import pytest
from pydantic import JsonValue, SecretStr

from chains.build import Chain, build
from chains.calls import Call, Clock
from chains.events import Chunk, ItemEnded, ItemStarted, Retry
from chains.models.provider import Connection
from chains.models.registry import providers
from chains.models.simulated import SimulatedChatModel
from chains.spec import ChainSpec, Inputs
from tests.support.asked import parsed, remote, simulated
from tests.support.behaviours import answers, completion, sends
from tests.support.calling import Told, ask, call
from tests.support.provider import Provider

BOTH = pytest.mark.parametrize("streamed", [True, False], ids=["stream", "invoke"])
RAIN: Inputs = {"topic": "rain"}


@dataclass(slots=True)
class Time:
    """A clock that moves only while somebody sleeps."""

    now: float = 100.0

    def seconds(self) -> float:
        return self.now

    def ns(self) -> int:
        return round(self.now * 1e9)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def built(spec: ChainSpec) -> Chain:
    return build(spec, providers()["simulated"], Connection())


async def timed(spec: ChainSpec, *, streamed: bool = True) -> Told:
    """Runs an item in a time of its own; instants are ns since its start."""
    time, told = Time(), Told()
    chain = built(spec)
    assert isinstance(chain.model, SimulatedChatModel)
    model = chain.model.model_copy(update={"sleep": time.sleep, "clock": time.seconds})

    async def sleep(seconds: float) -> None:
        told.waits.append(seconds)
        await time.sleep(seconds)

    clock = Clock(time.ns, sleep, began_ns=time.ns())
    told.status = await Call(replace(chain, model=model), RAIN, 0, streamed, clock).run(told.tell)
    told.events = [(instant - clock.began_ns, what) for instant, what in told.events]
    return told


async def test_every_chunk_is_stamped_when_it_is_received() -> None:
    told = await timed(simulated(ttft_ms=300, tokens_per_second=40))
    stamps = [instant / 1e6 for instant, what in told.events if isinstance(what, Chunk) and what.text]
    assert stamps == pytest.approx([300 + 25 * number for number in range(len(stamps))], abs=0.001)
    assert len(stamps) > 10
    assert [type(what) for _, what in told.events][:: len(told.events) - 1] == [ItemStarted, ItemEnded]


async def test_an_invoked_answer_is_stamped_once_when_it_is_whole() -> None:
    streamed = await timed(simulated(ttft_ms=300, tokens_per_second=40))
    invoked = await timed(simulated(ttft_ms=300, tokens_per_second=40), streamed=False)
    last = max(instant for instant, what in streamed.events if isinstance(what, Chunk) and what.text)
    assert [instant for instant, what in invoked.events if isinstance(what, Chunk)] == pytest.approx([last], abs=1_000)
    assert invoked.text == streamed.text


@BOTH
@pytest.mark.parametrize(("retries", "waits"), [(0, []), (1, [0.5]), (2, [0.5, 1.0])])
async def test_what_another_attempt_may_cure_is_tried_again_at_most_twice_after_known_waits(
    streamed: bool, retries: int, waits: list[float]
) -> None:
    told = await timed(simulated(fault="rate_limited", ttft_ms=100, max_retries=retries), streamed=streamed)
    assert told.waits == waits
    assert [(retry.attempt, retry.wait_ms) for retry in told.retries] == [
        (number, wait * 1_000) for number, wait in enumerate(waits, start=1)
    ]
    assert (told.status, told.error["code"], told.ended.attempts) == ("failed", "rate_limited", retries + 1)
    assert told.ended.last_attempt_at == pytest.approx(50 * retries + sum(waits) * 1_000, abs=0.01)


async def test_a_retry_is_told_before_it_is_waited_for() -> None:
    told = await timed(simulated(fault="server_error", ttft_ms=100))
    instants = [instant / 1e6 for instant, what in told.events if isinstance(what, Retry)]
    assert instants == pytest.approx([50, 600], abs=0.001)


async def test_an_unknown_failure_is_logged_with_its_trace_and_without_the_key(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(seconds: float) -> None:
        raise RuntimeError("sent with sk-typed-secret")

    chain = built(simulated(ttft_ms=100))
    model = SimulatedChatModel(ttft_ms=100, sleep=broken)
    told = await call(replace(chain, model=model, key=SecretStr("sk-typed-secret")), RAIN)
    assert told.error["code"] == "internal"
    assert "RuntimeError: sent with …" in caplog.text
    assert "Traceback" in caplog.text
    assert "sk-typed-secret" not in f"{caplog.text} {caplog.records} {told.happened}"


@pytest.mark.parametrize("fault", ["unauthorized", "cut", "truncated"])
async def test_what_no_attempt_cures_and_what_has_begun_is_not_tried_again(fault: str) -> None:
    told = await timed(simulated(fault=fault))
    assert (told.waits, told.ended.attempts) == ([], 1)


async def test_more_than_two_retries_are_refused() -> None:
    with pytest.raises(Exception, match="max_retries"):
        await timed(simulated(max_retries=3))


@BOTH
async def test_a_truncated_answer_is_incomplete_and_kept(streamed: bool) -> None:
    told = await ask(simulated(fault="truncated"), RAIN, streamed=streamed)
    assert (told.status, told.error["code"], told.ended.finish_reason) == ("incomplete", "incomplete", None)
    assert told.text


async def test_a_hanging_stream_is_stalled_with_its_text_and_a_hanging_invoke_a_timeout() -> None:
    hang = simulated(fault="hang", chunk_timeout_s=0.1, run_timeout_s=0.3)
    streamed, invoked = await ask(hang, RAIN), await ask(hang, RAIN, streamed=False)
    assert (streamed.error["code"], bool(streamed.text)) == ("stalled", True)
    assert (invoked.error["code"], invoked.text) == ("timeout", "")
    assert "0.1 s" in str(streamed.error["message"])
    assert "0.3 s" in str(invoked.error["message"])


async def test_the_limit_for_the_whole_run_counts_all_attempts(provider: Provider) -> None:
    told = await ask(remote(provider.url, "endless", run_timeout_s=0.2, chunk_timeout_s=10))
    assert told.error["code"] == "timeout"


@BOTH
async def test_a_missing_value_ends_an_item_before_any_attempt(streamed: bool) -> None:
    told = await ask(simulated(), {}, streamed=streamed)
    assert (told.status, told.error["code"], told.ended.attempts) == ("failed", "missing_variable", 0)
    assert [type(what) for what in told.happened] == [ItemStarted, ItemEnded]


async def test_a_prompt_over_the_cap_is_never_sent(provider: Provider) -> None:
    spec = remote(provider.url)
    long = spec.model_copy(update={"messages": simulated("{topic}{topic}{topic}").messages})
    told = await ask(long, {"topic": "x" * 400_000})
    assert told.error["code"] == "prompt_too_long"
    assert provider.requests == []


@BOTH
async def test_the_cap_on_an_answer_is_in_bytes_and_cuts_no_character(provider: Provider, streamed: bool) -> None:
    provider.script["wide"] = answers(["한" * 100_000] * 10)
    told = await ask(remote(provider.url, "wide"), streamed=streamed)
    assert told.error["code"] == "answer_too_long"
    assert set(told.text) == {"한"}
    assert len(told.text.encode()) in range(1_999_997, 2_000_001)


async def json_value(provider: Provider, text: str, *, streamed: bool = True) -> Told:
    provider.script["json"] = answers([text[at : at + 50_000] for at in range(0, len(text), 50_000)] or [""])
    return await ask(parsed(remote(provider.url, "json"), "json"), streamed=streamed)


@BOTH
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.5, null, true, "x"]}', {"a": [1, 2.5, None, True, "x"]}),
        ('Here it is:\n```json\n{"a": 1}\n```\n', {"a": 1}),
        ("[]", []),
        ("false", False),
        ('"한글"', "한글"),
    ],
)
async def test_an_answer_in_json_is_kept_as_its_value(
    provider: Provider, text: str, value: JsonValue, streamed: bool
) -> None:
    told = await json_value(provider, text, streamed=streamed)
    assert (told.status, told.ended.value, told.text) == ("done", value, text)


@pytest.mark.parametrize(
    "text",
    ["no JSON", "[" * 5_000, "[" * 101 + "]" * 101, '{"a": ' + "x" * 1_900_000, "[" + ",1" * 400_000, "1" * 5_000],
    ids=["prose", "nested", "closed but nested", "long prose in it", "long and broken", "a number too long"],
)
async def test_an_answer_that_is_no_json_fails_soon_and_its_text_is_kept(provider: Provider, text: str) -> None:
    told = await asyncio.wait_for(json_value(provider, text), 10)
    assert (told.status, told.error["code"], told.text) == ("failed", "parser_failed", text)
    assert told.ended.finish_reason == "stop"


async def test_half_a_character_does_not_break_the_parser(provider: Provider) -> None:
    told = await json_value(provider, '{"a": "\ud83d"}')
    assert (told.status, told.ended.value) == ("done", {"a": "\N{REPLACEMENT CHARACTER}"})


async def test_a_value_and_a_message_are_json_that_every_reader_takes(provider: Provider) -> None:
    told = await json_value(provider, '{"half": "\\ud800", "none": NaN, "most": Infinity}')
    assert told.ended.value == {"half": "\N{REPLACEMENT CHARACTER}", "none": None, "most": None}
    provider.script["odd"] = answers(finish="\ud800")
    odd = await ask(remote(provider.url, "odd"))
    json.dumps(odd.ended.message, ensure_ascii=False, allow_nan=False).encode()
    assert "\N{REPLACEMENT CHARACTER}" in repr(odd.ended.message)


async def test_a_message_that_is_too_deep_to_be_written_is_left_out(provider: Provider) -> None:
    deep = '{"a":' * 400 + "1" + "}" * 400
    body = json.dumps(completion("hi")).replace('"finish_reason"', f'"logprobs": {deep}, "finish_reason"')
    provider.script["deep"] = sends(200, "application/json", body.encode())
    told = await ask(remote(provider.url, "deep"), streamed=False)
    assert (told.status, told.text, told.ended.message) == ("done", "hi", None)


@pytest.mark.parametrize("parser", ["text", "message"])
async def test_without_a_json_parser_there_is_no_value_beside_the_text(provider: Provider, parser: str) -> None:
    spec = remote(provider.url).model_copy(update={"parser": parser})
    assert (await ask(spec)).ended.value is None


@BOTH
async def test_langchain_s_message_is_kept_without_the_text_that_the_chunks_hold(streamed: bool) -> None:
    told = await ask(simulated(), RAIN, streamed=streamed)
    message = told.ended.message
    assert message is not None
    assert message["type"] == "ai"
    assert "content" not in message
    assert message["usage_metadata"]
    assert told.text not in json.dumps(message)


@BOTH
async def test_cancelling_tells_no_end_and_closes_the_connection(provider: Provider, streamed: bool) -> None:
    told = Told()
    connection = Connection()
    chain = build(remote(provider.url, "silent"), providers()["openai-compatible"], connection)
    running = asyncio.create_task(Call(chain, {}, 0, streamed, Clock()).run(told.tell))
    asked = await asyncio.to_thread(provider.wait_for, 1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [type(what) for what in told.happened] == [ItemStarted]
    await asyncio.to_thread(asked.closing, 0.0)
    await connection.pool.aclose()
