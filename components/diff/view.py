"""Two texts or two documents against each other, as a component: side by side, or inline where there is no room."""

import streamlit as st
from pydantic import JsonValue

from chains.compare.diff import diff
from chains.compare.documents import compare
from chains.documents.document import Document
from chains.spec import ChainSpec
from components.diff import wire
from components.run.loader import styles, view, whole

_VIEW = st.components.v2.component(
    "diff_view", html="<div></div>", css=styles("diff_view/view.css"), js=view("diff_view/view.js")
)


def diff_view(left: str, right: str, *, key: str, names: tuple[str, str]) -> None:
    """Mounts the comparison of any two texts; `names` say what they are, as they stand."""
    found = diff(left, right)
    block: JsonValue = {"title": "", "role": "", "notes": [], "sections": [_only(wire.rows(found))]}
    _mount(key, names, wire.summary(found.counts, same=found.is_same), [], [block])


def document_diff(one: Document | ChainSpec, other: Document | ChainSpec, *, key: str, names: tuple[str, str]) -> None:
    """Mounts the comparison of two documents: their settings, and their messages section by section."""
    found = compare(_document(one), _document(other))
    told = wire.summary(found.counts, same=found.is_same, more=wire.more(found))
    _mount(key, names, told, wire.changes(found), wire.messages(found))


def _document(given: Document | ChainSpec) -> Document:
    return Document(chain=given) if isinstance(given, ChainSpec) else given


def _only(rows: list[JsonValue]) -> JsonValue:
    return {"title": "", "notes": [], "rows": rows}


def _mount(key: str, names: tuple[str, str], summary: str, changes: list[JsonValue], messages: list[JsonValue]) -> None:
    _VIEW(
        key=key,
        height="content",
        data=whole(
            {
                "names": list(names),
                "summary": summary,
                "changes": changes,
                "messages": messages,
                "words": wire.words(),
            }
        ),
    )
