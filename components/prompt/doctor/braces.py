"""A message's braces one by one, and what can be done with all of them: escape, unescape, paste as literal."""

from collections.abc import Iterable
from zlib import crc32

import streamlit as st

from chains.spec import MAX_TEMPLATE_CHARACTERS
from chains.templates.doctor import braces, escaping
from chains.templates.problems import PieceKind, RefusedTemplate
from chains.words import fill
from components import state
from components.prompt import draft
from components.prompt.doctor import diagnosis
from components.words import _, plain, several

LIST_PX = 220
LINE_PX = 20
MOST_NAMES = 40
"""Names to tick; of those beyond, the variables are kept."""


def show(key: str) -> None:
    """Draws the button that opens them, for the message whose template has that key."""
    opened = st.popover(
        _("Braces"),
        icon=":material/data_object:",
        type="tertiary",
        key=f"braces_{key}",
        on_change="rerun",
        help=_at_caret(),
    )
    if not opened.open:
        return
    with opened:
        template = state.templates.text(key)
        _list(template)
        if draft.template_format() == "f-string":
            _escaping(key, template)
        else:
            st.caption(plain(_("Single braces are text in mustache. It has no way to write {{ as text.")))
        _pasting(key)


def _list(template: str) -> None:
    shown, count = braces.braces(template, draft.template_format())
    if not shown:
        st.caption(_("No braces here."))
        return
    words = _kinds()
    places = [f"{brace.line}:{brace.column}" for brace in shown]
    wide, kind_wide = max(map(len, places)), max(len(word) for word in words.values())
    lines = [f"{at:<{wide}}  {words[b.kind]:<{kind_wide}}  {b.text}" for at, b in zip(places, shown, strict=True)]
    listed = several("{count} brace or pair of braces", "{count} braces or pairs of braces", count)
    beyond = fill(_("the first {most} are listed"), {"most": str(len(shown))})
    st.caption(f"{listed}; {beyond}" if count > len(shown) else listed)
    st.code("\n".join(lines), language=None, height=min(LIST_PX, LINE_PX * len(lines) + 2 * LINE_PX))


def _kinds() -> dict[PieceKind, str]:
    return {
        "variable": _("variable"),
        "literal": _("literal"),
        "tag": _("section"),
        "comment": _("comment"),
        "error": _("error"),
    }


def _escaping(key: str, template: str) -> None:
    names = escaping.fields(template, "f-string")
    if names:
        ticked, known = _ticked(key, names), diagnosis.known()
        state.start_with(ticked, [name for name in names[:MOST_NAMES] if name in known])
        st.pills(
            _("Variables to keep"),
            names[:MOST_NAMES],
            selection_mode="multi",
            key=ticked,
            format_func=plain,
            help=_("All other braces become text when they are escaped."),
        )
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Escape all others") if names else _("Escape all"), key=f"escape_{key}", on_click=_escape, args=(key,)
        )
        st.button(_("Unescape"), key=f"unescape_{key}", on_click=_unescape, args=(key,))


def _escape(key: str) -> None:
    template = state.templates.text(key)
    names = escaping.fields(template, "f-string")
    keep = {*state.texts(_ticked(key, names)), *(diagnosis.known() & {*names[MOST_NAMES:]})}
    diagnosis.put(key, escaping.escape(template, "f-string", keep))


def _ticked(key: str, names: Iterable[str]) -> str:
    """The key of the choice among these names: other names are another choice."""
    return f"keep_{key}_{crc32(' '.join(names).encode()):08x}"


def _unescape(key: str) -> None:
    diagnosis.put(key, escaping.unescape(state.templates.text(key), "f-string"))


def _pasting(key: str) -> None:
    field = f"literal_{key}"
    st.text_area(
        _("Paste as literal"),
        key=field,
        height=96,
        max_chars=MAX_TEMPLATE_CHARACTERS,
        placeholder=_("JSON or code that the model shall read as it stands"),
        help=_at_caret(),
    )
    st.button(_("Insert at the end"), key=f"insert_{key}", on_click=_insert, args=(key,))
    try:
        _joined(key)
    except RefusedTemplate as refused:
        problem = refused.problems[0]
        place = fill(_("Line {line}, column {column}"), {"line": str(problem.line), "column": str(problem.column)})
        said = " ".join(fill(_(words), problem.values) for words in (problem.message, problem.hint))
        st.markdown(f":small[:red[:material/error: **{plain(place)}** {plain(said)}]]")


def _at_caret() -> str:
    return _("Ctrl+Shift+L in a template pastes what you have copied at the caret, as literal.")


def _insert(key: str) -> None:
    try:
        diagnosis.put(key, _joined(key))
    except RefusedTemplate:
        return
    state.put(f"literal_{key}", "")


def _joined(key: str) -> str:
    """The template with the pasted text at its end, on a line of its own. Raises RefusedTemplate."""
    template, pasted = state.templates.text(key), state.text(f"literal_{key}")
    literal = escaping.literal(pasted, draft.template_format())
    return template + ("\n" if template and literal and not template.endswith("\n") else "") + literal
