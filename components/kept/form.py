"""The whole form as JSON and back: what a draft keeps.

Keys that were typed are no part of it, nor is a field for something else that one was typed into.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, field_validator

from chains.documents.document import FieldSpec, OffSection
from chains.documents.keepable import has_secret, sounds_secret
from chains.images import MAX_IMAGES, check_images, digest_of
from chains.spec import MAX_TEMPLATE_CHARACTERS, Role
from components import state

_NAME = re.compile(r"[\"']([^\"']*)[\"']\s*:")
"""A name in JSON that may not be whole."""


class _Row(BaseModel):
    """A message with its images, also of one that sends none."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    role: Role
    template: Annotated[str, Field(max_length=MAX_TEMPLATE_CHARACTERS)]
    images: Annotated[tuple[str, ...], Field(max_length=MAX_IMAGES)] = ()

    @field_validator("images")
    @classmethod
    def _are_images(cls, images: tuple[str, ...]) -> tuple[str, ...]:
        check_images(images)
        return images

    def held(self) -> state.Row:
        return state.Row(self.role, self.template, self.images)


class _Form(BaseModel):
    """The form as it is kept. What a later version has added is left out by an earlier one."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    widgets: dict[str, JsonValue]
    rows: tuple[_Row, ...]
    branches: tuple[tuple[str, tuple[_Row, ...]], ...] = ()
    table: tuple[dict[str, str], ...] = ()
    fields: dict[str, FieldSpec] = {}
    off: tuple[OffSection, ...] = ()
    bound: tuple[str, ...] = ()
    run_draft: str = ""


def written() -> str:
    """The form of this session with its images named, the same for the same form."""
    return json.dumps(_held(), ensure_ascii=False)


def content(form: str) -> str:
    """What is kept of a `written` form: with what tells whether it was edited since its run."""
    return f"{form[:-1]}, {json.dumps('run_draft')}: {json.dumps(state.text('run_draft'))}}}"


def images() -> dict[str, str]:
    """The images of this session's form by their digests, which stand in place of them in what is written."""
    return {digest_of(uri): uri for row in _rows() for uri in row.images}


def take(content: str) -> bool:
    """Fills the form; says False, and leaves it as it is, when the content cannot be read."""
    with suppress(ValidationError):
        kept = _Form.model_validate_json(content)
        # First: rows that are put forget whatever else begins like their keys.
        state.put_branches([(name, [row.held() for row in rows]) for name, rows in kept.branches])
        state.put_messages([row.held() for row in kept.rows])
        state.drafts.put_widgets(kept.widgets)
        state.grid.put_table(kept.table, ())
        state.document.put_fields(kept.fields)
        state.document.put_off(kept.off)
        state.sections.forget()
        state.bound.put(kept.bound)
        state.put("run_draft", kept.run_draft)
        return True
    return False


def _held() -> dict[str, object]:
    now = state.grid.last_table()
    return {
        "widgets": {key: value for key, value in state.drafts.widgets().items() if not _holds_key(key, value)},
        "rows": [_named(row) for row in state.held()],
        "branches": [(name, [_named(row) for row in rows]) for name, rows in state.held_branches()],
        "table": state.grid.table() if now is None else now,
        "fields": {name: field.model_dump(mode="json") for name, field in state.document.fields().items()},
        "bound": state.bound.names(),
        "off": [section.model_dump(mode="json") for section in state.document.off()],
    }


def _rows() -> Iterator[state.Row]:
    yield from state.held()
    for _name, rows in state.held_branches():
        yield from rows


def _named(row: state.Row) -> dict[str, object]:
    """A row as JSON, its images named as by `chains.documents.apart`: all their bytes at every turn cost too much."""
    images = [{"image": digest_of(uri)} for uri in row.images]
    return {"role": row.role, "template": row.template, "images": images}


def _holds_key(key: str, value: JsonValue) -> bool:
    """Whether a field that is for no key holds one, by its looks; it may not be whole yet."""
    match key:
        case "base_url":
            return has_secret(str(value))
        case "other_parameters":
            return any(sounds_secret(name) for name in _NAME.findall(str(value)))
    return False
