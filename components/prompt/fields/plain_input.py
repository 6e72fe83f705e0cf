"""How LangChain takes the value of a chain's only variable: alone, or in a dict."""

import re

import streamlit as st
from pydantic import JsonValue

from chains.code.literals import quoted
from chains.words import fill
from components import state
from components.prompt.fields import values
from components.prompt.misfits import InvalidField
from components.words import _

MOST = 40
"""Characters of a value that are shown."""

_TICKS = re.compile("`+")


def show(name: str) -> None:
    """Draws the two calls that are the same; nothing while the field is empty."""
    asked = values.Asked((name,), frozenset(), {name: state.document.field(name)})
    try:
        value = asked.sent({name: state.inputs.held(name)}, str)[name]
    except InvalidField:
        return
    if value != "":
        alone, named = calls(name, value)
        st.caption(fill(_("{alone} equals {named}"), {"alone": _code(alone), "named": _code(named)}))


def calls(name: str, value: JsonValue) -> tuple[str, str]:
    """The call with the value alone, and with its name; a long text is shortened."""
    text = value if isinstance(value, str) else ""
    shown = quoted(text if len(text) <= MOST else f"{text[:MOST]}…") if isinstance(value, str) else repr(value)
    return f"chain.invoke({shown})", f"chain.invoke({{{quoted(name)}: {shown}}})"


def _code(text: str) -> str:
    """A code span of Markdown, whatever backticks `text` holds."""
    fence = "`" * (max((len(ticks) for ticks in _TICKS.findall(text)), default=0) + 1)
    return f"{fence} {text} {fence}" if len(fence) > 1 else f"`{text}`"
