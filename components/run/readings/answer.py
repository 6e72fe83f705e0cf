"""One answer after its end: what the parser made of it, and LangChain's message."""

import json

import streamlit as st

from chains.spec import RunRequest
from components.words import _
from runs.record import ItemState, message


def show(request: RunRequest, item: ItemState) -> None:
    """Draws the value and the message of an item, or of one branch of it."""
    if request.chain.parser == "json":
        st.caption(_("The parser's value: JSON"))
        value = item.ended.value if item.ended else None
        st.code(json.dumps(value, ensure_ascii=False, indent=2), language="json", wrap_lines=True)
    elif request.chain.parser == "text":
        st.caption(_("The parser's value: text"))
        st.code(item.text, language=None, wrap_lines=True)
    st.caption(_("LangChain's message"))
    whole = message(item)
    if whole is None:
        st.caption(_("There is none: the answer did not come to its end."))
    else:
        st.json(whole)
