"""The turns of the path that is shown: questions and answers, and what can be done with each."""

import streamlit as st

from chains.words import fill
from components import state
from components.chat import asking, latency
from components.chat.frame import Frame
from components.kept import link
from components.run import bar
from components.run.view import run_view
from components.words import _, plain, several
from runs.conversation import Conversation, Turn

LAST = 20
"""So many turns are drawn at once; the earlier ones when they are asked for."""
PERSON, MODEL = ":material/person:", ":material/neurology:"


def show(conversation: Conversation | None, asks: Frame) -> None:
    """Draws the path; without a conversation what to do."""
    if conversation is None:
        _nothing_yet(asks)
        return
    path = conversation.path()
    hidden = _hidden(conversation.id, len(path))
    going = any(not turn.status for turn in path)
    for turn in path[hidden:]:
        _question(conversation, turn, going=going, asks=asks)
        _answer(conversation, turn, going=going, asks=asks)
    _onwards(conversation, path)


def _nothing_yet(asks: Frame) -> None:
    if asks.reason:
        return
    st.markdown(f"**{_('Nothing has been asked yet.')}**")
    st.caption(_("Ask below: Enter sends, Shift+Enter breaks the line, Esc stops an answer."))
    st.caption(_("Every turn can be asked again, edited or branched from; the conversation is kept."))


def _hidden(conversation: str, turns: int) -> int:
    """How many turns at the beginning are not drawn."""
    hidden = max(0, turns - LAST)
    if not hidden or state.text("all_turns_of") == conversation:
        return 0
    label = several("Show {count} earlier turn", "Show {count} earlier turns", hidden)
    st.button(label, key="earlier_turns", type="tertiary", on_click=state.put, args=("all_turns_of", conversation))
    return hidden


def _question(conversation: Conversation, turn: Turn, *, going: bool, asks: Frame) -> None:
    alone, edited = len(conversation.children(turn.parent)) < 2, state.text("edited_turn") == turn.id
    with st.chat_message("user", avatar=PERSON):
        if edited:
            _editor(turn, going=going, asks=asks)
        else:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.text(turn.question, width="stretch")
                if alone:
                    _edit(turn, going=going)
        if not alone:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"fork_{turn.id}"):
                _switcher(conversation, turn)
                if not edited:
                    _edit(turn, going=going)


def _edit(turn: Turn, *, going: bool) -> None:
    st.button(
        _("Edit"),
        key=f"edit_{turn.id}",
        type="tertiary",
        disabled=going,
        on_click=state.put,
        args=("edited_turn", turn.id),
    )


def _editor(turn: Turn, *, going: bool, asks: Frame) -> None:
    field = f"question_{turn.id}"
    state.start_with(field, turn.question)
    st.text_area(_("Question"), key=field, max_chars=state.FIELD_CHARACTERS, label_visibility="collapsed")
    with st.container(horizontal=True):
        st.button(
            _("Ask this instead"),
            key=f"ask_{turn.id}",
            type="primary",
            disabled=going or bool(asks.reason),
            shortcut=bar.SHORTCUT,
            on_click=asking.otherwise,
            args=(turn, field, state.shown.question_press()),
        )
        st.button(_("Cancel"), key=f"cancel_{turn.id}", on_click=state.drop, args=("edited_turn",))


def _switcher(conversation: Conversation, turn: Turn) -> None:
    """Goes between the turns that were asked in one place."""
    beside = conversation.children(turn.parent)
    at = beside.index(turn)
    for label, key, to in ((_("Earlier branch"), "earlier", at - 1), (_("Later branch"), "later", at + 1)):
        there = 0 <= to < len(beside)
        st.button(
            label,
            key=f"{key}_{turn.id}",
            type="tertiary",
            icon=":material/chevron_left:" if key == "earlier" else ":material/chevron_right:",
            icon_position="left" if key == "earlier" else "right",
            disabled=not there,
            on_click=asking.show_turn,
            args=(conversation.id, conversation.newest_end(beside[to].id)) if there else (),
        )
        if key == "earlier":
            numbers = {"number": str(at + 1), "of": str(len(beside))}
            st.caption(fill(_("{number} of {of}"), numbers), width="content")


def _answer(conversation: Conversation, turn: Turn, *, going: bool, asks: Frame) -> None:
    with st.chat_message("assistant", avatar=MODEL):
        if not turn.status:
            _live(turn)
            return
        if state.text("opened_turn") == turn.id:
            run_view(
                turn.run,
                key=f"{turn.id}_view",
                ended=True,
                text=True,
                simulated=turn.provider == "simulated",
                item=0,
            )
        elif turn.answer.text:
            st.markdown(turn.answer.text)
        _trouble(turn)
        _actions(conversation, turn, going=going, asks=asks)


def _live(turn: Turn) -> None:
    run_view(
        turn.run,
        key=f"{turn.id}_view",
        ended=False,
        text=True,
        simulated=turn.provider == "simulated",
        item=0,
        compact=True,
    )
    st.button(_("Stop"), key="stop", shortcut="Esc", on_click=bar.stop, args=(turn.run,), icon=":material/stop:")


def _trouble(turn: Turn) -> None:
    if said := latency.trouble(turn):
        st.markdown(f":material/info: {plain(said)}")


def _actions(conversation: Conversation, turn: Turn, *, going: bool, asks: Frame) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"actions_{turn.id}"):
        st.caption(plain(latency.line(turn)), width="content")
        st.button(
            _("Regenerate"),
            key=f"again_{turn.id}",
            type="tertiary",
            disabled=going or bool(asks.reason),
            on_click=asking.again,
            args=(turn, state.shown.question_press()),
        )
        st.button(
            _("Branch"),
            key=f"branch_{turn.id}",
            type="tertiary",
            help=_("Ask something else after this answer; what came after it stays."),
            on_click=asking.show_turn,
            args=(conversation.id, turn.id),
        )
        is_open = state.text("opened_turn") == turn.id
        st.button(
            _("Text") if is_open else _("Chunks"),
            key=f"chunks_{turn.id}",
            type="tertiary",
            on_click=state.put,
            args=("opened_turn", "" if is_open else turn.id),
        )
        if is_open and st.button(_("Open in the playground"), key=f"playground_{turn.id}", type="tertiary"):
            link.to_playground(turn.run)


def _onwards(conversation: Conversation, path: tuple[Turn, ...]) -> None:
    """After a turn that was gone on from already: what the next question does, and the way back."""
    if not path or not conversation.children(path[-1].id):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="branching"):
        st.caption(_("Your next question begins a branch here. What came after this answer is kept."), width="content")
        st.button(
            _("Back to what came after"),
            key="back_to_end",
            type="tertiary",
            on_click=asking.show_turn,
            args=(conversation.id, conversation.newest_end(path[-1].id)),
        )
