"""Sharing: a link that reopens what is on the form, for anyone who can reach this server."""

import streamlit as st

from chains.document import Document
from chains.files.link import to_json, to_link
from chains.outcomes import Refused
from components import state
from components.library import form
from components.prompt import draft
from components.prompt.explained import explained
from components.run.loader import module_url, styles
from components.words import _, plain
from runs.errors import NotKept
from runs.opened import engine

PARAMETER = "share"
SNAPSHOT = "s."
"""What the parameter begins with where it names a snapshot: no document does."""

_LINK = st.components.v2.component(
    "copy_link",
    html="<div></div>",
    css=styles("copy_link.css"),
    js=f"""
const loaded = import({module_url("copy_link.js")});
export default function (component) {{
  loaded.then((module) => module.show(component));
}}
""",
)


def show() -> None:
    """Draws the button that opens the link."""
    popover = st.popover(_("Share"), icon=":material/link:", key="share", on_change="rerun")
    if popover.open:
        with popover:
            _link()


def _link() -> None:
    st.caption(_("Opens these messages with their format, model and parameters. Keys are never part of it."))
    with_inputs = st.checkbox(_("With the values of the variables"), key="share_inputs", persist_state=state.KEEP)
    try:
        document = form.document(with_inputs=with_inputs)
        written = to_link(document)
        shared = written or _snapshot(document)
    except (Refused, draft.InvalidField, NotKept) as error:
        st.caption(f":material/info: {plain(_why(error))}")
        return
    words = {"label": _("Link"), "copy": _("Copy"), "copied": _("Copied")}
    _LINK(key="share_link", height="content", data={"link": _address(shared), **words})
    if written is None:
        st.caption(_("This is too long for an address: the link leads to a copy that this server keeps."))
    if with_inputs and state.text("mode") == "batch":
        st.caption(_("The table of a batch is not part of it."))


def _snapshot(document: Document) -> str:
    return f"{SNAPSHOT}{engine().snapshots.keep(to_json(document))}"


def _address(shared: str) -> str:
    """As the browser reaches this page, behind whatever prefix."""
    return f"{(st.context.url or '').rstrip('/')}/?{PARAMETER}={shared}"


def _why(error: Exception) -> str:
    if isinstance(error, Refused):
        return explained(error.outcome)
    return str(error) or _("This is too long to be shared.")
