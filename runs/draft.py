"""A draft as a value: what is on the form of one tab, as the store keeps it."""

from dataclasses import dataclass
from typing import Final

MAX_CHARACTERS: Final = 2_000_000
"""Of one draft, its images not counted."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a draft is kept: its id (128 random bits) and the number of its last change, from 1.

    `writer` tells who keeps it there: a name of a session's own for each draft that it works on, '' for nobody.
    """

    id: str = ""
    revision: int = 0
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """`content` is JSON that the form can read, with its images; `run` the run that it showed, '' for none."""

    place: Place
    content: str
    run: str
