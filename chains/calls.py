"""The clock: one item of a run, with its attempts.

The only caller of LangChain's run methods. The prompt is rendered once, before the clock starts, so that its size can
be refused and its cost is not the model's; then the model is streamed (or invoked), every chunk is stamped where it is
received, and the collected message goes to the parser. A vendor's exception becomes an event here and nowhere else.
"""

import asyncio
import json
import logging
import re
import time
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import cast

from langchain_core.exceptions import OutputParserException
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import AIMessageChunk, UsageMetadata, add_ai_message_chunks
from langchain_core.messages.utils import message_chunk_to_message
from pydantic import JsonValue, SecretStr

from chains.build import Chain
from chains.calling.chunks import pieces
from chains.calling.faults import RETRYABLE, translate, without_key
from chains.calling.masking import Masking, masked
from chains.events import Chunk, Happening, ItemEnded, ItemStarted, Retry, RunStatus, Usage, encode_json
from chains.images import without_images
from chains.outcomes import Outcome, Refused
from chains.phrases import Phrase, Value, said
from chains.spec import Inputs

Tell = Callable[[int, Happening], None]
"""Takes an instant (`perf_counter_ns`) and what happened then; called on the engine's loop, must not wait."""

FIRST_WAIT_S = 0.5
MAX_CHUNKS = 250_000
"""Of one attempt, empty ones too; the longest simulated answer has 200,002."""

_HALF = re.compile("[\ud800-\udfff]")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clock:
    """The instants and the waiting of a call, as arguments."""

    now_ns: Callable[[], int] = time.perf_counter_ns
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    began_ns: int = 0
    """When the run began; instants in events that are not stamps are ms since then."""

    def since_ms(self, instant_ns: int) -> float:
        return round((instant_ns - self.began_ns) / 1e6, 3)


@dataclass(slots=True)
class Answer:
    """What has come in one attempt."""

    masking: Masking
    chunks: list[AIMessageChunk] = field(default_factory=list)
    message: BaseMessage | None = None
    finish_reason: str | None = None
    usage: UsageMetadata | None = None
    size: int = 0
    """In bytes."""
    told: int = 0
    """How many chunks were told."""

    def take(self, text: str, most: int) -> str:
        """Adds the size of `text` and gives what of it fits into `most` bytes, half characters replaced."""
        self.told += 1
        room = most - self.size
        if text.isascii():
            self.size += len(text)
            return text if len(text) <= room else text[:room]
        data = readable(text).encode()
        self.size += len(data)
        return data[:room].decode("utf-8", "ignore")


class AnswerTooLong(Exception):
    """The answer passed a cap."""

    def __init__(self, limit: Value) -> None:
        super().__init__(said(limit))
        self.limit = limit


