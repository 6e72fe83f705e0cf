"""The draft as a request: what Run would send, or why it cannot."""

import json
from dataclasses import dataclass
from functools import partial

from pydantic import JsonValue, SecretStr, ValidationError
from pydantic.main import IncEx

from chains.images import digest_of
from chains.models.parameters import LIMITS
from chains.models.provider import Provider
from chains.outcomes import Refused
from chains.spec import MAX_INPUTS, MAX_TEMPLATE_CHARACTERS, ChainSpec, ModelSpec, RunRequest, TemplateFormat
from chains.templates.asks import Asks
from chains.templates.asks import asks as asks_of
from chains.templates.problems import RefusedTemplate
from chains.words import fill
from components import state
from components.prompt import misfits, table
from components.prompt.explained import explained
from components.prompt.fields import values
from components.prompt.misfits import InvalidField as InvalidField
from components.state import rows as rows
from components.words import _, listed
from runs.opened import engine

_OF_ROWS: IncEx = {"__all__": {"images"}}
IMAGES: IncEx = {"messages": _OF_ROWS, "branches": {"__all__": {"messages": _OF_ROWS}}}
"""Where the images of a chain are: megabytes that tell no edit better than their digests."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is on the form. `reason` says why it cannot run; '' when it can."""

    request: RunRequest | None
    key: SecretStr | None
    reason: str
    chain: ChainSpec | None = None
    inputs: tuple[dict[str, JsonValue], ...] = ()
    """Chain and inputs as they were read, whether they can run or not; no chain where they cannot be read."""


def read() -> Draft:
    """The draft of this session, checked as a run would check it."""
    key = state.typed_key(key_field())
    try:
        found, inputs = chain(), requested()
    except InvalidField as invalid:
        return Draft(None, key, str(invalid))
    try:
        request = RunRequest(
            chain=found,
            inputs=inputs,
            mode=_mode(),
            max_concurrency=_lanes(),
            run_with=state.text("run_with", "engine"),
        )
        engine().check(request, key)
    except RefusedTemplate as refused:
        first = refused.problems[0]
        return Draft(None, key, _place(first.row, first.line, first.column), found, inputs)
    except Refused as refused:
        return Draft(None, key, explained(refused.outcome), found, inputs)
    except ValidationError as error:
        return Draft(None, key, misfits.of_fields(error), found, inputs)
    return Draft(request, key, "", found, inputs)


def chain() -> ChainSpec:
    """Raises `InvalidField`."""
    _check_typed()
    try:
        return ChainSpec(
            name=state.text("chain_name"),
            messages=state.messages(),
            branches=_branches(),
            template_format=state.text("template_format", "f-string"),
            partials=partials(),
            model=model(),
            parser=state.text("parser", "text"),
        )
    except ValidationError as error:
        raise InvalidField(misfits.of_fields(error)) from None


def _branches() -> list[dict[str, object]] | None:
    return [{"name": name, "messages": rows} for name, rows in state.branches()] or None


def _check_typed() -> None:
    """Raises `InvalidField` where a message is not what stands in its field."""
    for row in range(len(rows())):
        if typed := state.templates.unfit(state.places.template_key(row)):
            numbers = {"characters": f"{len(typed):,}", "most": f"{MAX_TEMPLATE_CHARACTERS:,}"}
            text = _("{message} cannot be taken: it has {characters} characters, and one may have {most}. Shorten it.")
            raise InvalidField(fill(text, {**numbers, "message": _message(row)}))


def _message(row: int) -> str:
    """What a message is called, by its place among all rows."""
    branch, number = state.places.of(row)
    text = _("Message {row}") if branch is None else _("Branch {branch}, message {row}")
    return fill(text, {"row": str(number), "branch": branch or ""})


def _place(row: int, line: int, column: int) -> str:
    """Which message cannot run, by its place among all rows."""
    branch, number = state.places.of(row)
    where = {"row": str(number), "line": str(line), "column": str(column)}
    if branch is None:
        return fill(_("Message {row}, line {line}, column {column} cannot run: see below the message."), where)
    text = _("Branch {branch}, message {row}, line {line}, column {column} cannot run: see below the message.")
    return fill(text, {**where, "branch": branch})


def model() -> ModelSpec:
    chosen = provider()
    return ModelSpec(
        provider=chosen.name,
        model=state.text("model"),
        base_url=state.text("base_url").strip() or None if chosen.needs_base_url else None,
        parameters={**_others(chosen), **state.parameters(chosen.parameter_names)},
    )


def takes_others(chosen: Provider) -> bool:
    """Whether a provider passes on parameters that we do not know: servers have many of their own."""
    return chosen.remote and chosen.name != "openai"


