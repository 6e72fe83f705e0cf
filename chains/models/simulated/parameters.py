"""What a user sets on the simulated model: types, ranges, defaults and meanings, as a JSON schema too."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chains.models.simulated.traffic import Fault

MAX_TOKENS = 200_000


class SimulatedParameters(BaseModel):
    """The fields of a form. Unknown ones are refused by name."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    ttft_ms: Annotated[float, Field(ge=0, le=600_000, allow_inf_nan=False)] = 300
    """Time to first token, in ms."""

    tokens_per_second: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)] = 40
    """Speed after the first token."""

    jitter: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.15
    """The share by which each gap may be shorter or longer: 0 for an even stream, 1 for gaps from none to double."""

    tokens_per_chunk: Annotated[int, Field(ge=1, le=1_000)] = 1
    """How many tokens arrive together."""

    max_tokens: Annotated[int, Field(ge=1, le=MAX_TOKENS)] | None = None
    """Where the answer is cut, with the finish reason `length`. It wins over `min_tokens`."""

    min_tokens: Annotated[int, Field(ge=1, le=MAX_TOKENS)] | None = None
    """The length that the answer is extended to."""

    seed: int = 0
    """Chooses the sentences and the jitter."""

    fault: Fault = "none"
    """What goes wrong."""
