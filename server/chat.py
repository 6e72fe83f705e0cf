"""`POST /api/chat`: a question and a history become a run of a chain; its events become tokens."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from chains.chat import DEFAULT_CHAIN, Message, ask
from chains.events import Chunk, Fault, ItemEnded, RunEnded
from chains.spec import ChainSpec, RunRequest
from runs.log import RunLog

CUT_SHORT: Mapping[str, Fault] = {
    "stopped": {
        "code": "stopped",
        "message": "The answer was stopped before its end.",
        "hint": "What came is kept. Ask again for a whole answer.",
    },
    "interrupted": {
        "code": "interrupted",
        "message": "The server ended before the answer did.",
        "hint": "What came is kept. Ask again when the server is back.",
    },
}


class ChatRequest(BaseModel):
    """A question, what was said before, and the chain to ask; the default chain without one."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(min_length=1)]
    chat_history: list[Message] = Field(default_factory=list)
    chain: ChainSpec | None = None


def to_run(chat: ChatRequest) -> RunRequest:
    """The run that answers. Raises `Refused` as `ask` does."""
    return ask(chat.chain or DEFAULT_CHAIN, chat.question, chat.chat_history)


async def tokens(log: RunLog) -> AsyncIterator[dict[str, JsonValue]]:
    """`{"token"}` for each piece of the answer's text, and one `{"error"}` when it is not all that was asked for."""
    told = False
    async for events in log.follow():
        for event in events:
            match event.what:
                case Chunk(kind="text", text=text) if text:
                    yield {"token": text}
                case (ItemEnded() | RunEnded()) as ended if not told and (fault := _fault(ended)) is not None:
                    told = True
                    yield {"error": dict(fault)}


def _fault(ended: ItemEnded | RunEnded) -> Fault | None:
    if ended.error:
        return ended.error
    return CUT_SHORT.get(ended.status) if isinstance(ended, RunEnded) else None
