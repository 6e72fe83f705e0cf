"""Links that were shared: `?share=` fills the form as a draft of its own; the one that was there stays kept."""

import streamlit as st

from chains.documents.document import Document
from chains.files.link import from_json, from_link, unknown_snapshot
from chains.outcomes import Refused
from components import state
from components.kept import drafts
from components.library import form
from components.prompt.explained import explained
from components.sharing.share import PARAMETER, SNAPSHOT
from components.words import plain
from runs.errors import UnknownSnapshot
from runs.opened import engine


def take_up() -> None:
    """Takes up the link of the address, once; one that cannot be opened is said, and the form stays."""
    wanted = st.query_params.get(PARAMETER, "")
    if wanted and wanted != state.drafts.shared():
        try:
            found = _found(wanted)
        except Refused as refused:
            st.toast(plain(explained(refused.outcome)), duration="long")
        else:
            _fill(found)
        # Last: a script that is interrupted before takes the link up again.
        state.drafts.note_shared(wanted)
    if wanted and drafts.is_kept_here():
        del st.query_params[PARAMETER]


def _fill(found: Document) -> None:
    state.drafts.forget_values()
    form.fill(found)
    state.saved.forget()
    state.shown.show_run("")
    if "run" in st.query_params:
        del st.query_params["run"]
    drafts.part(keep=True)


def _found(wanted: str) -> Document:
    """Raises `Refused`."""
    if not wanted.startswith(SNAPSHOT):
        return from_link(wanted)
    try:
        return from_json(engine().snapshots.open(wanted.removeprefix(SNAPSHOT)).encode())
    except UnknownSnapshot:
        raise unknown_snapshot() from None
