"""Saving the playground's chain: one button for the next version, a form for what is to be said of it."""

from collections.abc import Sequence

import streamlit as st

from chains.files.chain_file import MAX_DESCRIPTION, MAX_MESSAGE, MAX_NAME, MAX_TAGS
from chains.outcomes import Refused
from chains.words import fill
from components import state
from components.library import form
from components.prompt import draft
from components.prompt.explained import explained
from components.words import _, plain
from runs.errors import UnknownSaved
from runs.opened import engine
from runs.saved import About, Saved, SavedChain, name_of

SHORTCUT = "Ctrl+S"
MORE = "save_more"
FIELDS = ("save_as", "save_name", "save_message", "save_description", "save_tags")


def show(chain: SavedChain | None) -> None:
    """Draws the button and, beside it, the form; `chain` is what is `opened`."""
    st.button(
        _("Save"),
        key="save",
        icon=":material/save:",
        shortcut=SHORTCUT,
        on_click=_save_now if chain else state.put,
        args=() if chain else (MORE, True),
    )
    more = st.popover(_("Save as"), key=MORE, on_change="rerun")
    if more.open:
        with more:
            _form(chain)


def opened() -> SavedChain | None:
    """The saved chain that the form is a version of, if it is kept still."""
    if not state.saved.chain():
        return None
    try:
        return engine().library.open(state.saved.chain())
    except UnknownSaved:
        state.saved.forget()
        return None


def say_version(chain: SavedChain | None) -> None:
    """Draws which version the form holds, whether it was edited, and whether that is still the current one."""
    # There in any case: what comes into being above a field makes Streamlit draw the field anew, without its focus.
    with st.container(key="saved_version"):
        if chain is not None:
            st.caption(_version(chain))


def _version(chain: SavedChain) -> str:
    base, edited = state.saved.base(), state.saved.is_edited(form.fingerprint())
    said = _("edited since version {number}") if edited else _("version {number}")
    parts = [chain.about.name or _("Chain without a name"), fill(said, {"number": str(base)})]
    if base != chain.head:
        parts.append(fill(_("version {number} is the current one"), {"number": str(chain.head)}))
    icon = ":material/edit:" if edited else ":material/check:"
    return f"{icon} {plain(' · '.join(parts))}"


def _form(chain: SavedChain | None) -> None:
    is_new = chain is None or _choose_target(chain)
    if is_new:
        _about(chain)
    st.text_input(
        _("Message"), key="save_message", max_chars=MAX_MESSAGE, placeholder=_("What is different, if you like")
    )
    st.toggle(_("Keep the present values of the variables too"), key="save_inputs", persist_state=state.KEEP)
    st.button(_("Save"), key="save_now", type="primary", on_click=_save_new if is_new else _save_now)


def _choose_target(chain: SavedChain) -> bool:
    """Whether a chain of its own is wanted instead of the next version of the one that is there."""
    targets = {
        "next": fill(_("Next version of {name}"), {"name": chain.about.name or _("Chain without a name")}),
        "new": _("New chain"),
    }
    state.start_with("save_as", "next")
    chosen = st.radio(
        _("Save as"),
        list(targets),
        format_func=lambda target: plain(targets[target]),
        key="save_as",
        label_visibility="collapsed",
    )
    return chosen == "new"


def _about(chain: SavedChain | None) -> None:
    state.start_with("save_name", _proposed(chain))
    st.text_input(_("Name"), key="save_name", max_chars=MAX_NAME)
    st.text_area(_("Description"), key="save_description", max_chars=MAX_DESCRIPTION, height=68)
    tags("save_tags", engine().library.tags())


def tags(key: str, known: Sequence[str]) -> None:
    """Draws a field for tags, which takes new ones too."""
    st.multiselect(
        _("Tags"),
        known,
        key=key,
        accept_new_options=True,
        max_selections=MAX_TAGS,
        placeholder=_("Choose, or type a new one"),
    )


def _proposed(chain: SavedChain | None) -> str:
    if chain is not None:
        return fill(_("{name}, copy"), {"name": chain.about.name})[:MAX_NAME]
    try:
        return name_of(form.document(with_inputs=False))
    except draft.InvalidField:
        return ""


def _save_now() -> None:
    chain, base = state.saved.chain(), state.saved.base()
    with_inputs, message = bool(state.text("save_inputs")), state.text("save_message")
    try:
        document = form.document(with_inputs=with_inputs)
        saved = engine().library.save(chain, document, base=base, message=message)
    except (Refused, draft.InvalidField, UnknownSaved) as error:
        _say_why(error)
        return
    _note(saved, document.fingerprint)


def _save_new() -> None:
    about = About(state.text("save_name"), state.text("save_description"), state.texts("save_tags"))
    try:
        document = form.document(with_inputs=bool(state.text("save_inputs")))
        saved = engine().library.begin(about, document, state.text("save_message"))
    except (Refused, draft.InvalidField) as error:
        _say_why(error)
        return
    state.saved.forget()
    _note(saved, document.fingerprint)


def _note(saved: Saved, print_of_form: str) -> None:
    state.saved.note(saved.chain, saved.number, print_of_form=print_of_form)
    number = {"number": str(saved.number)}
    if not saved.is_new and state.text("save_message"):
        st.toast(fill(_("Nothing has changed: this is version {number}. The message stays in its field."), number))
        return
    state.put(MORE, False)
    for field in FIELDS:
        state.drop(field)
    if not saved.is_new:
        st.toast(fill(_("Nothing has changed: this is version {number}."), number))
    elif saved.beside:
        state.saved.note_clash(saved.number)
        st.toast(fill(_("Saved as version {number} beside the current one: decide at the top of the page."), number))
    else:
        st.toast(fill(_("Saved as version {number}."), number))


def _say_why(error: Exception) -> None:
    match error:
        case Refused():
            st.toast(plain(explained(error.outcome)))
        case UnknownSaved():
            st.toast(_("This saved chain was deleted meanwhile. Save yours as a new chain."))
        case _:
            st.toast(plain(str(error)))
