"""One saved chain on the Library page: what it is, what can be done with it, its versions."""

from contextlib import suppress

import streamlit as st

from chains.files.chain_file import MAX_DESCRIPTION, MAX_NAME
from components import state
from components.kept import when
from components.library import form, saving, taking, versions
from components.words import _, plain, several
from runs.errors import AboutMoved, UnknownSaved
from runs.opened import engine
from runs.saved import About, SavedChain


def show(wanted: str) -> None:
    """Draws the chain of that id, or says that it is kept no more."""
    if st.button(_("All saved chains"), icon=":material/arrow_back:", type="tertiary", key="all_chains"):
        del st.query_params["chain"]
        st.rerun()
    try:
        chain = engine().library.open(wanted)
        _head(chain)
        versions.show(chain)
    except UnknownSaved:
        st.markdown(f"**{_('This chain is kept no more.')}**")
        st.markdown(_("It was deleted, or it never was on this server."))


def _head(chain: SavedChain) -> None:
    st.markdown(f"**{plain(chain.about.name or _('Chain without a name'))}**")
    counted = several("{count} version", "{count} versions", len(chain.versions))
    st.caption(plain(" · ".join((counted, when.said(chain.created), *chain.about.tags))))
    if chain.about.description:
        st.text(chain.about.description)
    with st.container(horizontal=True, key="chain_actions"):
        if st.button(_("Open in the playground"), icon=":material/open_in_new:", key="open_chain", type="primary"):
            form.open_version(chain.id, chain.head)
        about = st.popover(
            _("Name and tags"),
            icon=":material/edit:",
            key="about_chain",
            on_change=_begin_anew,
            args=(chain.id,),
        )
        if about.open:
            with about:
                _about(chain)
        taking.export(chain)
        _delete_button(chain)


def _about(chain: SavedChain) -> None:
    name, description, tags = _fields(chain.id)
    if state.saved.described(chain.id) is None:
        _fill_in(chain)
    st.text_input(_("Name"), key=name, max_chars=MAX_NAME)
    st.text_area(_("Description"), key=description, max_chars=MAX_DESCRIPTION, height=68)
    known = engine().library.tags()
    saving.tags(tags, [*known, *(tag for tag in state.texts(tags) if tag not in known)])
    theirs = state.saved.described(chain.id) != chain.about
    if theirs:
        _say_theirs(chain.about)
    with st.container(horizontal=True):
        label = _("Apply mine all the same") if theirs else _("Apply")
        st.button(label, key="about_now", type="primary", on_click=_describe, args=(chain,))
        if theirs:
            st.button(_("Take theirs"), key="about_theirs", on_click=_begin_anew, args=(chain.id,))


def _fill_in(chain: SavedChain) -> None:
    """Shows what is kept, and takes note of it: what somebody else keeps meanwhile is not overwritten unseen."""
    name, description, tags = _fields(chain.id)
    state.put(name, chain.about.name)
    state.put(description, chain.about.description)
    state.put(tags, list(chain.about.tags))
    state.saved.note_described(chain.id, chain.about)


def _say_theirs(about: About) -> None:
    st.markdown(f":material/call_split: **{_('Somebody else has changed this meanwhile:')}**")
    for said in (about.name, about.description, ", ".join(about.tags)):
        if said:
            st.text(said)


def _fields(chain: str) -> tuple[str, str, str]:
    return f"about_name_{chain}", f"about_description_{chain}", f"about_tags_{chain}"


def _begin_anew(chain: str) -> None:
    """The form shows what is kept, each time that it is opened."""
    state.saved.note_described(chain, None)


def _describe(shown: SavedChain) -> None:
    """Says what is in the form of a chain, instead of what the page showed."""
    name, description, tags = _fields(shown.id)
    about = About(state.text(name), state.text(description), state.texts(tags))
    try:
        engine().library.describe(shown.id, about, instead_of=shown.about)
    except AboutMoved:
        st.toast(_("Somebody else has changed this meanwhile; see below what it is now."))
        return
    except UnknownSaved:
        pass
    _begin_anew(shown.id)
    state.put("about_chain", False)


def _delete_button(chain: SavedChain) -> None:
    with st.popover(_("Delete"), icon=":material/delete:", key="delete_chain"):
        st.markdown(_("Deletes this chain with all its versions for good. Runs stay on the Runs page."))
        st.button(_("Delete this chain"), key="delete_chain_now", type="primary", on_click=_delete, args=(chain.id,))


def _delete(chain: str) -> None:
    with suppress(UnknownSaved):
        engine().library.delete(chain)
    if state.saved.chain() == chain:
        state.saved.forget()
    st.toast(_("The chain is deleted."))
    del st.query_params["chain"]
