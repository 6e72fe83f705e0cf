"""Parameters that a person can turn on: their names, kinds and bounds, for forms and for refusals."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from chains.outcomes import Outcome, RefusedModel
from chains.phrases import Phrase, Value
from chains.words import mark

Kind = Literal["number", "integer", "choice", "text", "texts"]

SENT_AS_THEY_ARE = frozenset({"temperature", "top_p", "seed", "stop", "frequency_penalty", "presence_penalty"})
"""What `ChatOpenAI` takes under its own name and does not change; the others go into the body beside them."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """`start` is what a form shows once the parameter is turned on (never sent unasked); `help` is a message id."""

    name: str
    kind: Kind
    start: JsonValue
    help: str
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""


LIMITS = (
    Parameter("connect_timeout_s", "number", 5, mark("Give up when no connection comes about."), 0.001, 60, unit="s"),
    Parameter(
        "chunk_timeout_s",
        "number",
        60,
        mark("Give up when no chunk comes for so long; Invoke, which has none, goes by run_timeout_s alone."),
        0.001,
        3_600,
        unit="s",
    ),
    Parameter("run_timeout_s", "number", 600, mark("Give up when an answer takes longer."), 0.001, 86_400, unit="s"),
    Parameter("max_retries", "integer", 2, mark("Attempts after the first, before the first chunk only."), 0, 2),
)
"""Those of a run, whoever the provider is: they are ours, and are not sent."""


def check(values: Mapping[str, JsonValue], known: Iterable[Parameter], *, others: bool = False) -> None:
    """Raises `RefusedModel` naming the first parameter that does not fit; unknown ones pass with `others`."""
    by_name = {parameter.name: parameter for parameter in known}
    for name, value in values.items():
        if name not in by_name:
            if others:
                continue
            raise refusal(name, Phrase("unknown_parameter", {"known": ", ".join(sorted(by_name))}))
        reason = misfit(by_name[name], value)
        if reason:
            raise refusal(name, reason)


def misfit(parameter: Parameter, value: JsonValue) -> Phrase | None:
    """Why `value` does not fit; None when it does."""
    match parameter.kind:
        case "number" | "integer":
            return _misfit_number(parameter, value)
        case "choice":
            fits, wanted = value in parameter.choices, Phrase("one_of", {"choices": ", ".join(parameter.choices)})
        case "text":
            fits, wanted = isinstance(value, str), Phrase("text_wanted")
        case "texts":
            fits = isinstance(value, list) and all(isinstance(text, str) and text for text in value)
            wanted = Phrase("texts_wanted")
    return None if fits else wanted


def refusal(name: str, reason: Value) -> RefusedModel:
    return RefusedModel(Outcome("bad_parameter", {"parameter": name, "reason": reason}))


def _misfit_number(parameter: Parameter, value: JsonValue) -> Phrase | None:
    least = -math.inf if parameter.least is None else parameter.least
    most = math.inf if parameter.most is None else parameter.most
    code = "integer_wanted" if parameter.kind == "integer" else "number_wanted"
    wanted = Phrase(code, {"least": f"{least:g}", "most": f"{most:g}"})
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return wanted
    if parameter.kind == "integer" and value != int(value):
        return wanted
    return None if least <= value <= most else wanted
