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
from chains.spec import MAX_INPUTS, ChainSpec, MessageSpec, ModelSpec, RunRequest, TemplateFormat
from chains.templates.problems import RefusedTemplate
from chains.templates.prompt import placeholders, section_variables, variables
from chains.words import fill
from components import state
from components.prompt import misfits, table
from components.prompt.explained import explained
from components.prompt.fields import values
from components.prompt.misfits import InvalidField as InvalidField
from components.words import _
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


def read() -> Draft:
    """The draft of this session, checked as a run would check it."""
    key = state.typed_key(key_field())
    try:
        request = RunRequest(
            chain=chain(),
            inputs=requested(),
            mode=_mode(),
            max_concurrency=_lanes(),
            run_with=state.text("run_with", "engine"),
        )
        engine().check(request, key)
    except RefusedTemplate as refused:
        first = refused.problems[0]
        return Draft(None, key, _place(first.row, first.line, first.column))
    except Refused as refused:
        return Draft(None, key, explained(refused.outcome))
    except InvalidField as invalid:
        return Draft(None, key, str(invalid))
    except ValidationError as error:
        return Draft(None, key, misfits.of_fields(error))
    return Draft(request, key, "")


def chain() -> ChainSpec:
    """Raises `InvalidField`."""
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


def rows() -> tuple[MessageSpec, ...]:
    """All rows: those that all branches share, then each branch's own."""
    return (*state.messages(), *(row for _name, rows in state.branches() for row in rows))


def _branches() -> list[dict[str, object]] | None:
    return [{"name": name, "messages": rows} for name, rows in state.branches()] or None


def _place(row: int, line: int, column: int) -> str:
    """Which message cannot run, by its place among all rows."""
    where = {"line": str(line), "column": str(column)}
    first = len(state.messages())
    for name, own in state.branches():
        if first <= row < first + len(own):
            text = _("Branch {branch}, message {row}, line {line}, column {column} cannot run: see below the message.")
            return fill(text, {**where, "branch": name, "row": str(row - first + 1)})
        first += len(own)
    text = _("Message {row}, line {line}, column {column} cannot run: see below the message.")
    return fill(text, {**where, "row": str(row + 1)})


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


def names() -> tuple[str, ...]:
    """The variables of the templates, in order, without those of placeholder rows."""
    return variables(rows(), template_format())


def offered() -> tuple[str, ...]:
    """The names that a template may want: the variables that others have, and the columns of the table."""
    return tuple(dict.fromkeys((*names(), *state.grid.table_columns())))


def template_format() -> TemplateFormat:
    return "mustache" if state.text("template_format") == "mustache" else "f-string"


def json_names() -> tuple[str, ...]:
    """The fields that take JSON: variables that open sections, and the histories of placeholder rows."""
    opened = section_variables(rows()) if template_format() == "mustache" else ()
    return (*opened, *histories())


def histories() -> tuple[str, ...]:
    """The variables of placeholder rows."""
    return placeholders(rows())


def asked() -> tuple[str, ...]:
    """What every input has values for, in order: the variables, then the histories, without what is bound."""
    held = state.bound.names()
    return tuple(name for name in _every() if name not in held)


def bound() -> tuple[str, ...]:
    """The variables of the templates whose values are part of the chain."""
    held = state.bound.names()
    return tuple(name for name in _every() if name in held)


def _every() -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names(), *json_names())))


def inputs() -> dict[str, JsonValue]:
    """The values of all fields. Raises `InvalidField`."""
    return _values(asked())


def partials() -> dict[str, JsonValue]:
    """The values that are bound; one that is empty is none. Raises `InvalidField`."""
    return {name: value for name, value in _values(bound()).items() if value != ""}


def _values(wanted: tuple[str, ...]) -> dict[str, JsonValue]:
    return _asked(wanted).sent({name: state.inputs.held(name) for name in wanted}, str)


def _asked(wanted: tuple[str, ...]) -> values.Asked:
    return values.Asked(wanted, frozenset(json_names()), state.document.fields())


def requested() -> tuple[dict[str, JsonValue], ...]:
    """The inputs of the draft in its mode: of a batch the rows of the table. Raises `InvalidField`."""
    if _mode() != "batch":
        return (inputs(),)
    rows = table.rows()
    if not rows:
        raise InvalidField(_("The table has no rows. Type one, paste some, or load a file."))
    if len(rows) > MAX_INPUTS:
        numbers = {"count": f"{len(rows):,}", "limit": f"{MAX_INPUTS:,}"}
        raise InvalidField(fill(_("The table has {count} rows; delete some, {limit} at most can run."), numbers))
    every = _asked(asked())
    empty = [name for name in every.names if not any(row.get(name, "").strip() for row in rows)]
    if empty:
        raise InvalidField(fill(_("No row has a value for {names}."), {"names": ", ".join(empty)}))
    return tuple(every.sent(row, partial(_in_row, number)) for number, row in enumerate(rows, start=1))


def _in_row(number: int, name: str) -> str:
    return fill(_("{name} in row {row}"), {"name": name, "row": str(number)})


def fingerprint() -> str:
    """The draft as one text, to tell whether it was edited; the same for all that cannot be read."""
    try:
        way = f"{_mode()} {_lanes()} {state.text('run_with', 'engine')}"
        found = chain()
        images = [digest_of(uri) for row in found.rows for uri in row.images]
        return f"{found.model_dump_json(exclude=IMAGES)} {images} {json.dumps(requested(), sort_keys=True)} {way}"
    except (ValidationError, InvalidField):
        return ""


def _mode() -> str:
    return state.text("mode", "stream")


def _lanes() -> int:
    return int(state.text("max_concurrency", "3"))
