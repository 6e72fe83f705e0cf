"""The same outcomes against a server that is not ours: `llmock`, which merges calls of one prompt as retries."""

from typing import TYPE_CHECKING

import pytest

from chains.spec import ChainSpec, MessageSpec
from tests.support import calling
from tests.support.asked import remote
from tests.support.calling import Told

if TYPE_CHECKING:
    from llmock.pytest_plugin import LLMock


async def ask(llmock: "LLMock", prompt: str, *, streamed: bool = True, retries: int = 2) -> Told:
    chain = remote(llmock.base_url("openai"), "gpt-4o-mini", max_retries=retries)
    messages = (MessageSpec(role="human", template=prompt),)
    return await calling.ask(ChainSpec(messages=messages, model=chain.model), streamed=streamed)


@pytest.mark.parametrize("streamed", [True, False], ids=["stream", "invoke"])
async def test_an_answer_of_llmock_is_done(llmock: "LLMock", streamed: bool) -> None:
    llmock.reply("Rain falls from clouds.")
    told = await ask(llmock, f"Good {streamed}", streamed=streamed)
    assert (told.status, told.text) == ("done", "Rain falls from clouds.")


async def test_a_truncated_stream_of_llmock_is_incomplete(llmock: "LLMock") -> None:
    llmock.reply("Rain falls from clouds.").truncate(after_chunks=2)
    told = await ask(llmock, "Truncated")
    assert told.status == "incomplete"
    assert "Rain falls from clouds.".startswith(told.text)
    assert told.text


async def test_a_dropped_connection_of_llmock_is_cut_and_keeps_its_text(llmock: "LLMock") -> None:
    llmock.reply("Rain falls from clouds.").disconnect(after_chunks=2)
    told = await ask(llmock, "Dropped")
    assert told.error["code"] == "cut"
    assert told.text
    assert not told.retries


async def test_a_garbled_chunk_of_llmock_is_malformed_and_keeps_its_text(llmock: "LLMock") -> None:
    llmock.reply("Rain falls from clouds.").corrupt(after_chunks=2)
    told = await ask(llmock, "Garbled")
    assert told.error["code"] == "malformed"
    assert told.text


async def test_a_rate_limit_of_llmock_is_retried_by_us_and_by_nobody_else(llmock: "LLMock") -> None:
    llmock.rate_limit(times=1, retry_after=60.0)
    told = await ask(llmock, "Limited once")
    assert told.status == "done"
    assert [retry.wait_ms for retry in told.retries] == [500.0]
    assert len(llmock.requests) == 2


async def test_an_outage_of_llmock_is_a_server_error_after_two_retries(llmock: "LLMock") -> None:
    llmock.outage()
    told = await ask(llmock, "Outage")
    assert told.error["code"] == "server_error"
    assert len(llmock.requests) == 3
