"""A question and what was said before it, as a run of a chain: any chain whose only variable takes the question."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from chains.outcomes import Outcome, Refused
from chains.phrases import Phrase
from chains.spec import MAX_MESSAGES, ChainSpec, MessageSpec, ModelSpec, RunRequest
from chains.templates.problems import RefusedTemplate
from chains.templates.prompt import asked, check, variables

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


class Message(BaseModel):
    """One earlier message of a chat."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["human", "ai"]
    content: str


def ask(chain: ChainSpec, question: str, history: Sequence[Message]) -> RunRequest:
    """The run that answers.

    The history goes where a placeholder row stands, else before the last human message. Raises `Refused` for a broken
    template, for branches, or when the last human message does not hold the chain's only variable.
    """
    if chain.branches:
        raise _no_chat("parallel_chain")
    if problems := check(chain.messages, chain.template_format):
        raise RefusedTemplate(problems)
    last = max((i for i, row in enumerate(chain.messages) if row.role == "human"), default=None)
    if last is None:
        raise _no_chat("no_human_message")
    every = asked(chain)
    own = tuple(name for name in variables([chain.messages[last]], chain.template_format) if name in every)
    if len(own) != 1 or every != own:
        raise _no_chat("other_variables", names=", ".join(every)) if every else _no_chat("no_variable")
    rows = list(chain.messages)
    place = next((row.template for row in rows if row.role == "placeholder"), "")
    if not place:
        place = HISTORY if own != (HISTORY,) else f"{HISTORY}_"
        rows.insert(last, MessageSpec(role="placeholder", template=place))
    if len(rows) > MAX_MESSAGES:
        raise _no_chat("full_chain", most=str(MAX_MESSAGES))
    said: list[JsonValue] = [{"role": message.role, "content": message.content} for message in history]
    return RunRequest(
        chain=chain.model_copy(update={"messages": tuple(rows)}),
        inputs=({own[0]: question, place: said},),
        mode="stream",
    )


def _no_chat(code: str, **values: str) -> Refused:
    return Refused(Outcome("unfit_for_chat", {"reason": Phrase(code, values)}))
