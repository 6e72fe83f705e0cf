"""The guided examples as data: one file a language, the same examples in the same order."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from chains.spec import RunRequest

FOLDER = Path(__file__).parent
SIMULATED: Mapping[str, str] = {"provider": "simulated", "model": "simulated"}


class Example(BaseModel):
    """One example: `look` says in two sentences what to look at, `press` which button shows it.

    `reading` is what is open after the run, `code_form` the form of its code; `page` is where it is shown.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    look: str
    page: Literal["playground", "chat"] = "playground"
    press: Literal["run", "against"] = "run"
    reading: Literal["", "rows", "text", "timing", "markdown", "message", "events", "code"] = ""
    code_form: str = ""
    request: RunRequest


class Group(BaseModel):
    """Examples that belong together, with a name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    examples: tuple[Example, ...] = Field(min_length=1)


@cache
def examples(language: str) -> tuple[Group, ...]:
    """All examples in a language, English where there are none; for the simulated model unless they say another."""
    path = FOLDER / f"{language}.toml"
    data: dict[str, Any] = tomllib.loads((path if path.exists() else FOLDER / "en.toml").read_text("utf-8"))
    return tuple(Group.model_validate(_with_model(group)) for group in data["group"])


def example(language: str, wanted: str) -> Example | None:
    """The example of that id."""
    return next((found for group in examples(language) for found in group.examples if found.id == wanted), None)


def _with_model(group: dict[str, Any]) -> dict[str, Any]:
    for found in group["examples"]:
        model = found["request"]["chain"].setdefault("model", {})
        found["request"]["chain"]["model"] = {**SIMULATED, **model}
    return group
