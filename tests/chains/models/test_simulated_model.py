import asyncio
import json
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk, HumanMessage
from langchain_core.output_parsers import JsonOutputParser
from langchain_core.prompts import ChatPromptTemplate
from pydantic import ValidationError

from chains.models.simulated import FAULTS, SimulatedChatModel, SimulatedParameters
from chains.models.simulated.tokens import count, split
from chains.outcomes import SimulatedFault

PROMPT = "Tell me a joke about ice cream"


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def clock(self) -> float:
        return self.now

    def block(self, seconds: float) -> None:
        self.now += seconds

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    def model(self, **fields: Any) -> SimulatedChatModel:
        return SimulatedChatModel(sleep=self.sleep, sleep_blocking=self.block, clock=self.clock, **fields)


async def streamed(time_: Time, *, pause: float = 0, **fields: Any) -> list[tuple[float, AIMessageChunk]]:
    """The chunks of a stream and their instants in ms; after each, its reader is busy for `pause` seconds."""
    chunks = []
    async for chunk in time_.model(**fields).astream(PROMPT):
        chunks.append((round((time_.now - 1_000) * 1_000, 6), chunk))
        time_.block(pause)
    return chunks


def texts(chunks: Sequence[tuple[float, AIMessageChunk]]) -> list[tuple[float, str]]:
    return [(at, str(chunk.content)) for at, chunk in chunks if chunk.content]


def instants(chunks: Sequence[tuple[float, AIMessageChunk]]) -> list[float]:
    return [at for at, _ in texts(chunks)]


async def test_each_token_arrives_at_its_instant() -> None:
    arrived = texts(await streamed(Time(), jitter=0))
    answer = "".join(text for _, text in arrived)
    assert [text for _, text in arrived] == split(answer)
    assert [at for at, _ in arrived] == [pytest.approx(300 + 25 * number) for number in range(len(arrived))]


async def test_several_tokens_in_a_chunk_take_their_time_together() -> None:
    arrived = texts(await streamed(Time(), jitter=0, ttft_ms=100, tokens_per_second=20, tokens_per_chunk=4))
    assert [at for at, _ in arrived[:-1]] == [pytest.approx(100 + 200 * number) for number in range(len(arrived) - 1)]
    assert all(count(text) <= 4 for _, text in arrived)
    assert 100 + 200 * (len(arrived) - 2) < arrived[-1][0] <= 100 + 200 * (len(arrived) - 1)


async def test_a_slow_reader_does_not_delay_what_comes_later() -> None:
    prompt_reader = instants(await streamed(Time(), jitter=0))
    slow_reader = instants(await streamed(Time(), jitter=0, pause=0.010))
    assert slow_reader[2:] == [pytest.approx(at) for at in prompt_reader[2:]]


async def test_a_reader_slower_than_the_stream_never_waits() -> None:
    arrived = instants(await streamed(Time(), jitter=0, pause=0.1))
    gaps = [later - earlier for earlier, later in pairwise(arrived)]
    assert gaps == [pytest.approx(100)] * len(gaps)


async def test_jitter_varies_each_gap_by_its_share_at_most_and_by_the_seed() -> None:
    arrived = instants(await streamed(Time(), jitter=0.5, min_tokens=500))
    gaps = [later - earlier for earlier, later in pairwise(arrived)]
    assert arrived[0] == 300
    assert all(12.5 <= gap <= 37.5 for gap in gaps)
    assert min(gaps) < 15
    assert max(gaps) > 35
    assert arrived == instants(await streamed(Time(), jitter=0.5, min_tokens=500))
    assert arrived != instants(await streamed(Time(), jitter=0.5, min_tokens=500, seed=1))


async def test_the_stream_has_the_shape_of_a_real_one() -> None:
    chunks = [chunk for _, chunk in await streamed(Time())]
    role, *middle, finish, usage, last = chunks
    assert (role.content, role.response_metadata, role.usage_metadata) == ("", {}, None)
    assert all(chunk.content and not chunk.response_metadata for chunk in middle)
    assert (finish.content, finish.response_metadata) == ("", {"finish_reason": "stop", "model_name": "simulated"})
    assert (usage.content, usage.usage_metadata) == (
        "",
        {"input_tokens": count(PROMPT), "output_tokens": len(middle), "total_tokens": count(PROMPT) + len(middle)},
    )
    assert (last.content, last.chunk_position) == ("", "last")


async def test_the_role_comes_with_the_first_token_and_the_finish_with_the_last() -> None:
    chunks = await streamed(Time(), jitter=0)
    at = [at for at, _ in chunks]
    assert at[0] == at[1] == 300
    assert at[-4] == at[-3] == at[-2] == at[-1]


@pytest.mark.parametrize(
    ("fields", "tokens", "reason"),
    [
        ({"max_tokens": 7}, 7, "length"),
        ({"max_tokens": 1}, 1, "length"),
        ({"max_tokens": 50, "min_tokens": 500}, 50, "length"),
        ({"max_tokens": 1_000}, None, "stop"),
    ],
)
async def test_max_tokens_cuts_and_says_so(fields: dict[str, int], tokens: int | None, reason: str) -> None:
    message = await Time().model(**fields).ainvoke(PROMPT)
    natural = await Time().model(min_tokens=fields.get("min_tokens")).ainvoke(PROMPT)
    assert message.response_metadata["finish_reason"] == reason
    assert str(message.content) == "".join(split(str(natural.content))[:tokens])


