"""What a run is asked to do, as values: `RunRequest` holds a `ChainSpec`, which holds a `ModelSpec`.

These are the JSON bodies of the HTTP contract too: unknown fields are refused by name, sizes are capped, and a key is
never part of them.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from chains.branch_names import MAX_BRANCH_NAME, fits
from chains.images import MAX_IMAGES, MAX_RUN_BYTES, check_images, check_weight, weight

TemplateFormat = Literal["f-string", "mustache"]
Role = Literal["system", "human", "ai", "placeholder"]
Parser = Literal["text", "message", "json"]
Mode = Literal["invoke", "batch", "stream"]
RunWith = Literal["engine", "sync", "async"]
"""Who runs the chain: the playground's engine, or LangChain's own method of the mode (`stream`), or its async twin."""

MEANT: Mapping[str, Role] = {
    "user": "human",
    "assistant": "ai",
    "model": "ai",
    "bot": "ai",
    "developer": "system",
    "messages_placeholder": "placeholder",
}
"""Roles that others have, with ours: refused, as one chain is to be written in one way, with the word to write."""

MAX_TEMPLATE_CHARACTERS = 50_000
MAX_MESSAGES = 200
MAX_INPUTS = 10_000
MAX_METHOD_INPUTS = 500
"""Of LangChain's own `batch` and `abatch`: `abatch` makes a task an input up front, on the loop of all runs."""
MAX_CONCURRENCY = 200
MAX_METHOD_CONCURRENCY = 50
"""LangChain's own `batch` and `abatch` wait for all their places; with a quarter of them others find room beside it."""
MIN_BRANCHES = 2
MAX_BRANCHES = 10
MAX_VARIANTS = 50
MAX_VARIANT_NAME = 200

