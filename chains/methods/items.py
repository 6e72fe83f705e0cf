"""One item of a run by a method: what is told of it, and what LangChain's callbacks say of its model's call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, cast
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage
from langchain_core.messages.utils import message_chunk_to_message
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, GenerationChunk, LLMResult
from pydantic import JsonValue

from chains.build import Chain
from chains.calling.chunks import pieces
from chains.calling.masking import Masking
from chains.calls import Answer, Clock, check_size, clean, message_as_json, outcome_of, readable, usage_of
from chains.events import Chunk, ChunkKind, Happening, ItemEnded, ItemStarted, RunStatus
from chains.outcomes import Outcome


class Say(Protocol):
    """Tells what happens now, or happened `at` an instant, from whichever thread it happens in; gives the instant."""

    def __call__(self, what: Happening, at: int | None = None) -> int: ...


class GivenUp(Exception):
    """Raised in a call whose run is over, where LangChain lets it end."""


@dataclass(slots=True)
class Item:
    """What is known of one item. Its calls come from one thread at a time."""

    index: int
    chain: Chain
    say: Say
    answer: Answer = field(init=False)
    started_ns: int = 0
    text: str = ""
    """All that was told of the answer's text."""
    status: RunStatus = "queued"

    def __post_init__(self) -> None:
        self.answer = Answer(Masking(self.chain.key))

    def start(self) -> None:
        """Tells the start, once."""
        if not self.started_ns:
            self.started_ns = self.say(ItemStarted(self.index))

    def chunk(self, kind: ChunkKind, text: str, at: int | None = None) -> int:
        """Tells a chunk and gives its instant. Raises `AnswerTooLong` behind the last that fits."""
        return self._tell(kind, self.answer.masking.take(kind, text), at)

    def rest(self, at: int | None = None) -> None:
        """Tells what of the chunks was held back, at their end."""
        for kind, text in self.answer.masking.rest():
            self._tell(kind, text, at)

    def _tell(self, kind: ChunkKind, text: str, at: int | None) -> int:
        most = self.chain.limits.answer_bytes
        fits = self.answer.take(text, most)
        self.text += fits if kind == "text" else ""
        instant = self.say(Chunk(self.index, kind, fits), at)
        check_size(self.answer.size, self.answer.told, most)
        return instant

    def events(self, result: object, clock: Clock, *, streamed: bool) -> list[Happening]:
        """Usage, where it is known, and the end; `result` is the method's for this item, also what it raised."""
        outcome = self._outcome(result, streamed=streamed)
        status: RunStatus = "done"
        if outcome is not None:
            status = "incomplete" if outcome.code == "incomplete" else "failed"
        found: list[Happening] = []
        usage = usage_of(self.index, self.answer.usage) if self.answer.usage else None
        if usage and self.answer.message is not None:
            found.append(usage)
        return [*found, self.ended(status, clock, outcome, None if isinstance(result, BaseException) else result)]

    def ended(self, status: RunStatus, clock: Clock, outcome: Outcome | None = None, value: object = None) -> ItemEnded:
        """The end of the item as an event."""
        self.status = status
        message, key = self.answer.message, self.chain.key
        return ItemEnded(
            self.index,
            status,
            finish_reason=self.answer.finish_reason,
            error=outcome.as_json() if outcome else None,
            attempts=1 if self.started_ns else 0,
            last_attempt_at=clock.since_ms(self.started_ns) if self.started_ns else 0.0,
            message=message_as_json(message, key, told=readable(message.text) == self.text) if message else None,
            value=clean(cast(JsonValue, value), key) if self.chain.parser is not None else None,
        )

    def _outcome(self, result: object, *, streamed: bool) -> Outcome | None:
        if isinstance(result, Outcome):
            return result
        if isinstance(result, BaseException):
            return outcome_of(result, self.chain)
        if streamed and self.chain.parser is not None and result is None:
            # The parser gives nothing for what is no JSON, and raises nothing either.
            return Outcome("parser_failed", {"parser": "JSON"})
        return Outcome("incomplete") if self.answer.finish_reason is None else None


class Seen(BaseCallbackHandler):
    """Listens to the model's call of one item: its start, its message and finish reason, its size.

    What it raises ends the call, before it is sent or at its next token: nothing else reaches into a thread.
    """

    raise_error = True
    run_inline = True

    def __init__(self, item: Item, *, streamed: bool, begin: Callable[[], None], may_go_on: Callable[[], bool]) -> None:
        self._item = item
        self._streamed = streamed
        self._begin = begin
        self._may_go_on = may_go_on
        self._size = 0
        self._chunks = 0

    def on_chat_model_start(self, serialized: Any, messages: Any, *, run_id: UUID, **more: Any) -> None:
        self._begin()
        self._item.start()

    def on_llm_new_token(
        self,
        token: Any,
        *,
        chunk: GenerationChunk | ChatGenerationChunk | None = None,
        run_id: UUID,
        **more: Any,
    ) -> None:
        if not self._may_go_on():
            raise GivenUp
        if isinstance(chunk, ChatGenerationChunk) and isinstance(chunk.message, AIMessage):
            self._note(chunk.message)
            self._size += len(readable(chunk.text).encode())
        self._chunks += 1
        check_size(self._size, self._chunks, self._item.chain.limits.answer_bytes)

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **more: Any) -> None:
        generation = response.generations[0][0]
        if not isinstance(generation, ChatGeneration) or not isinstance(generation.message, AIMessage):
            return
        message = generation.message
        self._item.answer.message = message_chunk_to_message(message)
        if not self._streamed:
            self._note(message)
            for kind, text in pieces(message, first=False):
                self._item.chunk(kind, text)
            self._item.rest()

    def _note(self, message: AIMessage) -> None:
        answer = self._item.answer
        answer.finish_reason = message.response_metadata.get("finish_reason") or answer.finish_reason
        answer.usage = message.usage_metadata or answer.usage
