"""Sections that can be inserted, as data: each in every language, the words of the prompt and not of the screen."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

FILE: Final = Path(__file__).parent / "palette.toml"
LANGUAGES: Final = ("en", "ko")


class Offer(BaseModel):
    """A section to insert; it holds no braces, and so is the same in every template format."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1)
    text: str = Field(pattern=r"^# [^{}]+$")


@cache
def offers(language: str) -> Mapping[str, Offer]:
    """All sections in a language, by id; in English where that language has none."""
    known = language if language in LANGUAGES else "en"
    found = tomllib.loads(FILE.read_text("utf-8"))["section"]
    return {section["id"]: Offer.model_validate(section[known]) for section in found}
