"""Links to conversations: `?conversation=` opens one, and stays in the address while it is shown."""

import streamlit as st

from components import state
from components.chat.opened import opened
from components.kept import drafts
from components.words import _
from runs.conversation import Conversation
from runs.errors import UnknownConversation
from runs.opened import engine


def follow() -> Conversation | None:
    """The conversation of the address, or the session's; None where one has yet to begin."""
    drafts.begin()
    drafts.note_beginning()
    _catch_up()
    wanted = st.query_params.get("conversation", "")
    if not state.shown.has_moved() and wanted and wanted != state.shown.conversation():
        state.shown.show_conversation(wanted)
        state.shown.has_moved()
    found = _found(state.shown.conversation())
    if found is not None:
        st.query_params["conversation"] = found.id
    elif wanted:
        del st.query_params["conversation"]
    return found


def _catch_up() -> None:
    """Shows the turn of a press that was interrupted, as Streamlit may do, before the session heard of it."""
    run = engine().started(state.shown.question_press())
    if run:
        state.shown.show_conversation(engine().conversations.of_run(run))
        state.shown.note_asked()


def _found(conversation: str) -> Conversation | None:
    if not conversation:
        return None
    try:
        return opened(conversation)
    except UnknownConversation:
        state.shown.show_conversation("")
        st.toast(_("This conversation is kept no more."))
        return None
