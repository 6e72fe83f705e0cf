"""LangChain's own methods by name, and what a person should know before running with one."""

from collections.abc import Mapping
from typing import Final, Literal

from chains.outcomes import Outcome, Refused
from chains.spec import Mode, Parser, RunRequest, RunWith
from chains.words import mark

Method = Literal["invoke", "batch", "stream", "ainvoke", "abatch", "astream"]

SYNC: Final[frozenset[Method]] = frozenset({"invoke", "batch", "stream"})
STREAMS: Final[frozenset[Method]] = frozenset({"stream", "astream"})
BATCHES: Final[frozenset[Method]] = frozenset({"batch", "abatch"})

_TWINS: Final[Mapping[Mode, Method]] = {"invoke": "ainvoke", "batch": "abatch", "stream": "astream"}
_ENDS_ALONE: Final = mark(
    "It runs in a thread and cannot be stopped: Stop ends the run at once, but the provider goes on to the end of its "
    "answer, and its connection stays open so long."
)
_BATCH_ENDS_ALONE: Final = mark(
    "It runs in threads and cannot be stopped: Stop ends the run at once and sends no further rows, but the calls "
    "under way go on to their end, and their connections stay open so long."
)
_STOPS: Final = mark("Stop closes the provider's connection at once.")
_BATCH_STOPS: Final = mark("Stop closes all connections at once; no row counts as done before the whole batch is.")
_BARE: Final = mark("After the text parser a chunk is a bare string: reasoning and the kinds of chunks are not seen.")
_GROWS: Final = mark(
    "The JSON parser gives the whole value so far at each chunk: shown is how its JSON grows, not the model's own text."
)
_ALL_AT_ONCE: Final = mark(
    "It hands over all answers at the end; a callback tells when the model's call of a row began and ended, not its "
    "first token."
)
_WHOLE: Final = mark("The answer comes as a whole: its first token is not seen.")


def method_of(mode: Mode, run_with: RunWith) -> Method | None:
    """The method that runs a request of that mode; None for the engine."""
    if run_with == "engine":
        return None
    return mode if run_with == "sync" else _TWINS[mode]


def method_of_request(request: RunRequest) -> Method | None:
    return method_of(request.mode, request.run_with)


def check(request: RunRequest) -> None:
    """Raises `Refused` for a method and branches: `RunnableParallel` gives up all of them when one fails."""
    if request.run_with != "engine" and request.chain.branches:
        raise Refused(Outcome("branches_by_method"))


def notes(method: Method, parser: Parser) -> tuple[str, str]:
    """What cannot be stopped and what cannot be seen: two message ids, the second '' where all is seen."""
    if method in BATCHES:
        return (_BATCH_ENDS_ALONE if method in SYNC else _BATCH_STOPS), _ALL_AT_ONCE
    stops = _ENDS_ALONE if method in SYNC else _STOPS
    if method not in STREAMS:
        return stops, _WHOLE
    return stops, {"text": _BARE, "json": _GROWS, "message": ""}[parser]
