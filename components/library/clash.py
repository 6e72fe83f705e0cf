"""Two versions side by side, when somebody else saved first: a person says which is to be the current one."""

import streamlit as st

from chains.words import fill
from components import state
from components.diff.view import document_diff
from components.library import form, saving
from components.words import _, plain
from runs.errors import HeadMoved, UnknownSaved
from runs.opened import engine
from runs.saved import SavedChain


def show() -> None:
    """Draws both versions while a person has yet to decide."""
    # There in any case: what comes into being above a field makes Streamlit draw the field anew, without its focus.
    place = st.container()
    mine = state.saved.clash()
    chain = saving.opened() if mine else None
    if chain is None or not chain.is_beside(mine):
        state.saved.note_clash(0)
        return
    with place.container(border=True, key="clash"):
        _both(chain, mine)


def _both(chain: SavedChain, mine: int) -> None:
    version = chain.version(mine)
    numbers = {"base": str(version.parent if version else 0), "head": str(chain.head), "mine": str(mine)}
    said = _(
        "You edited version {base}, and version {head} is the current one by now. Nothing is overwritten: yours is "
        "kept as version {mine}, beside it. Which is to be the current one?"
    )
    st.markdown(f":material/call_split: **{plain(fill(said, numbers))}**")
    names = fill(_("Version {head}, the current one"), numbers), fill(_("Version {mine}, yours"), numbers)
    documents = [engine().library.document(chain.id, number) for number in (chain.head, mine)]
    document_diff(*documents, key="clash_diff", names=names)
    with st.container(horizontal=True):
        st.button(
            _("Make mine the current version"),
            key="clash_mine",
            type="primary",
            on_click=_make_mine,
            args=(chain.id, mine, chain.head),
        )
        st.button(_("Keep the other as current"), key="clash_other", on_click=_keep_other, args=(chain.id, chain.head))


def _make_mine(chain: str, mine: int, head: int) -> None:
    try:
        engine().library.make_current(chain, mine, instead_of=head)
    except HeadMoved:
        st.toast(_("Another version has become the current one meanwhile; it is shown now."))
    except UnknownSaved:
        state.saved.forget()
    else:
        state.saved.note_clash(0)
        st.toast(fill(_("Version {number} is the current one now."), {"number": str(mine)}))


def _keep_other(chain: str, head: int) -> None:
    """The form shows the other one then, unless it was edited after mine was saved."""
    edited = state.saved.is_edited(form.fingerprint())
    state.saved.note_clash(0)
    if edited:
        return
    try:
        form.take_version(chain, head)
    except UnknownSaved:
        state.saved.forget()
