"""What a run is asked to do, as values: `RunRequest` holds a `ChainSpec`, which holds a `ModelSpec`.

These are the JSON bodies of the HTTP contract too: unknown fields are refused by name, sizes are capped, and a key is
never part of them.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

TemplateFormat = Literal["f-string", "mustache"]
Role = Literal["system", "human", "ai", "placeholder"]
Parser = Literal["text", "message", "json"]
Mode = Literal["invoke", "batch", "stream"]
RunWith = Literal["engine", "sync", "async"]
"""Who runs the chain: the playground's engine, or LangChain's own method of the mode (`stream`), or its async twin."""

MAX_TEMPLATE_CHARACTERS = 50_000
MAX_MESSAGES = 200
MAX_INPUTS = 10_000
MAX_METHOD_INPUTS = 500
"""Of LangChain's own `batch` and `abatch`: `abatch` makes a task an input up front, on the loop of all runs."""
MAX_CONCURRENCY = 200

Inputs = dict[str, JsonValue]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MessageSpec(_Value):
    """One row of a prompt. The template of a `placeholder` row is the bare name of its variable."""

    role: Role
    template: Annotated[str, Field(max_length=MAX_TEMPLATE_CHARACTERS)]


class ModelSpec(_Value):
    """Which model, and the parameters that the user turned on (none is sent unless it is named here)."""

    provider: Annotated[str, Field(min_length=1, max_length=100)]
    model: Annotated[str, Field(max_length=300)] = ""
    base_url: Annotated[str, Field(max_length=2_000)] | None = None
    parameters: dict[str, JsonValue] = Field(default_factory=dict)


class ChainSpec(_Value):
    """A prompt template, a model and an output parser: `prompt | model | parser`."""

    name: Annotated[str, Field(max_length=200)] = ""
    messages: Annotated[tuple[MessageSpec, ...], Field(min_length=1, max_length=MAX_MESSAGES)]
    template_format: TemplateFormat = "f-string"
    model: ModelSpec
    parser: Parser = "text"


class RunRequest(_Value):
    """A chain, its inputs and how to run it. `invoke` and `stream` take exactly one input."""

    chain: ChainSpec
    inputs: Annotated[tuple[Inputs, ...], Field(min_length=1, max_length=MAX_INPUTS)]
    mode: Mode = "stream"
    max_concurrency: Annotated[int, Field(ge=1, le=MAX_CONCURRENCY)] = 3
    run_with: RunWith = "engine"

    @model_validator(mode="after")
    def _one_input_unless_batch(self) -> "RunRequest":
        if self.mode != "batch" and len(self.inputs) != 1:
            raise ValueError(f"mode {self.mode!r} takes exactly one input, not {len(self.inputs)}; use mode 'batch'")
        return self

    @model_validator(mode="after")
    def _few_inputs_for_a_method(self) -> "RunRequest":
        if self.run_with != "engine" and len(self.inputs) > MAX_METHOD_INPUTS:
            raise ValueError(
                f"run_with {self.run_with!r} takes at most {MAX_METHOD_INPUTS} inputs, not {len(self.inputs)}"
            )
        return self
