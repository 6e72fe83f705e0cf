"""The versions of a saved chain: listed, read, compared, opened, restored."""

import streamlit as st

from chains.outcomes import Refused
from chains.words import fill
from components import state
from components.diff.view import document_diff
from components.kept import when
from components.library import form
from components.prompt.explained import explained
from components.words import _, plain
from runs.errors import HeadMoved, UnknownSaved
from runs.opened import engine
from runs.saved import SavedChain, Version

PAGE = 12
PAGES = "versions_page"
ONE, OTHER = "compare_one", "compare_other"


def show(chain: SavedChain) -> None:
    """Draws the list, the newest first, and beside it two versions against each other."""
    listed, compared = st.columns([2, 3], gap="large")
    with listed:
        _list(chain)
    with compared:
        _compare(chain)


def _list(chain: SavedChain) -> None:
    newest = chain.versions[::-1]
    first = PAGE * (min(int(state.text(PAGES, "1")), -(-len(newest) // PAGE)) - 1)
    for version in newest[first : first + PAGE]:
        _row(chain, version)
    if len(newest) > PAGE:
        st.pagination(-(-len(newest) // PAGE), key=PAGES)


def _row(chain: SavedChain, version: Version) -> None:
    number = {"number": str(version.number)}
    mark = f" :blue-badge[{_('current')}]" if version.number == chain.head else ""
    mark = f" :orange-badge[{_('beside the current one')}]" if chain.is_beside(version.number) else mark
    with st.container(key=f"version_{version.number}", gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{fill(_('Version {number}'), number)}**{mark}", width="content")
            st.caption(when.said(version.created), width="content")
        if _said(version):
            st.caption(plain(_said(version)))
        with st.container(horizontal=True, gap="small"):
            _actions(chain, version)


def _said(version: Version) -> str:
    """Its message, or where it came from."""
    restored = fill(_("Version {number} restored"), {"number": str(version.restored)}) if version.restored else ""
    return " · ".join(part for part in (restored, version.message) if part)


def _actions(chain: SavedChain, version: Version) -> None:
    number = version.number
    if st.button(_("Open"), icon=":material/open_in_new:", type="tertiary", key=f"open_version_{number}"):
        form.open_version(chain.id, number)
    if number == chain.head:
        return
    st.button(
        _("Compare"),
        icon=":material/difference:",
        type="tertiary",
        key=f"compare_{number}",
        on_click=state.saved.note_compared,
        args=(chain.id, number, chain.head),
    )
    if chain.is_beside(number):
        st.button(
            _("Make current"),
            icon=":material/check:",
            type="tertiary",
            key=f"make_current_{number}",
            on_click=_make_current,
            args=(chain, number),
        )
    else:
        st.button(
            _("Restore"),
            icon=":material/history:",
            type="tertiary",
            key=f"restore_{number}",
            on_click=_restore,
            args=(chain, number),
            help=_("Makes a new version with what stood in this one."),
        )


def _compare(chain: SavedChain) -> None:
    """The two chosen versions; at first the current one and the one that it was made from."""
    numbers = [version.number for version in chain.versions[::-1]]
    if len(numbers) == 1:
        st.caption(_("Two versions can be compared here once there are two."))
        return
    one, other = _chosen(chain, numbers)
    names = {number: fill(_("Version {number}"), {"number": str(number)}) for number in numbers}
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, key, value in ((_("Compare"), ONE, one), (_("with"), OTHER, other)):
            state.put(key, value)
            st.selectbox(
                label,
                numbers,
                format_func=lambda number: names.get(number, ""),
                key=key,
                width=170,
                on_change=_choose,
                args=(chain.id,),
            )
    documents = [engine().library.document(chain.id, number) for number in (one, other)]
    document_diff(*documents, key="versions_diff", names=(names[one], names[other]))


def _chosen(chain: SavedChain, numbers: list[int]) -> tuple[int, int]:
    head = chain.version(chain.head)
    before = head.parent if head and head.parent in numbers else next(n for n in numbers if n != chain.head)
    one, other = state.saved.compared(chain.id)
    return (one if one in numbers else before), (other if other in numbers else chain.head)


def _choose(chain: str) -> None:
    state.saved.note_compared(chain, int(state.text(ONE)), int(state.text(OTHER)))


def _restore(chain: SavedChain, number: int) -> None:
    try:
        saved = engine().library.restore(chain.id, number, instead_of=chain.head)
    except Refused as refused:
        st.toast(plain(explained(refused.outcome)))
    except HeadMoved:
        _say_moved()
    except UnknownSaved:
        return
    else:
        state.saved.note_compared("", 0, 0)
        numbers = {"number": str(saved.number), "old": str(number)}
        said = _("Version {old} is restored as version {number}.")
        alike = _("Version {old} is what the current version holds; nothing has changed.")
        st.toast(fill(said if saved.is_new else alike, numbers))


def _make_current(chain: SavedChain, number: int) -> None:
    try:
        engine().library.make_current(chain.id, number, instead_of=chain.head)
        state.saved.note_compared("", 0, 0)
    except HeadMoved:
        _say_moved()
    except UnknownSaved:
        return


def _say_moved() -> None:
    st.toast(_("Another version has become the current one meanwhile; it is shown now."))
