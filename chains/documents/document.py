"""What a person works on, as a value: a chain with what the form adds to it. Saved, shared and compared as this."""

import hashlib
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from chains.images import digest_of
from chains.spec import MAX_TEMPLATE_CHARACTERS, ChainSpec, Inputs, MessageSpec

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

    @property
    def fingerprint(self) -> str:
        """What tells a document from another, whatever values they have; quick, however large its images are."""
        rows = {"messages": _digested(self.chain.messages)}
        branches = [
            branch.model_copy(update={"messages": _digested(branch.messages)}) for branch in self.chain.branches or ()
        ]
        chain = self.chain.model_copy(update={**rows, "branches": tuple(branches) or None})
        text = self.model_copy(update={"chain": chain, "inputs": None}).model_dump_json()
        return hashlib.sha256(text.encode()).hexdigest()


def _digested(rows: Iterable[MessageSpec]) -> tuple[MessageSpec, ...]:
    """Rows with the digest of each image in its place."""
    return tuple(row.model_copy(update={"images": tuple(digest_of(uri) for uri in row.images)}) for row in rows)