Inputs = dict[str, JsonValue]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class MessageSpec(_Value):
    """One row of a prompt. The template of a `placeholder` row is the bare name of its variable."""

    role: Role
    template: Annotated[str, Field(max_length=MAX_TEMPLATE_CHARACTERS)]
    images: Annotated[tuple[str, ...], Field(max_length=MAX_IMAGES)] = ()
    """Data URIs of PNG, JPEG or WebP images; a human message's only."""

    @field_validator("role", mode="before")
    @classmethod
    def _ours(cls, role: object) -> object:
        if isinstance(role, str) and (meant := MEANT.get(role.lower())):
            raise PydanticCustomError(
                "role_meant", "the role {role} is called {meant} here", {"role": role, "meant": meant}
            )
        return role

    @field_validator("images")
    @classmethod
    def _seen_by_a_human(cls, images: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if images and info.data.get("role", "human") != "human":
            raise PydanticCustomError("images_role", "only a human message holds images")
        check_images(images)
        return images


class ModelSpec(_Value):
    """Which model, and the parameters that the user turned on (none is sent unless it is named here)."""

    provider: Annotated[str, Field(min_length=1, max_length=100)]
    model: Annotated[str, Field(max_length=300)] = ""
    base_url: Annotated[str, Field(max_length=2_000)] | None = None
    parameters: dict[str, JsonValue] = Field(default_factory=dict)


class BranchSpec(_Value):
    """One branch of a chain: a name that Python takes as that of an argument, and the rows of its own."""

    name: Annotated[str, Field(max_length=MAX_BRANCH_NAME)]
    messages: Annotated[tuple[MessageSpec, ...], Field(min_length=1, max_length=MAX_MESSAGES)]

    @field_validator("name")
    @classmethod
    def _fits(cls, name: str) -> str:
        if not fits(name):
            raise PydanticCustomError(
                "branch_name", "a branch is named by letters, digits and _, not by a digit first or a word of Python"
            )
        return name


class ChainSpec(_Value):
    """A prompt template, a model and an output parser: `prompt | model | parser`.

    With `branches` it is `RunnableParallel(name=prompt | model | parser, …)`: every branch gets the same input at the
    same time, and its prompt is the rows of `messages`, which may be none then, followed by the branch's own.
    """

    name: Annotated[str, Field(max_length=200)] = ""
    branches: Annotated[tuple[BranchSpec, ...], Field(max_length=MAX_BRANCHES)] | None = None
    messages: Annotated[tuple[MessageSpec, ...], Field(max_length=MAX_MESSAGES)]
    template_format: TemplateFormat = "f-string"
    partials: Inputs = Field(default_factory=dict)
    """Values bound once, as by `prompt.partial(…)`: no inputs any more, though an input of that name goes before."""
    model: ModelSpec
    parser: Parser = "text"

    @field_validator("branches")
    @classmethod
    def _several_of_different_names(cls, branches: tuple[BranchSpec, ...] | None) -> tuple[BranchSpec, ...] | None:
        if branches is None:
            return None
        if len(branches) < MIN_BRANCHES:
            raise PydanticCustomError("one_branch", "at least two branches are wanted, or none")
        names = [branch.name for branch in branches]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise PydanticCustomError("branch_twice", "two branches are named {name}", {"name": twice})
        return branches

    @field_validator("messages")
    @classmethod
    def _rows_unless_branches_have_them(
        cls, messages: tuple[MessageSpec, ...], info: ValidationInfo
    ) -> tuple[MessageSpec, ...]:
        if not messages and info.data.get("branches", True) is None:
            raise PydanticCustomError("too_short", "at least one message is wanted", {"min_length": 1})
        return messages

    @model_validator(mode="after")
    def _images_of_a_weight(self) -> "ChainSpec":
        check_weight(uri for row in self.rows for uri in row.images)
        return self

    @property
    def rows(self) -> tuple[MessageSpec, ...]:
        """All rows: the shared ones, then those of each branch in order. A template's problem counts its row here."""
        return (*self.messages, *(row for branch in self.branches or () for row in branch.messages))

    @property
    def names(self) -> tuple[str, ...]:
        """The branches' names in order; none for a chain without branches."""
        return tuple(branch.name for branch in self.branches or ())

    def parted(self) -> Mapping[str, "ChainSpec"]:
        """Each branch as a chain of its own, by name."""
        return {
            branch.name: self.model_copy(update={"branches": None, "messages": (*self.messages, *branch.messages)})
            for branch in self.branches or ()
        }


class VariantSpec(_Value):
    """A prompt that a run tries: these rows in place of the chain's own."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_VARIANT_NAME)]
    messages: Annotated[tuple[MessageSpec, ...], Field(min_length=1, max_length=MAX_MESSAGES)]

    @model_validator(mode="after")
    def _images_of_a_weight(self) -> "VariantSpec":
        check_weight(uri for row in self.messages for uri in row.images)
        return self


class RunRequest(_Value):
    """A chain, its inputs and how to run it. `invoke` and `stream` take exactly one input.

    With `variants`, of a batch only, every input runs with the messages of each of them in place of the chain's. The
    items are those of the first input, a variant each, then those of the second, …; every other input has the variants
    in the opposite order (ABBA), so that none of them is always the first.
    """

    chain: ChainSpec
    inputs: Annotated[tuple[Inputs, ...], Field(min_length=1, max_length=MAX_INPUTS)]
    variants: Annotated[tuple[VariantSpec, ...], Field(min_length=1, max_length=MAX_VARIANTS)] | None = None
    mode: Mode = "stream"
    max_concurrency: Annotated[int, Field(ge=1, le=MAX_CONCURRENCY)] = 3
    run_with: RunWith = "engine"

    @property
    def at_once(self) -> int:
        """So many inputs run at once."""
        most = MAX_CONCURRENCY if self.run_with == "engine" else MAX_METHOD_CONCURRENCY
        return min(self.max_concurrency, most)

    @field_validator("variants")
    @classmethod
    def _of_different_names(cls, variants: tuple[VariantSpec, ...] | None) -> tuple[VariantSpec, ...] | None:
        names = [variant.name for variant in variants or ()]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise PydanticCustomError("variant_twice", "two variants are named {name}", {"name": twice})
        return variants

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

    @model_validator(mode="after")
    def _variants_only_where_they_can_run(self) -> "RunRequest":
        if self.variants is None:
            return self
        if self.mode != "batch":
            raise ValueError(f"mode {self.mode!r} takes no variants; use mode 'batch'")
        if self.run_with != "engine":
            raise ValueError(f"run_with {self.run_with!r} takes no variants; use run_with 'engine'")
        if self.chain.branches:
            raise ValueError("a chain with branches takes no variants")
        if self.items > MAX_INPUTS:
            raise ValueError(
                f"{len(self.inputs)} inputs with {len(self.variants)} variants are {self.items} items, "
                f"and a run takes at most {MAX_INPUTS}"
            )
        if weight(uri for variant in self.variants for row in variant.messages for uri in row.images) > MAX_RUN_BYTES:
            raise ValueError(f"the images of all variants may have {MAX_RUN_BYTES // 1_000_000} MB at most together")
        return self

    @property
    def items(self) -> int:
        """How many items the run has: one an input, or one an input and variant."""
        return len(self.inputs) * self._variants

    def input_of(self, item: int) -> int:
        """The index of an item's input."""
        return item // self._variants

    def variant_of(self, item: int) -> int | None:
        """The index of an item's variant; None for a run without variants."""
        if self.variants is None:
            return None
        row, place = divmod(item, self._variants)
        return self._variants - 1 - place if row % 2 else place

    def variant_name(self, item: int) -> str:
        """The name of an item's variant; '' for a run without variants."""
        variant = self.variant_of(item)
        return "" if self.variants is None or variant is None else self.variants[variant].name

    def item_of(self, row: int, variant: int) -> int:
        """The item of an input with a variant, by their indices; the variant is 0 for a run without variants."""
        return row * self._variants + (self._variants - 1 - variant if row % 2 else variant)

    def values_of(self, item: int) -> Inputs:
        """What an item's variables are given."""
        return self.inputs[self.input_of(item)]

    def of_variant(self, variant: int | None) -> "RunRequest":
        """The run of that variant alone, as one without variants; the run itself where there are none."""
        if self.variants is None or variant is None:
            return self
        chain = self.chain.model_copy(update={"messages": self.variants[variant].messages})
        return self.model_copy(update={"chain": chain, "variants": None})

    @property
    def _variants(self) -> int:
        return len(self.variants) if self.variants else 1
