"""The palette: a section of the usual kinds, put at the end of a message."""

import streamlit as st

from chains.sections.arrangement import OpenFence, extended, parts
from chains.sections.palette import LANGUAGES, Offer, offers
from chains.words import fill
from components import state
from components.sections import changes, draft, tree
from components.words import LANGUAGES as NAMES
from components.words import _, language


def show() -> None:
    """Draws the button that opens it."""
    with st.popover(_("Add section"), icon=":material/add_notes:", type="tertiary", key="palette"):
        takers = [row for row, message in enumerate(state.rows()) if message.role != "placeholder"]
        if not takers:
            st.caption(_("There is no message that could take a section. Add one first."))
            return
        key = f"palette_language_{language()}"
        state.start_with(key, language())
        chosen = st.segmented_control(
            _("Language of the text"),
            LANGUAGES,
            format_func=lambda wanted: NAMES[wanted],
            key=key,
            required=True,
            persist_state=state.KEEP,
        )
        row = _message(takers)
        with st.container(horizontal=True, gap="small"):
            for id, offer in offers(chosen).items():
                st.button(offer.title, key=f"palette_{id}", on_click=_insert, args=(row, offer))
        st.caption(_("It is put at the end; fill in what stands in square brackets."))


def _message(takers: list[int]) -> int:
    """The message that is to take it, chosen where there are several."""
    if len(takers) == 1:
        return takers[0]
    names = tree.message_names()
    if state.text("palette_message") and int(state.text("palette_message")) not in takers:
        state.drop("palette_message")
    return int(
        st.selectbox(
            _("At the end of"),
            takers,
            format_func=lambda row: names[row],
            key="palette_message",
            persist_state=state.KEEP,
        )
    )


def _insert(row: int, offer: Offer) -> None:
    found = draft.arrangements()[row]
    try:
        after = extended(found, offer.text)
    except OpenFence:
        st.toast(changes.open_fence(), duration="long")
        return
    if too_long := changes.keep(after):
        st.toast(too_long, duration="long")
        return
    there = parts(after)
    sentence = fill(_("“{title}” is at the end of the message."), {"title": there[-1].title})
    state.sections.say(sentence, row, draft.ids(there)[-1])
