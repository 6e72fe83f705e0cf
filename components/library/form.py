"""The playground's form as a document and back."""

import streamlit as st

from chains.documents.document import Document
from chains.spec import RunRequest
from chains.templates.prompt import placeholders, section_variables, variables
from components import state
from components.kept import drafts
from components.kept.link import PLAYGROUND
from components.prompt import draft
from components.prompt.fields.values import as_text
from runs.opened import engine


def document(*, with_inputs: bool) -> Document:
    """What is on the form, with the values of its fields if wanted. Raises `InvalidField`."""
    inputs = draft.inputs() if with_inputs else None
    return Document(chain=draft.chain(), fields=state.document.fields(), off=state.document.off(), inputs=inputs)


def fingerprint() -> str:
    """The document on the form as a short text, to tell whether it was edited; '' for one that cannot be read."""
    try:
        return document(with_inputs=False).fingerprint
    except draft.InvalidField:
        return ""


def fill(found: Document) -> None:
    """Fills the form from a document; values that it does not hold stay, and so do mode, way to run and table."""
    chain = found.chain
    names = {*variables(chain.rows, chain.template_format), *placeholders(chain.rows)}
    names |= {*section_variables(chain.rows)} if chain.template_format == "mustache" else set()
    present = {name: as_text(state.inputs.held(name)) for name in sorted(names - chain.partials.keys())}
    table, columns = state.grid.last_table() or state.grid.table(), state.grid.table_columns()
    mode, lanes = state.text("mode", "stream"), int(float(state.text("max_concurrency", "3")))
    request = RunRequest.model_validate(
        {
            "chain": chain,
            "inputs": [{**present, **(found.inputs or {})}],
            "mode": mode,
            "max_concurrency": lanes,
            "run_with": state.text("run_with", "engine"),
        }
    )
    state.take_request(request, draft.known_parameters(chain.model.provider))
    state.grid.put_table(table, columns)
    state.document.put_fields(found.fields)
    state.document.put_off(section for section in found.off if section.row < len(chain.rows))


def open_version(chain: str, number: int) -> None:
    """Fills the form from a version and goes to the playground. Raises `UnknownSaved`."""
    drafts.begin()
    take_version(chain, number)
    state.shown.show_run("")
    drafts.part()
    st.switch_page(PLAYGROUND)


def take_version(chain: str, number: int) -> None:
    """Fills the form from a version; values that it holds are saved with the next one too. Raises `UnknownSaved`."""
    found = engine().library.document(chain, number)
    engine().library.note_used(chain)
    fill(found)
    state.put("save_inputs", found.inputs is not None)
    state.saved.note(chain, number)
