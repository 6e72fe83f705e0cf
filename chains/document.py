"""What a person works on, as a value: a chain with what the form adds to it. Saved, shared and compared as this."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from chains.spec import MAX_TEMPLATE_CHARACTERS, ChainSpec, Inputs

FieldKind = Literal["text", "long", "number", "choice"]

MAX_CHOICES = 100
MAX_CHOICE_CHARACTERS = 200


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldSpec(_Value):
    """How a variable's value is asked for; `choices` are those of a choice."""

    kind: FieldKind = "text"
    choices: Annotated[
        tuple[Annotated[str, Field(max_length=MAX_CHOICE_CHARACTERS)], ...], Field(max_length=MAX_CHOICES)
    ] = ()


class OffSection(_Value):
    """A section that is switched off: kept, and not part of the template that runs."""

    row: Annotated[int, Field(ge=0)]
    """Index of its message among all rows of the chain (`ChainSpec.rows`)."""
    before: Annotated[int, Field(ge=0)]
    """How many of that message's sections that are on stand before it."""
    text: Annotated[str, Field(max_length=MAX_TEMPLATE_CHARACTERS)]
    """A heading's line and what follows it, to the next heading of any level or the end; or what precedes the first."""


class Document(_Value):
    """A chain, how its variables are asked for, its sections that are off, and values for its variables if wanted."""

    chain: ChainSpec
    fields: dict[str, FieldSpec] = Field(default_factory=dict)
    off: tuple[OffSection, ...] = ()
    inputs: Inputs | None = None
