"""Who runs the chain: the engine, or one of LangChain's own methods, with what that costs said before the run."""

from typing import cast

import streamlit as st

from chains.methods.names import method_of, method_of_request, notes
from chains.spec import Mode, Parser, RunRequest, RunWith
from chains.words import fill
from components import state
from components.words import _, plain


def choose() -> None:
    """Draws the choice for the mode of the draft."""
    mode = cast(Mode, state.text("mode", "stream"))
    names = {way: method_of(mode, way) or _("Engine") for way in ("engine", "sync", "async")}
    st.caption(_("Run with"), width="content")
    st.segmented_control(
        _("Run with"),
        list(names),
        format_func=lambda way: names[way],
        key="run_with",
        required=True,
        persist_state=state.KEEP,
        label_visibility="collapsed",
        help=_(
            "The engine stamps every chunk and stops at once. The others are LangChain's own methods of the chain "
            "with its parser, the first in a thread; what fails is not tried again."
        ),
    )


def say() -> None:
    """Says what of the chosen method cannot be stopped or seen."""
    if chosen := method_of(cast(Mode, state.text("mode", "stream")), run_with()):
        said = " ".join(_(note) for note in notes(chosen, cast(Parser, state.text("parser", "text"))) if note)
        st.caption(f":material/info: {plain(said)}")


def run_with() -> RunWith:
    """The choice of the draft."""
    return cast(RunWith, state.text("run_with", "engine"))


def said_of(request: RunRequest) -> str:
    """What ran a run, for a reader; '' for the engine."""
    method = method_of_request(request)
    return fill(_("run with {method}"), {"method": f"chain.{method}"}) if method else ""
