"""The prompt side of the playground: message rows, format, a field a variable, the exact messages."""

import streamlit as st

from chains.outcomes import Refused
from chains.preview import Preview, previews
from components import state
from components.library import saving
from components.prompt import branches, draft, images, table
from components.prompt.doctor import conversion, diagnosis, leftover
from components.prompt.explained import explained
from components.prompt.fields import settings, values
from components.prompt.fields import show as fields
from components.sections import panel
from components.sharing import share
from components.words import _, parser_words, plain, several


def show() -> None:
    """Draws the editor over the session's draft."""
    _head()
    branches.show(diagnosis.found())
    panel.show()
    _fields()
    leftover.show()
    _preview()


def _head() -> None:
    chain = saving.opened()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
            _("Name of the chain"),
            key="chain_name",
            persist_state=state.KEEP,
            max_chars=200,
            placeholder=_("Name of the chain"),
            label_visibility="collapsed",
        )
        saving.show(chain)
        share.show()
    saving.say_version(chain)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
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
        conversion.button()
    conversion.outcome()


def _fields() -> None:
    asked, bound = draft.asked(), draft.bound()
    if state.text("mode") == "batch":
        kinds, as_json = state.document.fields(), draft.json_names()
        table.show({name: kinds.get(name, values.PLAIN) for name in asked}, as_json=as_json)
        settings.of_columns(asked, as_json=as_json)
    else:
        fields.show(asked, of="asked")
    if bound:
        st.caption(_("Bound: the same for every input, as by `prompt.partial(…)`"))
        fields.show(bound, of="bound")


def _preview() -> None:
    shown = st.expander(_("Preview of the exact messages"), key="preview", on_change="rerun")
    if not shown.open:
        return
    with shown:
        try:
            found = previews(draft.chain(), draft.requested(1)[0])
        except Refused as refused:
            st.caption(plain(explained(refused.outcome)))
        except draft.InvalidField as invalid:
            st.caption(plain(str(invalid)))
        else:
            for branch, messages in found.items():
                if branch:
                    st.markdown(f"**{plain(branch)}**")
                _messages(messages)


def _messages(shown: Preview) -> None:
    count = several("{count} message", "{count} messages", len(shown.rows))
    tokens = several("about {count} token", "about {count} tokens", shown.tokens)
    st.caption(f"{count}, {tokens}")
    for (role, text), pictures in zip(shown.rows, shown.pictures, strict=True):
        st.caption(plain(role))
        st.code(text, language=None, wrap_lines=True)
        for picture in pictures:
            st.caption(images.said(picture))
