"""The chain that a question goes to: the playground's present one, or a plain chat with the same model."""

from dataclasses import dataclass

import streamlit as st
from pydantic import SecretStr, ValidationError

from chains.chat import DEFAULT_CHAIN, ask
from chains.outcomes import Refused
from chains.spec import ChainSpec
from chains.templates.problems import RefusedTemplate
from components import state
from components.prompt import draft, misfits
from components.prompt.explained import explained
from components.words import _, plain
from runs.opened import engine

PLAYGROUND = "pages/playground.py"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a question is asked with. `reason` says why none can be; '' when it can."""

    chain: ChainSpec | None
    key: SecretStr | None
    reason: str


def show() -> Frame:
    """Draws the choice of the chain and what it is, or why it cannot take a question and what to do."""
    chains = {"draft": _("Playground's prompt"), "plain": _("Plain chat")}
    state.start_with("chat_chain", "draft")
    with st.container(horizontal=True, vertical_alignment="center", key="chat_frame"):
        st.segmented_control(
            _("Chain"),
            list(chains),
            format_func=lambda chain: chains[chain],
            key="chat_chain",
            required=True,
            persist_state=state.KEEP,
            label_visibility="collapsed",
            help=_("What your question is put into. Plain chat is a short system message and your question alone."),
        )
        found = read()
        if found.chain is not None:
            st.caption(plain(_said(found.chain)), width="content")
        st.page_link(PLAYGROUND, label=_("Prompt and model"), icon=":material/tune:")
    if found.reason:
        _say_why(found.reason)
    return found


def read() -> Frame:
    """The chain of this session, checked as a question would check it."""
    key = state.typed_key(draft.key_field())
    try:
        chain = _chain()
        engine().check(ask(chain, "?", ()), key)
    except RefusedTemplate:
        return Frame(None, key, _("A message of the playground's prompt cannot run; the playground says where."))
    except Refused as refused:
        return Frame(None, key, explained(refused.outcome))
    except draft.InvalidField as invalid:
        return Frame(None, key, str(invalid))
    except ValidationError as error:
        return Frame(None, key, misfits.of_fields(error))
    return Frame(chain, key, "")


def _chain() -> ChainSpec:
    if state.text("chat_chain", "draft") == "plain":
        return DEFAULT_CHAIN.model_copy(update={"model": draft.model()})
    return draft.chain()


def _said(chain: ChainSpec) -> str:
    """The message that the question goes into, and the model."""
    template = next(row.template for row in reversed(chain.messages) if row.role == "human")
    model = chain.model.model if chain.model.model not in ("", chain.model.provider) else ""
    return " · ".join(part for part in (_shortened(template), chain.model.provider, model) if part)


def _shortened(template: str, most: int = 60) -> str:
    line = " ".join(template.split())
    return line if len(line) <= most else f"{line[:most]}…"


def _say_why(reason: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="chat_unfit"):
        st.markdown(f":material/info: {plain(reason)}", width="content")
        if state.text("chat_chain") != "plain":
            st.button(
                _("Use plain chat"),
                key="use_plain_chat",
                type="primary",
                on_click=state.put,
                args=("chat_chain", "plain"),
            )