async def test_min_tokens_lengthens_the_answer_and_its_time() -> None:
    arrived = instants(await streamed(Time(), jitter=0, min_tokens=1_000))
    assert 1_000 <= len(arrived) < 1_100
    assert arrived[-1] == pytest.approx(300 + 25 * (len(arrived) - 1))


@pytest.mark.parametrize("jitter", [0, 0.15])
async def test_invoke_takes_as_long_and_gives_the_same_as_the_stream(jitter: float) -> None:
    time_ = Time()
    chunks = await streamed(Time(), jitter=jitter)
    message = await time_.model(jitter=jitter).ainvoke(PROMPT)
    assert (time_.now - 1_000) * 1_000 == pytest.approx(chunks[-1][0])
    assert message.content == "".join(text for _, text in texts(chunks))
    assert message.response_metadata == chunks[-3][1].response_metadata
    assert message.usage_metadata == chunks[-2][1].usage_metadata


async def test_the_synchronous_calls_are_the_same() -> None:
    blocked, invoked = Time(), Time()
    chunks = [(round((blocked.now - 1_000) * 1_000, 6), chunk) for chunk in blocked.model().stream(PROMPT)]
    awaited = await streamed(Time())
    assert [(at, chunk.content, chunk.usage_metadata) for at, chunk in chunks] == [
        (at, chunk.content, chunk.usage_metadata) for at, chunk in awaited
    ]
    message = invoked.model().invoke(PROMPT)
    assert message.content == "".join(text for _, text in texts(chunks))
    assert invoked.now == pytest.approx(blocked.now)


async def test_stop_texts_end_the_answer_before_them() -> None:
    message = await Time().model().ainvoke(PROMPT, stop=["simulated", "ice"])
    assert str(message.content) == str((await Time().model().ainvoke(PROMPT)).content).partition("simulated")[0]
    assert message.response_metadata["finish_reason"] == "stop"


async def test_a_stop_text_at_the_beginning_leaves_an_empty_answer() -> None:
    whole = str((await Time().model().ainvoke(PROMPT)).content)
    assert not any(chunk.content for chunk in Time().model().stream(PROMPT, stop=[whole[:3]]))
    with pytest.raises(SimulatedFault):
        list(Time().model(fault="cut").stream(PROMPT, stop=[whole[:3]]))


async def test_a_json_chain_gets_its_value() -> None:
    prompt = ChatPromptTemplate.from_messages([("human", "A joke about {topic} as JSON with keys setup and punchline")])
    value = await (prompt | Time().model() | JsonOutputParser()).ainvoke({"topic": "tea"})
    assert list(value) == ["setup", "punchline"]


async def test_one_instance_serves_calls_at_the_same_time() -> None:
    model = SimulatedChatModel(ttft_ms=1, tokens_per_second=50_000)
    topics = [f"Tell me about topic {number}" for number in range(20)]
    together = await asyncio.gather(*(model.ainvoke(topic) for topic in topics))
    assert [message.content for message in together] == [(await model.ainvoke(topic)).content for topic in topics]


async def test_a_flood_lets_others_run() -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    model = SimulatedChatModel(ttft_ms=0, tokens_per_second=100_000, min_tokens=2_000, fault="burst")
    chunks = model._astream([HumanMessage(PROMPT)])
    await anext(chunks)
    before = turns
    await anext(chunks)
    waited = turns
    async for _ in chunks:
        pass
    task.cancel()
    assert waited > before
    assert 100 <= turns - waited <= 200


@pytest.mark.parametrize(
    "fields",
    [
        {"ttft_ms": -1},
        {"ttft_ms": 600_001},
        {"tokens_per_second": 0},
        {"tokens_per_second": float("nan")},
        {"tokens_per_second": 100_001},
        {"jitter": 1.1},
        {"tokens_per_chunk": 0},
        {"max_tokens": 0},
        {"min_tokens": 200_001},
        {"fault": "flood"},
        {"ttft": 3},
    ],
)
def test_fields_out_of_range_and_unknown_ones_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(fields))):
        SimulatedChatModel(**fields)


def test_what_is_kept_of_a_model_is_its_parameters() -> None:
    dumped = SimulatedChatModel(seed=3).model_dump()
    assert {"seed", "fault", "ttft_ms"} < dumped.keys()
    assert not {"sleep", "sleep_blocking", "clock"} & dumped.keys()
    assert json.dumps(dumped)


def test_the_parameters_describe_themselves_for_a_form() -> None:
    properties = SimulatedParameters.model_json_schema()["properties"]
    assert properties["fault"]["enum"] == list(FAULTS)
    assert properties["ttft_ms"]["maximum"] == 600_000
    assert all(one["description"] and "default" in one for one in properties.values())
    assert SimulatedChatModel()._identifying_params.keys() == properties.keys()


async def test_by_default_it_waits_in_real_time() -> None:
    start = time.perf_counter()
    await SimulatedChatModel(ttft_ms=50, tokens_per_second=100, max_tokens=6, jitter=0).ainvoke(PROMPT)
    assert 0.095 <= time.perf_counter() - start < 1
