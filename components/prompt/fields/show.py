"""A field for each variable of the prompt, drawn as its kind asks; JSON for sections and histories."""

import json
from collections.abc import Sequence
from typing import Literal

import streamlit as st

from chains.documents.fields import item_names
from chains.words import fill
from components import state
from components.prompt import draft
from components.prompt.fields import more, plain_input, settings, values
from components.prompt.fields.reading import item_needs, read_as
from components.prompt.misfits import InvalidField
from components.words import _, plain

ONE_LINE = 68
ONE_LINE_CHARACTERS = 60
LONG = 160
"""Heights in pixels."""


def show(names: Sequence[str], *, of: str) -> None:
    """Draws the fields of these variables, the group `of`; of a single one, how LangChain takes its value alone."""
    as_json, histories = draft.json_names(), draft.asks().placeholders
    needs = item_names(draft.rows()) if draft.template_format() == "mustache" else {}
    for name in names[: settings.MOST]:
        takes_json = name in as_json
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            if takes_json:
                _json(name, is_history=name in histories)
            else:
                _typed(name)
            settings.show(name, takes_json=takes_json)
        if takes_json:
            _below(name, item_needs(needs.get(name, ())))
    more.show(names[settings.MOST :], of=of)
    if len(names) == 1 and names[0] not in (*as_json, *draft.bound()):
        plain_input.show(names[0])


def _typed(name: str) -> None:
    match state.document.field(name).kind:
        case "number":
            _number(name)
        case "choice":
            _choice(name)
        case "long":
            _area(name, LONG)
        case _:
            _area(name, _height(values.as_text(state.inputs.held(name))))


def _area(name: str, height: int | Literal["content"], example: str | None = None) -> None:
    _hold_text(name)
    st.text_area(
        plain(name),
        key=state.inputs.key(name),
        persist_state=state.KEEP,
        height=height,
        max_chars=state.FIELD_CHARACTERS,
        placeholder=example,
    )


def _number(name: str) -> None:
    held = state.inputs.held(name)
    if held is not None and not isinstance(held, float):
        state.inputs.put(name, values.as_number(held))
        if state.inputs.held(name) is None:
            state.inputs.set_aside(name, values.as_text(held))
    st.number_input(
        plain(name),
        value=None,
        format="%.15g",
        key=state.inputs.key(name),
        persist_state=state.KEEP,
        placeholder=_("A number"),
    )


def _choice(name: str) -> None:
    state.inputs.bring_back(name)
    held = values.as_text(state.inputs.held(name))
    offered = values.options(state.document.field(name), held)
    if state.inputs.held(name) not in offered:
        state.inputs.put(name, held if held in offered else None)
    st.selectbox(
        plain(name),
        offered,
        index=None,
        key=state.inputs.key(name),
        persist_state=state.KEEP,
        placeholder=_("Choose one") if offered else _("Write the choices into the settings of this field"),
    )


def _json(name: str, *, is_history: bool) -> None:
    example = '[{"role": "human", "content": "…"}]' if is_history else _("JSON: a list, an object, true or false")
    _area(name, _height(values.as_text(state.inputs.held(name))), example)


def _below(name: str, hint: str) -> None:
    """What a JSON field was read as, and what it should hold."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        said = _read(name)
        st.caption(" · ".join(plain(part) for part in (said, hint) if part))
        if said:
            st.button(
                _("Format"),
                key=f"format_{name}",
                type="tertiary",
                icon=":material/format_indent_increase:",
                on_click=_format,
                args=(name,),
                help=_("Lays the JSON out, an entry a line. Its values stay as they are."),
            )


def _read(name: str) -> str:
    """What a JSON field was read as, or where it is wrong; '' while it is empty."""
    written = values.as_text(state.inputs.held(name)).strip()
    if not written:
        return ""
    try:
        return fill(_("Read as {kind}"), {"kind": read_as(values.parsed(name, written))})
    except InvalidField as invalid:
        return str(invalid)


def _format(name: str) -> None:
    try:
        value = values.parsed(name, values.as_text(state.inputs.held(name)).strip())
    except InvalidField as invalid:
        st.toast(plain(str(invalid)))
    else:
        state.inputs.put(name, json.dumps(value, ensure_ascii=False, indent=2))


def _hold_text(name: str) -> None:
    state.inputs.bring_back(name)
    held = state.inputs.held(name)
    if held is not None and not isinstance(held, str):
        state.inputs.put(name, values.as_text(held))


def _height(value: str) -> int | Literal["content"]:
    """One line takes the room of one."""
    return ONE_LINE if len(value) <= ONE_LINE_CHARACTERS and "\n" not in value else "content"
