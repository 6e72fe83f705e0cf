"""`SimulatedChatModel`: a LangChain chat model whose answer is made up and whose traffic is exact.

Each call reads the clock once and plans its whole traffic from there, so that lateness never adds up. The instance
keeps nothing of a call: one serves any number of them at once.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, Field

from chains.models.simulated.answer import answer
from chains.models.simulated.asked import text_of
from chains.models.simulated.parameters import SimulatedParameters
from chains.models.simulated.reply import MODEL_NAME, SEEING_NAME, Reply
from chains.models.simulated.tokens import count, split
from chains.models.simulated.traffic import Pace, plan

_CHUNKS_BETWEEN_YIELDS = 16


class SimulatedChatModel(SimulatedParameters, BaseChatModel):
    """Answers without knowledge, key or network, at a set pace or with a set fault. Equal fields give equal traffic."""

    model_config = ConfigDict(extra="forbid")

    vision: bool = False
    """Whether it takes images: then it says what they are. It never looks into them."""

    sleep: Callable[[float], Awaitable[None]] = Field(default=asyncio.sleep, exclude=True, repr=False)
    """Waits so many seconds in asynchronous calls; 0 lets others run."""

    sleep_blocking: Callable[[float], None] = Field(default=time.sleep, exclude=True, repr=False)
    """Waits so many seconds in synchronous calls."""

    clock: Callable[[], float] = Field(default=time.perf_counter, exclude=True, repr=False)
    """The time in seconds, from any origin."""

    @property
    def _llm_type(self) -> str:
        return MODEL_NAME

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in SimulatedParameters.model_fields}

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        start = self.clock()
        without_wait = 0
        reply = self._reply(messages, stop)
        for due, message in reply.stream():
            wait = start + due - self.clock()
            if wait > 0:
                without_wait = 0
                await self.sleep(wait)
            else:
                without_wait += 1
                if without_wait % _CHUNKS_BETWEEN_YIELDS == 0:
                    await self.sleep(0)
            yield ChatGenerationChunk(message=message)
        if reply.failure:
            await self.sleep(max(0.0, start + reply.ends - self.clock()))
            raise reply.failure

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        start = self.clock()
        reply = self._reply(messages, stop)
        await self.sleep(max(0.0, start + reply.ends - self.clock()))
        return _result(reply)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        start = self.clock()
        reply = self._reply(messages, stop)
        for due, message in reply.stream():
            self._block_until(start + due)
            yield ChatGenerationChunk(message=message)
        if reply.failure:
            self._block_until(start + reply.ends)
            raise reply.failure

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        start = self.clock()
        reply = self._reply(messages, stop)
        self._block_until(start + reply.ends)
        return _result(reply)

    def _block_until(self, instant: float) -> None:
        if (wait := instant - self.clock()) > 0:
            self.sleep_blocking(wait)

    def _reply(self, messages: list[BaseMessage], stop: list[str] | None) -> Reply:
        text = answer(messages, self.seed, min_tokens=self.min_tokens, accented=self.fault == "split_utf8")
        tokens = split(_before(text, stop or []))
        finish_reason = "stop"
        if self.max_tokens is not None and len(tokens) > self.max_tokens:
            tokens = tokens[: self.max_tokens]
            finish_reason = "length"
        pace = Pace(self.ttft_ms / 1_000, self.tokens_per_second, self.jitter, self.tokens_per_chunk)
        return Reply(
            plan=plan(tokens or [""], pace, self.fault, seed=f"{self.seed}\n{text}"),
            finish_reason=finish_reason,
            input_tokens=sum(count(text_of(message)) for message in messages),
            output_tokens=len(tokens),
            model_name=SEEING_NAME if self.vision else MODEL_NAME,
        )


def _before(text: str, stop: list[str]) -> str:
    """`text` up to the first of the `stop` texts."""
    found = [at for mark in stop if mark and (at := text.find(mark)) >= 0]
    return text[: min(found)] if found else text


def _result(reply: Reply) -> ChatResult:
    if reply.failure:
        raise reply.failure
    return ChatResult(generations=[ChatGeneration(message=reply.message())])
