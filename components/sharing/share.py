"""Sharing: a link that reopens what is on the form, for anyone who can reach this server."""

import json

import streamlit as st

from chains.documents.document import Document
from chains.files.link import to_json, to_link
from chains.outcomes import Refused
from chains.spec import ChainSpec
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
    with_values = st.checkbox(_("With the values of the variables"), key="share_inputs", persist_state=state.KEEP)
    try:
        held = form.document(with_inputs=with_values)
        # Values that are bound are part of a chain; a prompt can be reopened without them.
        document = held if with_values else held.model_copy(update={"chain": _unbound(held.chain)})
        written = to_link(document)
        shared = written or _snapshot(document)
    except (Refused, draft.InvalidField) as error:
        st.caption(f":material/info: {plain(_why(error))}")
        return
    if shared:
        words = {"label": _("Link"), "copy": _("Copy"), "copied": _("Copied")}
        _LINK(key="share_link", height="content", data={"link": _address(shared), **words})
    if held.chain.partials and not with_values:
        st.caption(_("Values that are bound stay out too: their variables want a value there."))
    if held.off:
        st.caption(_("The text of the sections that are switched off goes along."))
    if with_values and state.text("mode") == "batch":
        st.caption(_("The table of a batch is not part of it."))


def _unbound(chain: ChainSpec) -> ChainSpec:
    return chain.model_copy(update={"partials": {}})


def _snapshot(document: Document) -> str:
    """The link to a copy of what is too long for an address: made by a press, and shown until something is edited."""
    mark = f"{document.fingerprint} {hash(json.dumps(document.inputs, sort_keys=True))}"
    made = state.shown.snapshot(mark)
    if made:
        st.caption(_("This is too long for an address: the link leads to a copy that this server keeps."))
        return f"{SNAPSHOT}{made}"
    st.caption(_("This is too long for an address: a link would lead to a copy that this server keeps."))
    st.button(_("Make link"), key="make_link", icon=":material/add_link:", on_click=_make, args=(document, mark))
    return ""


def _make(document: Document, mark: str) -> None:
    try:
        state.shown.note_snapshot(mark, engine().snapshots.keep(to_json(document)))
    except Refused as refused:
        st.toast(plain(explained(refused.outcome)))
    except NotKept:
        st.toast(_("The copy could not be kept on this server. Try again, or save the chain and export it as a file."))


def _address(shared: str) -> str:
    """As the browser reaches this page, behind whatever prefix."""
    return f"{(st.context.url or '').rstrip('/')}/?{PARAMETER}={shared}"


def _why(error: Refused | draft.InvalidField) -> str:
    return explained(error.outcome) if isinstance(error, Refused) else str(error)