def _others(chosen: Provider) -> dict[str, JsonValue]:
    written = state.text("other_parameters").strip()
    if not written or not takes_others(chosen):
        return {}
    others = values.parsed(_("other parameters"), written)
    if not isinstance(others, dict):
        raise InvalidField(_("Other parameters must be a JSON object."))
    return others


def provider() -> Provider:
    """The chosen provider; the simulated one where the chosen is not known here."""
    known = engine().providers
    return known.get(state.text("provider", "simulated"), known["simulated"])


def known_parameters(name: str) -> tuple[str, ...]:
    """What can be turned on for a model of a provider, which may be unknown here."""
    known = engine().providers
    return known[name].parameter_names if name in known else tuple(parameter.name for parameter in LIMITS)


def key_field() -> str:
    """The widget key of the field for a key: one an address, so that no key goes elsewhere than it was typed for."""
    chosen = provider()
    return f"key_{chosen.name}_{state.text('base_url').strip() if chosen.needs_base_url else ''}"


def key_field_of(spec: ModelSpec) -> str:
    """The field into which a key for the model of a run would have been typed."""
    return f"key_{spec.provider}_{spec.base_url or ''}"


def asks() -> Asks:
    """What the rows ask for, those of all branches."""
    return asks_of(rows(), template_format())


def offered() -> tuple[str, ...]:
    """The names that a template may want: the variables that others have, and the columns of the table."""
    return tuple(dict.fromkeys((*asks().variables, *state.grid.table_columns())))


def template_format() -> TemplateFormat:
    return "mustache" if state.text("template_format") == "mustache" else "f-string"


def json_names() -> frozenset[str]:
    """The fields that take JSON: variables that open sections, and the histories of placeholder rows."""
    found = asks()
    return frozenset((*found.section_variables, *found.placeholders))


def asked() -> tuple[str, ...]:
    """What every input has values for, in order: the variables, then the histories, without what is bound."""
    return _asked().names


def bound() -> tuple[str, ...]:
    """The variables of the templates whose values are part of the chain."""
    return _asked(bound=True).names


def inputs() -> dict[str, JsonValue]:
    """The values of all fields. Raises `InvalidField`."""
    return _sent(_asked())


def partials() -> dict[str, JsonValue]:
    """The values that are bound; one that is empty is none. Raises `InvalidField`."""
    return {name: value for name, value in _sent(_asked(bound=True)).items() if value != ""}


def _sent(wanted: values.Asked) -> dict[str, JsonValue]:
    return wanted.sent(state.inputs.held_of(wanted.names), str) if wanted.names else {}


def _asked(*, bound: bool = False) -> values.Asked:
    """What every input has values for, or what is bound."""
    found, held = asks(), frozenset(state.bound.names())
    names = dict.fromkeys((*found.variables, *found.placeholders))
    as_json = frozenset((*found.section_variables, *found.placeholders))
    return values.Asked(tuple(name for name in names if (name in held) == bound), as_json, state.document.fields())


def requested(most: int | None = None) -> tuple[dict[str, JsonValue], ...]:
    """The inputs of the draft in its mode: of a batch the rows of the table, or the first `most`.

    Raises `InvalidField`.
    """
    if _mode() == "batch":
        _check_table()
    return present(most)


def present(most: int | None = None) -> tuple[dict[str, JsonValue], ...]:
    """The same of a batch that cannot run: its table may have no rows, too many, or no value for a variable."""
    if _mode() != "batch":
        return (inputs(),)
    wanted = _asked()
    return tuple(wanted.sent(row, partial(_in_row, number)) for number, row in enumerate(table.rows()[:most], start=1))


def _check_table() -> None:
    rows = table.rows()
    if not rows:
        raise InvalidField(_("The table has no rows. Type one, paste some, or load a file."))
    if len(rows) > MAX_INPUTS:
        numbers = {"count": f"{len(rows):,}", "limit": f"{MAX_INPUTS:,}"}
        raise InvalidField(fill(_("The table has {count} rows; delete some, {limit} at most can run."), numbers))
    empty = [name for name in asked() if not any(row.get(name, "").strip() for row in rows)]
    if empty:
        raise InvalidField(fill(_("No row has a value for {names}."), {"names": listed(empty)}))


def _in_row(number: int, name: str) -> str:
    return fill(_("{name} in row {row}"), {"name": name, "row": str(number)})


def fingerprint(found: Draft) -> str:
    """A draft as one text, to tell whether it was edited; the same for all that cannot be read."""
    if found.chain is None:
        return ""
    way = f"{_mode()} {_lanes()} {state.text('run_with', 'engine')}"
    images = [digest_of(uri) for row in found.chain.rows for uri in row.images]
    text = found.chain.model_dump_json(exclude=IMAGES)
    return f"{text} {images} {json.dumps(found.inputs, sort_keys=True)} {way}"


def _mode() -> str:
    return state.text("mode", "stream")


def _lanes() -> int:
    return int(state.text("max_concurrency", "3"))
