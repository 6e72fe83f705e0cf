"""The settings of one variable's field: how its value is asked for."""

from collections.abc import Collection, Sequence

import streamlit as st
from pydantic import ValidationError

from chains.documents.document import MAX_CHOICE_CHARACTERS, MAX_CHOICES, FieldKind, FieldSpec
from chains.words import fill
from components import state
from components.prompt import misfits
from components.words import _, plain, several

MOST = 50
"""Variables that are drawn with a field and settings: a page of hundreds takes seconds."""


def of_columns(names: Sequence[str], *, as_json: Collection[str]) -> None:
    """Draws the buttons of the columns of a table."""
    if not names:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(_("Fields"), width="content")
        for name in names[:MOST]:
            show(name, takes_json=name in as_json, label=plain(name))
        if len(names) > MOST:
            st.caption(several("and {count} more", "and {count} more", len(names) - MOST), width="content")


def show(name: str, *, takes_json: bool, label: str = "") -> None:
    """Draws the button of the settings; what is in them is drawn when they are opened."""
    title = fill(_("How {name} is asked for"), {"name": plain(name)})
    popover = st.popover(label or _("Field"), type="tertiary", key=f"settings_{name}", on_change="rerun", help=title)
    if popover.open:
        with popover:
            if not takes_json:
                _kind(name)
            _bind(name)


def _kind(name: str) -> None:
    field, words = state.document.field(name), _kind_words()
    state.put(f"kind_of_{name}", field.kind)
    st.segmented_control(
        _("Kind of field"),
        list(words),
        format_func=lambda kind: words[kind],
        key=f"kind_of_{name}",
        required=True,
        on_change=_choose_kind,
        args=(name,),
    )
    if field.kind == "choice":
        state.put(f"choices_of_{name}", "\n".join(field.choices))
        st.text_area(
            _("Choices, one a line"),
            key=f"choices_of_{name}",
            max_chars=MAX_CHOICES * (MAX_CHOICE_CHARACTERS + 1),
            on_change=_write_choices,
            args=(name,),
        )


def _bind(name: str) -> None:
    state.put(f"bind_{name}", name in state.bound.names())
    st.toggle(
        _("Bind its value"),
        key=f"bind_{name}",
        on_change=_toggle,
        args=(name,),
        help=_("A bound value is part of the chain: the same for every input, and no input any more."),
    )


def _toggle(name: str) -> None:
    others = [bound for bound in state.bound.names() if bound != name]
    state.bound.put([*others, name] if state.flag(f"bind_{name}") else others)


def _kind_words() -> dict[FieldKind, str]:
    return {"text": _("Text"), "long": _("Long text"), "number": _("Number"), "choice": _("Choice")}


def _choose_kind(name: str) -> None:
    _put(name, {"kind": state.text(f"kind_of_{name}", "text"), "choices": state.document.field(name).choices})


def _write_choices(name: str) -> None:
    lines = [line.strip() for line in state.text(f"choices_of_{name}").splitlines()]
    _put(name, {"kind": "choice", "choices": tuple(dict.fromkeys(line for line in lines if line))})


def _put(name: str, asked: dict[str, object]) -> None:
    """Changes the settings of one field, or says why they do not fit and leaves them."""
    try:
        field = FieldSpec.model_validate(asked)
    except ValidationError as error:
        st.toast(plain(misfits.of_fields(error)))
        return
    state.document.put_fields({**state.document.fields(), name: field})
