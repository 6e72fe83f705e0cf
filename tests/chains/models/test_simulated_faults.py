import asyncio
import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.models.simulated import FAULTS, Fault, SimulatedChatModel
from chains.models.simulated.tokens import split
from chains.models.simulated.traffic import Pace, Plan, plan
from chains.outcomes import SENTENCES, SimulatedFault

PROMPT = "Tell me a joke about ice cream"
PACE = Pace(ttft=0.3, tokens_per_second=40, jitter=0, tokens_per_chunk=1)
TOKENS = [f" {letter}" for letter in "abcdefghijkl"]


def planned(fault: Fault, tokens: list[str] = TOKENS, pace: Pace = PACE) -> Plan:
    return plan(tokens, pace, fault, seed="0")


def quick(fault: Fault, **fields: Any) -> SimulatedChatModel:
    """Ten milliseconds to the first token, two for the rest."""
    return SimulatedChatModel(fault=fault, ttft_ms=10, tokens_per_second=50_000, **fields)


async def read(model: SimulatedChatModel) -> tuple[str, list[str], SimulatedFault | None]:
    """What a stream gives: the text, its finish reasons, and the fault that it ends in."""
    text, reasons = "", []
    try:
        async for chunk in model.astream(PROMPT):
            text += str(chunk.content)
            reasons += [chunk.response_metadata["finish_reason"]] if chunk.response_metadata else []
    except SimulatedFault as fault:
        return text, reasons, fault
    return text, reasons, None


REFUSALS: list[tuple[Fault, str]] = [
    ("rate_limited", "rate_limited"),
    ("unauthorized", "wrong_key"),
    ("server_error", "server_error"),
]


@pytest.mark.parametrize(("fault", "code"), REFUSALS)
async def test_a_refusal_comes_before_the_first_chunk(fault: Fault, code: str) -> None:
    assert planned(fault).ends == 0.15
    text, reasons, raised = await read(quick(fault))
    assert (text, reasons) == ("", [])
    assert raised
    assert raised.code == code
    with pytest.raises(SimulatedFault, match=code):
        await quick(fault).ainvoke(PROMPT)
    with pytest.raises(SimulatedFault, match=code):
        quick(fault).invoke(PROMPT)
    with pytest.raises(SimulatedFault, match=code):
        list(quick(fault).stream(PROMPT))


async def test_a_cut_comes_after_half_of_the_text() -> None:
    assert planned("cut").text == "".join(TOKENS[:6])
    assert planned("cut").ends == pytest.approx(0.3 + 6 / 40)
    whole = str((await quick("none").ainvoke(PROMPT)).content)
    text, reasons, raised = await read(quick("cut"))
    assert text == "".join(split(whole)[: len(split(whole)) // 2])
    assert reasons == []
    assert raised
    assert raised.code == "cut"
    with pytest.raises(SimulatedFault, match="cut"):
        await quick("cut").ainvoke(PROMPT)


async def test_a_truncated_answer_ends_without_finish_reason_or_usage() -> None:
    text, reasons, raised = await read(quick("truncated"))
    assert (reasons, raised) == ([], None)
    assert text == "".join(split(str((await quick("none").ainvoke(PROMPT)).content))[: len(split(text))])
    message = await quick("truncated").ainvoke(PROMPT)
    assert message.content == text
    assert "finish_reason" not in message.response_metadata
    assert message.usage_metadata is None
    assert quick("truncated").invoke(PROMPT).content == text


async def test_a_hanging_answer_sends_a_third_and_can_be_cancelled_at_once() -> None:
    whole = split(str((await quick("none").ainvoke(PROMPT)).content))
    arrived: list[str] = []
    third_sent = asyncio.Event()

    async def follow() -> None:
        async for chunk in quick("hang").astream(PROMPT):
            arrived.append(str(chunk.content))
            if len(arrived) > len(whole) // 3:
                third_sent.set()

    task = asyncio.create_task(follow())
    async with asyncio.timeout(10):
        await third_sent.wait()
    await asyncio.sleep(0.05)
    assert not task.done()
    assert "".join(arrived) == "".join(whole[: len(whole) // 3])
    await assert_cancelled_at_once(task)


@pytest.mark.parametrize("fault", ["hang", "none"])
async def test_an_invoke_can_be_cancelled_at_once(fault: Fault) -> None:
    task = asyncio.create_task(SimulatedChatModel(fault=fault, ttft_ms=60_000).ainvoke(PROMPT))
    await asyncio.sleep(0.05)
    await assert_cancelled_at_once(task)


async def assert_cancelled_at_once(task: asyncio.Task[Any]) -> None:
    start = time.perf_counter()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize("fault", ["hang", "cut", "truncated"])
def test_even_one_token_is_sent_before_an_answer_breaks_off(fault: Fault) -> None:
    assert planned(fault, ["a"]).text == "a"


def test_a_slow_first_token_takes_ten_times_as_long_and_three_seconds_at_least() -> None:
    assert planned("slow_first_token").chunks[0][0] == 3
    slow = planned("slow_first_token", pace=Pace(ttft=2, tokens_per_second=40, jitter=0, tokens_per_chunk=1))
    assert [at for at, _ in slow.chunks] == [pytest.approx(20 + number / 40) for number in range(12)]
    assert slow.begins == 20


def test_a_burst_begins_as_usual_and_comes_at_once_when_all_is_made() -> None:
    burst, steady = planned("burst"), planned("none")
    assert burst.begins == steady.begins == 0.3
    assert {at for at, _ in burst.chunks} == {steady.ends}
    assert [text for _, text in burst.chunks] == TOKENS
    assert burst.ends == steady.ends


async def test_split_characters_arrive_whole_after_empty_chunks() -> None:
    model = quick("split_utf8")
    pieces = [str(chunk.content) async for chunk in model.astream(PROMPT)]
    text = "".join(pieces)
    assert text == (await model.ainvoke(PROMPT)).content
    assert text.startswith("Voilà —")
    assert "\N{REPLACEMENT CHARACTER}" not in text
    inside = pieces[1:-3]
    assert "" in inside
    assert all(not following.isascii() for piece, following in pairwise(inside) if not piece)


@given(st.text(min_size=1), st.integers(1, 5))
def test_splitting_keeps_text_and_time(text: str, tokens_per_chunk: int) -> None:
    pace = Pace(ttft=0.3, tokens_per_second=40, jitter=0, tokens_per_chunk=tokens_per_chunk)
    split_up = planned("split_utf8", split(text), pace)
    assert split_up.text == text
    assert "" in [piece for _, piece in split_up.chunks] or text.isascii()
    assert split_up.ends <= 0.3 + len(split(text)) / 40 + 1e-9


@pytest.mark.parametrize("fault", FAULTS)
def test_chunks_come_in_order_and_the_end_comes_last(fault: Fault) -> None:
    made = planned(fault, pace=Pace(ttft=0.3, tokens_per_second=40, jitter=1, tokens_per_chunk=3))
    instants = [at for at, _ in made.chunks]
    assert instants == sorted(instants)
    assert not instants or instants[-1] <= made.ends


@pytest.mark.parametrize("fault", FAULTS)
def test_each_failure_has_its_sentences(fault: Fault) -> None:
    failure = planned(fault).failure
    assert failure is None or failure.code in SENTENCES
