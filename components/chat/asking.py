"""What a person does in a conversation: ask, ask again or otherwise, stop, go back to branch off."""

import secrets
from contextlib import suppress

import streamlit as st

from chains.chat import ask
from chains.outcomes import Refused
from components import state
from components.chat import frame
from components.chat.frame import Frame
from components.chat.opened import opened
from components.prompt.explained import explained
from components.words import _, plain
from runs.conversation import Conversation, NewTurn, Turn, history
from runs.errors import UnknownConversation
from runs.opened import engine

WIDTH = 900
"""Of the page in pixels: longer lines are hard to read."""


def show(conversation: Conversation | None, asks: Frame) -> None:
    """Draws the field for a question: it goes after the turn that is shown last."""
    path = conversation.path() if conversation else ()
    st.chat_input(
        _("No question can be sent; the reason stands above") if asks.reason else _("Ask; Shift+Enter breaks the line"),
        key="chat_input",
        max_chars=state.FIELD_CHARACTERS,
        width=WIDTH,
        disabled=bool(asks.reason),
        on_submit=_send,
        args=(path[-1].id if path else "", state.shown.question_press()),
    )


def again(turn: Turn, press: str) -> None:
    """Asks a question once more, beside the answers that it has."""
    _ask(turn.parent, turn.question, press)


def otherwise(turn: Turn, field: str, press: str) -> None:
    """Asks what was written instead of a question, beside it."""
    question = state.text(field).strip()
    if question and _ask(turn.parent, question, press):
        state.drop("edited_turn")


def show_turn(conversation: str, turn: str) -> None:
    """Shows the path to a turn; the next question goes after it."""
    state.drop("edited_turn")
    with suppress(UnknownConversation):
        engine().conversations.show(conversation, turn)


def _send(parent: str, press: str) -> None:
    written = state.text("chat_input")
    if not written.strip():
        return
    if _is_answering(parent):
        st.toast(
            _("An answer is still coming. Stop it with Esc, or wait for its end; your question stays in the field.")
        )
        state.put("chat_input", written)
    elif not _ask(parent, written.strip(), press):
        state.put("chat_input", written)


def _is_answering(turn: str) -> bool:
    if not turn:
        return False
    with suppress(UnknownConversation):
        return any(not one.status for one in opened(state.shown.conversation()).path_to(turn))
    return False


def _ask(parent: str, question: str, press: str) -> bool:
    """Begins a turn after `parent` and shows it; False, and a sentence why, when it could not."""
    asks, conversation = frame.read(), state.shown.conversation()
    if asks.chain is None:
        return False
    try:
        earlier = opened(conversation).path_to(parent) if parent else ()
        request = ask(asks.chain, question, history(earlier))
        turn = NewTurn(conversation or secrets.token_hex(16), parent, question)
        run = engine().start(request, asks.key, press=press, turn=turn)
    except Refused as refused:
        st.toast(plain(explained(refused.outcome)))
        return False
    except UnknownConversation:
        st.toast(_("This conversation is kept no more."))
        return False
    state.shown.show_conversation(engine().conversations.of_run(run))
    if press == state.shown.question_press():
        state.shown.note_asked()
    return True
