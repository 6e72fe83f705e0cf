"""`POST /api/chat`: a question and a history become a run of a chain; its events become tokens."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from chains.events import Chunk, Fault, ItemEnded, RunEnded
from chains.outcomes import Outcome, Refused
from chains.phrases import Phrase
from chains.spec import MAX_MESSAGES, ChainSpec, MessageSpec, ModelSpec, RunRequest
from chains.templates.problems import RefusedTemplate
from chains.templates.prompt import check, variables
from runs.log import RunLog

HISTORY = "chat_history"
DEFAULT_CHAIN = ChainSpec(
    name="chat",
    messages=(
        MessageSpec(role="system", template="You are a helpful assistant."),
        MessageSpec(role="placeholder", template=HISTORY),
        MessageSpec(role="human", template="{question}"),
    ),
    model=ModelSpec(provider="simulated", model="simulated"),
)

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


class Turn(BaseModel):
    """One earlier message."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["human", "ai"]
    content: str


class ChatRequest(BaseModel):
    """A question, what was said before, and the chain to ask; the default chain without one."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(min_length=1)]
    chat_history: list[Turn] = Field(default_factory=list)
    chain: ChainSpec | None = None


def to_run(chat: ChatRequest) -> RunRequest:
    """The run that answers. Raises `Refused` for branches, a broken template, no single variable for the question."""
    chain = chat.chain or DEFAULT_CHAIN
    if chain.branches:
        raise _unfit("parallel_chain")
    if problems := check(chain.messages, chain.template_format):
        raise RefusedTemplate(problems)
    last = max((i for i, row in enumerate(chain.messages) if row.role == "human"), default=None)
    if last is None:
        raise _unfit("no_human_message")
    asked = variables([chain.messages[last]], chain.template_format)
    every = variables(chain.messages, chain.template_format)
    if len(asked) != 1 or every != asked:
        raise _unfit("other_variables", names=", ".join(every)) if every else _unfit("no_variable")
    rows = list(chain.messages)
    history = next((row.template for row in rows if row.role == "placeholder"), "")
    if not history:
        history = HISTORY if asked != (HISTORY,) else f"{HISTORY}_"
        rows.insert(last, MessageSpec(role="placeholder", template=history))
    if len(rows) > MAX_MESSAGES:
        raise _unfit("full_chain", most=str(MAX_MESSAGES))
    turns: list[JsonValue] = [{"role": turn.role, "content": turn.content} for turn in chat.chat_history]
    return RunRequest(
        chain=chain.model_copy(update={"messages": tuple(rows)}),
        inputs=({asked[0]: chat.question, history: turns},),
        mode="stream",
    )


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


def _unfit(code: str, **values: str) -> Refused:
    return Refused(Outcome("unfit_for_chat", {"reason": Phrase(code, values)}))
