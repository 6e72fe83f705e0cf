"""The prompt side of the playground: message rows, format, a field a variable, the exact messages."""

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from chains.outcomes import Refused
from chains.preview import preview
from chains.spec import MAX_TEMPLATE_CHARACTERS
from chains.words import fill
from components import state
from components.prompt import draft, table
from components.prompt.explained import explained
from components.words import _, parser_words, plain, several

ROLES = ("system", "human", "ai", "placeholder")
MAX_ROWS = 50
ONE_LINE = 68
ONE_LINE_CHARACTERS = 60


def show() -> None:
    """Draws the editor over the session's draft."""
    _head()
    problems = draft.problems()
    for row in range(state.row_count()):
        _message(row, problems.get(row, {}))
    st.button(
        _("Add message"),
        icon=":material/add:",
        type="tertiary",
        key="add_message",
        on_click=state.add_row,
        disabled=state.row_count() >= MAX_ROWS,
    )
    _fields()
    _preview()


def _head() -> None:
    st.text_input(
        _("Name of the chain"),
        key="chain_name",
        persist_state=state.KEEP,
        max_chars=200,
        placeholder=_("Name of the chain"),
        label_visibility="collapsed",
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            _("Template format"),
            ["f-string", "mustache"],
            key="template_format",
            required=True,
            persist_state=state.KEEP,
            help=_("How variables are written: `{name}` in f-string, `{{name}}` in mustache. The text stays as it is."),
        )
        parsers = parser_words()
        st.segmented_control(
            _("Output parser"),
            list(parsers),
            format_func=lambda parser: parsers[parser],
            key="parser",
            required=True,
            persist_state=state.KEEP,
            help=_("What the chain gives at its end: the text alone, the whole message, or the text read as JSON."),
        )


def _message(row: int, problems: Mapping[str, str]) -> None:
    side, body = st.columns([3, 8], gap="small")
    with side, st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.selectbox(
            fill(_("Role of message {row}"), {"row": str(row + 1)}),
            ROLES,
            key=f"role_{row}",
            persist_state=state.KEEP,
            label_visibility="collapsed",
        )
        st.button(
            _("Delete"),
            icon=":material/delete:",
            type="tertiary",
            key=f"delete_{row}",
            on_click=state.delete_row,
            args=(row,),
            disabled=state.row_count() == 1,
        )
    with body:
        is_placeholder = state.text(f"role_{row}") == "placeholder"
        st.text_area(
            fill(_("Template of message {row}"), {"row": str(row + 1)}),
            key=f"template_{row}",
            persist_state=state.KEEP,
            max_chars=MAX_TEMPLATE_CHARACTERS,
            height="content",
            label_visibility="collapsed",
            placeholder=_("Name of the variable that holds the history") if is_placeholder else _("Template"),
        )
        for place, sentence in problems.items():
            st.markdown(f":small[:red[:material/error: **{plain(place)}** {plain(sentence)}]]")


def _fields() -> None:
    names, as_json, histories = draft.names(), draft.json_names(), draft.histories()
    if state.text("mode") == "batch":
        table.show(tuple(dict.fromkeys((*names, *as_json))))
        return
    for name in (*names, *(name for name in as_json if name not in names)):
        takes_json = name in as_json
        st.text_area(
            plain(name),
            key=f"var_{name}",
            persist_state=state.KEEP,
            height=_height(state.text(f"var_{name}")),
            max_chars=state.FIELD_CHARACTERS,
            placeholder=_example(takes_json=takes_json, is_history=name in histories),
        )


def _example(*, takes_json: bool, is_history: bool) -> str | None:
    if is_history:
        return '[{"role": "human", "content": "…"}]'
    return _("JSON: a list, an object, true or false") if takes_json else None


def _height(value: str) -> int | Literal["content"]:
    """One line takes the room of one."""
    return ONE_LINE if len(value) <= ONE_LINE_CHARACTERS and "\n" not in value else "content"


def _preview() -> None:
    shown = st.expander(_("Preview of the exact messages"), key="preview", on_change="rerun")
    if not shown.open:
        return
    with shown:
        try:
            messages = preview(draft.chain(), draft.requested()[0])
        except Refused as refused:
            st.caption(plain(explained(refused.outcome)))
        except draft.InvalidField as invalid:
            st.caption(plain(str(invalid)))
        else:
            count = several("{count} message", "{count} messages", len(messages.rows))
            tokens = several("about {count} token", "about {count} tokens", messages.tokens)
            st.caption(f"{count}, {tokens}")
            for role, text in messages.rows:
                st.caption(plain(role))
                st.code(text, language=None, wrap_lines=True)