@dataclass(slots=True)
class Call:
    """One item to run, once."""

    chain: Chain
    inputs: Inputs
    item: int
    streamed: bool
    clock: Clock
    attempts: int = field(default=0, init=False)
    """How many have begun."""
    last_ns: int = field(default=0, init=False)
    """When the last one did."""

    async def run(self, tell: Tell) -> RunStatus:
        """Tells what happens, from `item_started` to `item_ended`, and returns the item's status.

        Raises only `CancelledError`: then `item_ended` is the caller's to tell, who knows why; see `cut_short`.
        """
        started = ItemStarted(self.item)
        try:
            messages = self.chain.prompt.render(self.inputs)
        except Refused as refused:
            self.last_ns = self.clock.now_ns()
            tell(self.last_ns, started)
            return self._end(tell, refused.outcome)
        tell(self.clock.now_ns(), started)
        return await self._attempts(messages, tell)

    def cut_short(self, status: RunStatus) -> tuple[Happening, ...]:
        """What is left to tell of an item whose `run` was cancelled."""
        return (self._ended(status),)

    async def _attempts(self, messages: list[BaseMessage], tell: Tell) -> RunStatus:
        deadline = asyncio.get_running_loop().time() + self.chain.limits.run_s
        while True:
            self.attempts += 1
            answer, self.last_ns = Answer(Masking(self.chain.key)), self.clock.now_ns()
            outcome = await self._attempt(messages, answer, deadline, tell)
            if (
                outcome is None
                or answer.chunks
                or outcome.code not in RETRYABLE
                or self.attempts > self.chain.limits.retries
            ):
                break
            wait = FIRST_WAIT_S * 2 ** (self.attempts - 1)
            tell(self.clock.now_ns(), Retry(self.item, self.attempts, wait * 1000, outcome.as_json()))
            await self.clock.sleep(wait)
        if outcome is not None:
            return self._end(tell, outcome)
        return await self._finish(answer, tell)

    async def _attempt(
        self, messages: list[BaseMessage], answer: Answer, deadline: float, tell: Tell
    ) -> Outcome | None:
        limits, loop = self.chain.limits, asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(deadline) as limit:
                if self.streamed:
                    await self._stream(messages, answer, tell, limit, deadline)
                else:
                    await self._invoke(messages, answer, tell)
        # A model's class may raise anything; every failure of it is an outcome of the run, and is logged if unknown.
        except Exception as error:  # noqa: BLE001
            if limit.expired():
                over = loop.time() >= deadline
                return Outcome(
                    "timeout" if over else "stalled", {"seconds": f"{limits.run_s if over else limits.chunk_s:g}"}
                )
            return outcome_of(error, self.chain)
        return None

    async def _stream(
        self, messages: list[BaseMessage], answer: Answer, tell: Tell, limit: asyncio.Timeout, deadline: float
    ) -> None:
        now_ns, loop_time = self.clock.now_ns, asyncio.get_running_loop().time
        chunk_s = self.chain.limits.chunk_s
        limit.reschedule(min(loop_time() + chunk_s, deadline))
        # A stream that is only dropped keeps its connection until it is collected.
        chunks = cast(AsyncGenerator[AIMessageChunk, None], self.chain.model.astream(messages))
        async with aclosing(chunks):
            async for chunk in chunks:
                instant = now_ns()
                limit.reschedule(min(loop_time() + chunk_s, deadline))
                first = not answer.chunks
                answer.chunks.append(chunk)
                self._tell_pieces(chunk, first, answer, instant, tell)
        self._tell_rest(answer, tell)
        answer.message = message_chunk_to_message(_merged(answer.chunks))
        for chunk in answer.chunks:
            answer.finish_reason = chunk.response_metadata.get("finish_reason") or answer.finish_reason
            answer.usage = chunk.usage_metadata or answer.usage

    async def _invoke(self, messages: list[BaseMessage], answer: Answer, tell: Tell) -> None:
        message = await self.chain.model.ainvoke(messages)
        instant = self.clock.now_ns()
        answer.message = message
        self._tell_pieces(message, False, answer, instant, tell)
        self._tell_rest(answer, tell)
        answer.finish_reason = message.response_metadata.get("finish_reason")
        answer.usage = message.usage_metadata

    def _tell_pieces(self, message: AIMessage, first: bool, answer: Answer, instant: int, tell: Tell) -> None:
        most = self.chain.limits.answer_bytes
        for kind, text in pieces(message, first=first):
            tell(instant, Chunk(self.item, kind, answer.take(answer.masking.take(kind, text), most)))
            check_size(answer.size, answer.told, most)

    def _tell_rest(self, answer: Answer, tell: Tell) -> None:
        for kind, text in answer.masking.rest():
            tell(self.clock.now_ns(), Chunk(self.item, kind, answer.take(text, self.chain.limits.answer_bytes)))

    async def _finish(self, answer: Answer, tell: Tell) -> RunStatus:
        message = cast(AIMessage, answer.message)
        if answer.usage and (usage := usage_of(self.item, answer.usage)):
            tell(self.clock.now_ns(), usage)
        status: RunStatus = "done"
        outcome, value = None, None
        if answer.finish_reason is None:
            status, outcome = "incomplete", Outcome("incomplete")
        if self.chain.parser is not None:
            try:
                value = await self.chain.parser.ainvoke(readable(message.text))
            except OutputParserException as error:
                status, outcome = "failed", outcome_of(error, self.chain)
        ended = replace(
            self._ended(status, outcome),
            finish_reason=answer.finish_reason,
            message=message_as_json(message, self.chain.key),
            value=clean(value, self.chain.key),
        )
        tell(self.clock.now_ns(), ended)
        return status

    def _end(self, tell: Tell, outcome: Outcome) -> RunStatus:
        tell(self.clock.now_ns(), self._ended("failed", outcome))
        return "failed"

    def _ended(self, status: RunStatus, outcome: Outcome | None = None) -> ItemEnded:
        fault, at = outcome.as_json() if outcome else None, self.clock.since_ms(self.last_ns)
        return ItemEnded(self.item, status, error=fault, attempts=self.attempts, last_attempt_at=at)


def check_size(size: int, chunks: int, most: int) -> None:
    """Raises `AnswerTooLong` for more than `most` bytes or `MAX_CHUNKS` chunks."""
    if size > most:
        raise AnswerTooLong(f"{most / 1e6:g} MB")
    if chunks > MAX_CHUNKS:
        raise AnswerTooLong(Phrase("chunks", {"count": f"{MAX_CHUNKS:,}"}))


def outcome_of(error: BaseException, chain: Chain) -> Outcome:
    """What a failure of a model or a parser means; logged where nothing is known of it."""
    match error:
        case AnswerTooLong():
            return Outcome("answer_too_long", {"limit": error.limit})
        case OutputParserException():
            return Outcome("parser_failed", {"parser": "JSON"}, str(error)[:2_000])
    outcome = translate(error, chain.explain, chain.names, chain.key)
    if outcome.code == "internal":
        trace = "".join(traceback.format_exception(error))
        _log.error("unexpected failure of a model\n%s", without_images(without_key(trace, chain.key)))
    return outcome


def readable(text: str) -> str:
    """`text` with a sign in place of each half of a character, which no UTF-8 can carry."""
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", text)


def clean(value: JsonValue, key: SecretStr) -> JsonValue:
    """`value` as every reader of its JSON gets it: without half characters, NaN, and the key in its texts."""
    return masked(cast(JsonValue, json.loads(encode_json(value))), key)


def _merged(chunks: Sequence[AIMessageChunk]) -> AIMessageChunk:
    return add_ai_message_chunks(chunks[0], *chunks[1:]) if len(chunks) > 1 else chunks[0]


def usage_of(item: int, usage: UsageMetadata) -> Usage | None:
    """None for what a server sends that no counting gives, such as NaN."""
    counts = usage["input_tokens"], usage["output_tokens"], usage["total_tokens"]
    if not all(type(count) is int and count >= 0 for count in counts):
        return None
    reasoning = usage.get("output_token_details", {}).get("reasoning")
    return Usage(item, *counts, reasoning if type(reasoning) is int else None)


def message_as_json(message: BaseMessage, key: SecretStr, *, told: bool = True) -> dict[str, JsonValue] | None:
    """The message as JSON, without the key; a text that was `told` in chunks is left out.

    None for one too deep to be written.
    """
    try:
        wire = cast(dict[str, JsonValue], message.model_dump(mode="json", warnings=False, fallback=repr))
        if told and isinstance(wire["content"], str):
            del wire["content"]
        return cast(dict[str, JsonValue], clean(wire, key))
    except (ValueError, RecursionError):
        return None
