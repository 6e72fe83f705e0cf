"""What the form adds to a chain, in the session's memory: kinds of fields, sections that are off."""

from collections.abc import Iterable, Mapping

import streamlit as st

from chains.documents.document import FieldSpec, OffSection
from components.state.form import sections


def fields() -> dict[str, FieldSpec]:
    """How variables are asked for, by name; one that is missing is plain text."""
    return {name: FieldSpec.model_validate(kept) for name, kept in st.session_state.get("field_specs", {}).items()}


def field(name: str) -> FieldSpec:
    """How a variable is asked for; as plain text unless something else was chosen."""
    return FieldSpec.model_validate(st.session_state.get("field_specs", {}).get(name, {}))


def put_fields(fields: Mapping[str, FieldSpec]) -> None:
    st.session_state["field_specs"] = {name: field.model_dump(mode="json") for name, field in fields.items()}


def off() -> tuple[OffSection, ...]:
    """The sections that are switched off, in order of row and place."""
    return tuple(OffSection.model_validate(kept) for kept in st.session_state.get("off_sections", ()))


def put_off(found: Iterable[OffSection]) -> None:
    ordered = sorted(found, key=lambda section: (section.row, section.before))
    st.session_state["off_sections"] = [section.model_dump(mode="json") for section in ordered]


def make_room(row: int) -> None:
    """Keeps the sections with their messages when one is put before `row`, by index among all rows."""
    sections.forget_headings(row)
    put_off([_shifted(section, section.row + (section.row >= row)) for section in off()])


def forget_rows(first: int, count: int = 1) -> None:
    """Forgets the sections of messages that are deleted, and keeps those of the messages below with theirs."""
    sections.forget_headings(first)
    kept = (section for section in off() if not first <= section.row < first + count)
    put_off([_shifted(section, section.row - count * (section.row >= first)) for section in kept])


def copy_rows(first: int, count: int, to: int) -> None:
    """Gives copies of messages, from row `to` on, the sections that are off in those from `first` on."""
    found = off()
    copies = [_shifted(section, section.row - first + to) for section in found if first <= section.row < first + count]
    put_off((*found, *copies))


def _shifted(section: OffSection, row: int) -> OffSection:
    return section.model_copy(update={"row": row})
