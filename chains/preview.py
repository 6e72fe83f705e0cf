"""The exact messages that a draft would send, and what they may weigh."""

from collections.abc import Mapping
from dataclasses import dataclass

from langchain_core.messages.utils import count_tokens_approximately
from pydantic import JsonValue

from chains.images import Picture
from chains.spec import ChainSpec
from chains.templates.pictured import pictures
from chains.templates.prompt import Prompt


@dataclass(frozen=True, slots=True)
class Preview:
    """`rows` are role and text; `tokens` is an estimate of the texts alone."""

    rows: tuple[tuple[str, str], ...]
    tokens: int
    pictures: tuple[tuple[Picture, ...], ...] = ()
    """The images of each row."""


def previews(chain: ChainSpec, inputs: Mapping[str, JsonValue]) -> dict[str, Preview]:
    """What each branch would send, by name; a chain without branches under ''. Raises `Refused` as a run would."""
    Prompt.build(chain.rows, chain.template_format)
    return {name: preview(each, inputs) for name, each in (chain.parted() or {"": chain}).items()}


def preview(chain: ChainSpec, inputs: Mapping[str, JsonValue]) -> Preview:
    """Renders the shared rows as a run would. Raises `Refused` as a run would."""
    messages = Prompt.build(chain.messages, chain.template_format, chain.partials).render(dict(inputs))
    rows = tuple((message.type, message.text) for message in messages)
    texts = [message.model_copy(update={"content": message.text}) for message in messages]
    return Preview(rows, count_tokens_approximately(texts), tuple(tuple(pictures(message)) for message in messages))
