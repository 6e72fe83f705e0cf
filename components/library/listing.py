"""The list of saved chains, with search and tags."""

from typing import Any

import streamlit as st

from components import state
from components.kept import when
from components.kept.paged import PAGE, Listing, paged_list
from components.library import taking
from components.words import _, several
from runs.opened import engine
from runs.saved import Listed, Sought

PAGES = "library_page"


def show() -> None:
    """Draws search and list; a chosen row opens its chain."""
    wanted = _sought()
    listing = Listing(
        "library",
        lambda offset: engine().library.find(wanted, limit=PAGE, offset=offset),
        _row,
        _columns(),
        lambda total: several("{count} saved chain", "{count} saved chains, the last used first", total),
    )
    chosen, total = paged_list(listing, wanted=wanted)
    if not total:
        _nothing(wanted)
    for each in chosen:
        st.query_params["chain"] = each.id
        st.rerun()


def _sought() -> Sought:
    known = engine().library.tags()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            _("Find"),
            key="find_chain",
            type="search",
            persist_state=state.KEEP,
            placeholder=_("In names, descriptions, tags and templates"),
            on_change=state.drop,
            args=(PAGES,),
        )
        tags = st.multiselect(
            _("Tags"),
            [*known, *(tag for tag in state.texts("find_tags") if tag not in known)],
            key="find_tags",
            persist_state=state.KEEP,
            placeholder=_("All"),
            width=260,
            on_change=state.drop,
            args=(PAGES,),
        )
        taking.show()
    return Sought((text or "").strip(), tuple(tags))


def _row(listed: Listed) -> dict[str, object]:
    return {
        "used": when.said(listed.used),
        "name": listed.about.name or _("Chain without a name"),
        "tags": list(listed.about.tags),
        "description": " ".join(listed.about.description.split()),
        "versions": listed.versions,
    }


def _columns() -> dict[str, Any]:
    text = st.column_config.TextColumn
    return {
        "used": text(_("last used")),
        "name": text(_("name"), width="medium"),
        "tags": st.column_config.ListColumn(_("tags")),
        "description": text(_("description"), width="large"),
        "versions": st.column_config.NumberColumn(_("versions")),
    }


def _nothing(wanted: Sought) -> None:
    if wanted != Sought():
        st.markdown(_("No saved chain fits."))
        return
    st.markdown(f"**{_('Nothing is saved yet.')}**")
    st.markdown(_("Press Save beside the chain's name in the playground, or import a file that was exported here."))
