"""The list of saved chains, with search and tags."""

from typing import Any

import streamlit as st

from components import state
from components.kept import when
from components.library import taking
from components.words import _, several
from runs.opened import engine
from runs.saved import Listed, Sought

PAGE = 50
PAGES = "library_page"


def show() -> None:
    """Draws search and list; a chosen row opens its chain."""
    wanted = _sought()
    found, total = engine().library.find(wanted, limit=PAGE, offset=PAGE * (_page() - 1))
    if not found and _page() > 1:
        state.drop(PAGES)
        st.rerun()
    if not total:
        _nothing(wanted)
        return
    counted = several("{count} saved chain", "{count} saved chains, the last used first", total)
    st.caption(f"{counted}; {_('choose a row to open it')}")
    chosen = st.dataframe(
        [_row(listed) for listed in found],
        hide_index=True,
        key=f"library_list_{hash((wanted, _page(), total))}",
        on_select="rerun",
        selection_mode="single-row",
        column_config=_columns(),
    )
    if total > PAGE:
        st.pagination(-(-total // PAGE), key=PAGES)
    rows = chosen["selection"]["rows"]
    if rows and rows[0] < len(found):
        st.query_params["chain"] = found[rows[0]].id
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


def _page() -> int:
    return int(state.text(PAGES, "1"))
