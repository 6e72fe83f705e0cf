"""Everything that the doctor has to say about a prompt: problems and warnings, each with its place and its cures."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from pydantic import JsonValue

from chains.remembered import Remembered
from chains.spec import MessageSpec, TemplateFormat
from chains.templates import fstring, mustache, rows
from chains.templates.asks import key_of, weight_of
from chains.templates.doctor import fstring_cures, mustache_cures, mustache_warnings
from chains.templates.doctor.edits import Cure, Edit, Finding
from chains.templates.doctor.places import Places
from chains.templates.doctor.unseen import unseen
from chains.templates.names import LONG, MAX_NAME_CHARACTERS, suggestion
from chains.templates.problems import HALF, MAX_PROBLEMS, Piece, Reading, TemplateProblem
from chains.templates.prompt import placeholders, variables
from chains.words import mark

DELETE_IT: Final = mark("Delete it")

MAX_REMEMBERED: Final = 2_000_000
"""Characters of all templates of which the findings are remembered."""

_remembered: Final[Remembered[tuple[Finding, ...]]] = Remembered(MAX_REMEMBERED)
_NO_CURE: Final = (rows.TWICE, rows.TOO_MUCH, LONG)


def findings(
    messages: Sequence[MessageSpec],
    template_format: TemplateFormat,
    inputs: Sequence[Mapping[str, JsonValue]] = (),
    known: Collection[str] = (),
) -> tuple[Finding, ...]:
    """The problems and warnings of all rows, by row: problems first, each kind in reading order.

    `inputs` are the present values; a cure that makes braces literal keeps the fields named in `known`. No more than
    `MAX_PROBLEMS` of each kind are told of a row. What is found without values is remembered, and so it is shared.
    """
    names = frozenset(known)
    if inputs:
        return _findings(messages, template_format, inputs, names)
    return _remembered.get(
        (key_of(messages, template_format), names),
        weight_of(messages) + MAX_NAME_CHARACTERS * len(names),
        lambda: _findings(messages, template_format, (), names),
    )


def _findings(
    messages: Sequence[MessageSpec],
    template_format: TemplateFormat,
    inputs: Sequence[Mapping[str, JsonValue]],
    known: Collection[str],
) -> tuple[Finding, ...]:
    found: list[Finding] = []
    read = rows.read_rows(messages, template_format)
    texts = {reading.row: reading for reading in read.readings}
    for row, message in enumerate(messages):
        reading = texts.get(row)
        if reading is None:
            found += _of_placeholder(message.template, [each for each in read.problems if each.row == row])
        elif template_format == "mustache":
            found += _of_mustache(reading, inputs)
        else:
            found += _of_fstring(reading, known)
        found += unseen(message.template, row)
    return tuple(found)


def unused(messages: Sequence[MessageSpec], template_format: TemplateFormat, names: Iterable[str]) -> tuple[str, ...]:
    """Those of `names` that no message asks for: values that a run would not send."""
    asked = {*variables(messages, template_format), *placeholders(messages)}
    return tuple(name for name in dict.fromkeys(names) if name not in asked)


def _of_fstring(reading: Reading, known: Collection[str]) -> Iterator[Finding]:
    template, row = reading.template, reading.row
    places = Places(template)
    pieces = list(fstring.walk(template)) if reading.full else reading.pieces
    starts = [piece.start for piece in pieces]
    for problem in reading.problems:
        at = places.offset(problem.line, problem.column)
        piece = pieces[bisect_right(starts, at) - 1] if pieces else Piece(0, 0, "error")
        yield _finding(problem, at, fstring_cures.cures(problem, template, piece, known))
    yield from islice(fstring_cures.warnings(template, row, pieces), MAX_PROBLEMS)


def _of_mustache(reading: Reading, inputs: Sequence[Mapping[str, JsonValue]]) -> Iterator[Finding]:
    template, row = reading.template, reading.row
    places = Places(template)
    tags = list(islice(mustache.walk(template), mustache.MAX_TAGS + 1))
    for problem in reading.problems:
        at = places.offset(problem.line, problem.column)
        yield _finding(problem, at, mustache_cures.cures(problem, template, tags, at))
    if not reading.problems:
        found = islice(mustache_warnings.warnings(template, row, tags, inputs), MAX_PROBLEMS)
        yield from sorted(found, key=lambda warning: (warning.line, warning.column))


def _of_placeholder(template: str, problems: Sequence[TemplateProblem]) -> Iterator[Finding]:
    for problem in problems:
        name = problem.values.get("field", suggestion(template))
        cure = Cure(fstring_cures.WRITE, {"field": name}, (Edit(problem.row, 0, len(template), name),))
        yield _finding(problem, problem.column - 1, (cure,) if template else ())


def _finding(problem: TemplateProblem, at: int, cures: tuple[Cure, ...]) -> Finding:
    words = (problem.message, problem.hint)
    if words == HALF:
        cures = (Cure(DELETE_IT, {}, (Edit(problem.row, at, at + 1, ""),)),)
    elif words in _NO_CURE:
        cures = ()
    place = (problem.row, problem.line, problem.column)
    return Finding("problem", *place, problem.message, problem.hint, dict(problem.values), cures)
