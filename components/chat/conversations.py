"""The conversations that are kept: begin, find, name, take along and delete one."""

from contextlib import suppress
from functools import partial

import streamlit as st

from chains.words import fill
from components import state
from components.chat import export
from components.kept import when
from components.run import bar
from components.words import _, plain, several
from runs.conversation import Conversation, Listed
from runs.errors import UnknownConversation
from runs.opened import engine

PAGE = 8
KINDS = (
    ("json", "JSON", "application/json", export.as_json),
    ("md", "Markdown", "text/markdown", export.as_markdown),
)
"""Forms of a download: ending, name, media type, and what writes it."""


def show(conversation: Conversation | None) -> None:
    """Draws the row above the turns."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="chat_head"):
        st.button(
            _("New"),
            key="new_conversation",
            icon=":material/add:",
            disabled=conversation is None,
            on_click=_open,
            args=("",),
        )
        with st.popover(_("Conversations"), icon=":material/forum:", key="conversations", on_change="rerun") as listed:
            if listed.open:
                _list(conversation)
        if conversation is not None:
            _of_this(conversation)
            st.markdown(f"**{plain(conversation.name)}**", width="content")


def _list(conversation: Conversation | None) -> None:
    text = st.text_input(
        _("Find a conversation"),
        key="find_conversation",
        type="search",
        placeholder=_("In names, questions and answers"),
        on_change=state.drop,
        args=("conversations_page",),
    )
    wanted = (text or "").strip()
    page = int(state.text("conversations_page", "1"))
    found, total = engine().conversations.find(wanted, limit=PAGE, offset=PAGE * (page - 1))
    if not total:
        st.caption(_("No conversation holds this.") if wanted else _("No conversation is kept yet."))
    for listed in found:
        _row(listed, is_open=conversation is not None and listed.id == conversation.id)
    if total > PAGE:
        st.pagination(-(-total // PAGE), key="conversations_page")


def _row(listed: Listed, *, is_open: bool) -> None:
    st.button(
        plain(listed.name),
        key=f"open_{listed.id}",
        type="secondary" if is_open else "tertiary",
        on_click=_open,
        args=(listed.id,),
    )
    turns = several("{count} turn", "{count} turns", listed.turns)
    st.caption(plain(f"{when.said(listed.updated)} · {turns}"))


def _of_this(conversation: Conversation) -> None:
    more = st.popover(_("Name and export"), icon=":material/edit:", key="conversation_more", on_change="rerun")
    if more.open:
        with more:
            _name_and_export(conversation)
    with st.popover(_("Delete"), icon=":material/delete:", key="delete_conversation"):
        st.markdown(_("Deletes this conversation with all its branches for good. Its runs stay on the Runs page."))
        st.button(
            _("Delete this conversation"),
            key="delete_conversation_now",
            type="primary",
            on_click=_delete,
            args=(conversation,),
        )


def _name_and_export(conversation: Conversation) -> None:
    field = f"name_{conversation.id}"
    state.start_with(field, conversation.name)
    st.text_input(_("Name"), key=field, max_chars=200, on_change=_rename, args=(conversation.id, field))
    for ending, kind, mime, written in KINDS:
        st.download_button(
            fill(_("Download {kind}"), {"kind": kind}),
            data=partial(written, conversation),
            file_name=f"conversation-{conversation.id}.{ending}",
            mime=mime,
            icon=":material/download:",
            key=f"download_{ending}",
            on_click="ignore",
        )
    st.caption(_("JSON holds every branch, Markdown the one that is shown."))


def _open(conversation: str) -> None:
    state.shown.show_conversation(conversation)
    state.put("conversations", False)
    state.drop("edited_turn")


def _rename(conversation: str, field: str) -> None:
    with suppress(UnknownConversation):
        engine().conversations.rename(conversation, state.text(field))


def _delete(conversation: Conversation) -> None:
    for turn in conversation.turns:
        if not turn.status:
            bar.stop(turn.run)
    with suppress(UnknownConversation):
        engine().conversations.delete(conversation.id)
    _open("")
    st.toast(_("The conversation is deleted."))
