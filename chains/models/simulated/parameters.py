"""What a user sets on the simulated model: types, ranges, defaults and meanings, as a JSON schema too."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from chains.models.simulated.traffic import Fault

BOUNDS: Mapping[str, tuple[float, float]] = {
    "ttft_ms": (0, 600_000),
    "tokens_per_second": (0.1, 100_000),
    "jitter": (0, 1),
    "tokens_per_chunk": (1, 1_000),
    "max_tokens": (1, 200_000),
    "min_tokens": (1, 200_000),
    "seed": (-(2**31), 2**31),
}
"""The least and the most of each number."""


def _within(name: str) -> FieldInfo:
    least, most = BOUNDS[name]
    field: FieldInfo = Field(ge=least, le=most)
    return field


class SimulatedParameters(BaseModel):
    """The fields of a form. Unknown ones are refused by name."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    ttft_ms: Annotated[float, _within("ttft_ms")] = 300
    """Time to first token, in ms."""

    tokens_per_second: Annotated[float, _within("tokens_per_second")] = 40
    """Speed after the first token."""

    jitter: Annotated[float, _within("jitter")] = 0.15
    """The share by which each gap may be shorter or longer: 0 for an even stream, 1 for gaps from none to double."""

    tokens_per_chunk: Annotated[int, _within("tokens_per_chunk")] = 1
    """How many tokens arrive together."""

    max_tokens: Annotated[int, _within("max_tokens")] | None = None
    """Where the answer is cut, with the finish reason `length`. It wins over `min_tokens`."""

    min_tokens: Annotated[int, _within("min_tokens")] | None = None
    """The length that the answer is extended to."""

    seed: Annotated[int, _within("seed")] = 0
    """Chooses the sentences and the jitter."""

    fault: Fault = "none"
    """What goes wrong."""
