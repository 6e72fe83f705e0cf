"""Rows of the list of runs, and which of them are wanted: plain values, free of the database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A row of the list. `created` is seconds since 1970, `size` characters kept."""

    id: str
    created: float
    status: str
    mode: str
    name: str
    provider: str
    model: str
    items: int
    preview: str
    ttft_ms: float | None
    e2e_ms: float | None
    chunks: int
    size: int


@dataclass(frozen=True, slots=True)
class Filter:
    """Which runs to list; an empty field does not filter.

    `text` is sought in names, models, prompts and the beginning of answers.
    """

    text: str = ""
    status: str = ""
    mode: str = ""
    provider: str = ""
