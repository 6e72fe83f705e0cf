"""Message rows → LangChain's `ChatPromptTemplate` → messages; refused before a run where LangChain would fail.

`Prompt` is built once and rendered for each input; the functions below it are for a single use. Templates are always
rebuilt from their text (`model_copy(update=…)` would skip every check), and a placeholder from its bare name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from langchain_core.messages import BaseMessage
from langchain_core.prompts import (
    AIMessagePromptTemplate,
    ChatPromptTemplate,
    HumanMessagePromptTemplate,
    MessagesPlaceholder,
    SystemMessagePromptTemplate,
)
from langchain_core.prompts.message import BaseMessagePromptTemplate
from pydantic import JsonValue

from chains.outcomes import Outcome, Refused
from chains.spec import ChainSpec, MessageSpec, TemplateFormat
from chains.templates.asks import asks
from chains.templates.names import RESERVED
from chains.templates.pictured import PicturedHuman
from chains.templates.problems import RefusedTemplate, TemplateProblem
from chains.templates.rows import placeholder_names
from chains.templates.size import Part, Scale, names, parts, too_long
from chains.templates.values import check_value, history, is_blank

MAX_PROMPT_BYTES: Final = 1_000_000

_TEMPLATES: Final = {
    "system": SystemMessagePromptTemplate,
    "human": HumanMessagePromptTemplate,
    "ai": AIMessagePromptTemplate,
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt that can run. `build` is the way to make one."""

    template: ChatPromptTemplate
    variables: tuple[str, ...]
    """What the prompt asks values for, in order of first appearance."""
    section_variables: tuple[str, ...]
    """Those of `variables` that open a mustache section: they take lists, objects and booleans too."""
    placeholders: tuple[str, ...]
    """Variables that take a list of messages, or nothing."""
    partials: Mapping[str, JsonValue]
    """Values bound once; like LangChain's, an input of that name goes before, and one that no row uses is ignored."""
    _parts: tuple[Part, ...]
    _looked_up: tuple[str, ...]

    @classmethod
    def build(
        cls,
        messages: Sequence[MessageSpec],
        template_format: TemplateFormat,
        partials: Mapping[str, JsonValue] | None = None,
    ) -> "Prompt":
        """Raises RefusedTemplate with every problem of every row."""
        asked = asks(messages, template_format)
        if asked.problems:
            raise RefusedTemplate(asked.problems)
        texts = [message.template for message in messages if message.role != "placeholder"]
        of = tuple(part for text in texts for part in parts(text, template_format))
        return cls(
            template=ChatPromptTemplate([_row(message, template_format) for message in messages]),
            variables=tuple(name for name in asked.variables if name not in (partials or {})),
            section_variables=asked.section_variables,
            placeholders=asked.placeholders,
            partials=partials or {},
            _parts=of,
            _looked_up=tuple(name for name in dict.fromkeys(names(of)) if name not in RESERVED),
        )

    def values(self, inputs: Mapping[str, JsonValue], max_bytes: int = MAX_PROMPT_BYTES) -> dict[str, object]:
        """What LangChain needs of `inputs`, histories as messages: safe to give to `template`.

        Raises Refused: `missing_variable`, `bad_value`, `bad_history`, `prompt_too_long` and `too_many_steps`.
        """
        missing = [name for name in self.variables if self._is_missing(name, inputs)]
        if missing:
            raise Refused(Outcome("missing_variable", {"names": ", ".join(missing)}))
        values: dict[str, object] = {}
        inputs = {**self.partials, **inputs}
        scale = Scale(max_bytes)
        for name in self.placeholders:
            messages = history(name, inputs.get(name))
            scale.add(sum(len(message.content) for message in messages))
            values[name] = messages
        for name in self._looked_up:
            if name in inputs and name not in values:
                check_value(name, inputs[name])
                values[name] = inputs[name]
        scale.weigh(self._parts, values)
        return values

    def bound(self) -> dict[str, object]:
        """What this prompt uses of its partials, histories as messages. Raises Refused (`bad_history`)."""
        used = {name: value for name, value in self.partials.items() if name in (*self._looked_up, *self.placeholders)}
        return {name: history(name, value) if name in self.placeholders else value for name, value in used.items()}

    def render(self, inputs: Mapping[str, JsonValue], max_bytes: int = MAX_PROMPT_BYTES) -> list[BaseMessage]:
        """The messages that a model gets for `inputs`. Raises what `values` raises."""
        messages = self.template.format_messages(**self.values(inputs, max_bytes))
        if sum(len(message.text.encode()) for message in messages) > max_bytes:
            raise too_long(max_bytes)
        return messages

    def _is_missing(self, name: str, inputs: Mapping[str, JsonValue]) -> bool:
        return name not in inputs or (name not in self.section_variables and is_blank(inputs[name]))


def check(messages: Sequence[MessageSpec], template_format: TemplateFormat) -> tuple[TemplateProblem, ...]:
    """Everything that keeps `messages` from running, in reading order; empty when they run."""
    return asks(messages, template_format).problems


def variables(messages: Sequence[MessageSpec], template_format: TemplateFormat) -> tuple[str, ...]:
    """The names to ask values for, in order of first appearance, without the placeholders.

    The names of a sound row are those that LangChain finds in it; of a row with problems, the fields that are right.
    """
    return asks(messages, template_format).variables


def asked(chain: ChainSpec) -> tuple[str, ...]:
    """The names that every input of a chain needs a value for: its variables, without those that are bound."""
    found = variables(chain.rows, chain.template_format)
    return tuple(name for name in found if name not in chain.partials)


def section_variables(messages: Sequence[MessageSpec]) -> tuple[str, ...]:
    """The variables that open a section when the templates are mustache: lists, objects and booleans fit them."""
    return asks(messages, "mustache").section_variables


def placeholders(messages: Sequence[MessageSpec]) -> tuple[str, ...]:
    """The names of the rows that take a list of messages, those with a problem left out."""
    return placeholder_names(messages)


def build(messages: Sequence[MessageSpec], template_format: TemplateFormat) -> ChatPromptTemplate:
    """LangChain's template for `messages`. Raises RefusedTemplate."""
    return Prompt.build(messages, template_format).template


def render(
    messages: Sequence[MessageSpec],
    template_format: TemplateFormat,
    inputs: Mapping[str, JsonValue],
    max_bytes: int = MAX_PROMPT_BYTES,
) -> list[BaseMessage]:
    """The messages that a model gets. Raises RefusedTemplate, and Refused as `Prompt.values` does."""
    return Prompt.build(messages, template_format).render(inputs, max_bytes)


def _row(message: MessageSpec, template_format: TemplateFormat) -> BaseMessagePromptTemplate:
    if message.role == "placeholder":
        return MessagesPlaceholder(message.template, optional=True)
    if message.images:
        return PicturedHuman.from_template(message.template, template_format=template_format, images=message.images)
    return _TEMPLATES[message.role].from_template(message.template, template_format=template_format)
