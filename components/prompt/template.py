"""The field of a template, as a component: a text area that colours its braces and headings as one types."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from chains.spec import MAX_TEMPLATE_CHARACTERS
from chains.templates.doctor import escaping
from components import state
from components.run.loader import styles, view, whole
from components.words import _, several

_FIELD = st.components.v2.component(
    "template",
    html='<div class="template-editor"></div>',
    css=styles("editor/editor.css"),
    js=view("editor/editor.js"),
    isolate_styles=False,
)


def field(
    key: str,
    *,
    label: str,
    placeholder: str,
    colours: str,
    problems: Mapping[tuple[int, int], str],
    names: Sequence[str],
) -> None:
    """Mounts the field of the row's text in `state.templates`.

    `colours` is the format whose braces it colours, or another word for none. `problems` are sentences by line and
    column, both from 1 and in characters; `names` are offered behind an opening brace.
    """
    row = state.templates.kept(key)
    _FIELD(
        key=key,
        data=whole(
            {
                "key": key,
                "text": row["text"],
                "revision": row["revision"],
                "taken": row["taken"],
                "draft": state.drafts.place().id,
                "format": colours,
                "label": label,
                "placeholder": placeholder,
                "most": MAX_TEMPLATE_CHARACTERS,
                "names": list(names),
                "problems": [
                    {"line": line, "column": column, "text": sentence} for (line, column), sentence in problems.items()
                ],
                "words": {
                    "names": _("Variables"),
                    "place": _("Line {line}, column {column}"),
                    "errors": several("{count} error", "{count} errors", len(problems)) if problems else _("No errors"),
                    "paste": _("Paste now: the braces in it become text. Escape ends this."),
                    "tags": " ".join(_(words) for words in escaping.DOUBLE),
                },
            }
        ),
        on_edit_change=partial(state.templates.take, key),
    )
