"""The outline of all messages, as a component: it draws the sections and tells what a person does to one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict

import streamlit as st

from chains.sections.arrangement import Arrangement, Part, parts
from chains.words import fill
from components import state
from components.run.loader import styles, view, whole
from components.sections import changes, draft
from components.words import _, counted, language, several

KEY = "section_tree"
SHOWN = 300
"""Sections that are on, of all messages, that are drawn until more are asked for; those that are off always are."""

_TREE = st.components.v2.component(
    "sections",
    html="<div></div>",
    css=styles("outline/view.css"),
    js=view("outline/view.js"),
)


def show(shown: Sequence[Arrangement]) -> None:
    """Mounts the outline of these messages; what is done in it is done to the draft."""
    said, messages = state.sections.said(), list(_messages(shown))
    _TREE(
        key=KEY,
        data=whole(
            {
                "messages": messages,
                "said": {"number": said.number, "sentence": said.sentence, "row": said.row, "id": said.id},
                "words": _words(),
            }
        ),
        on_change_change=_take,
    )
    if cut := sum(message["cut"] for message in messages):
        _more_button(min(SHOWN, cut))


def _more_button(count: int) -> None:
    st.button(
        several("Show the next section", "Show the next {count} sections", count),
        icon=":material/expand_more:",
        type="tertiary",
        key="more_sections",
        on_click=state.sections.put_most,
        args=(state.sections.most(SHOWN) + count,),
    )


def _take() -> None:
    changes.take(changes.Change.model_validate(state.shown.component_value(KEY, "change")))


class _Message(TypedDict):
    """One message as the component takes it; of so many sections that are `cut` it has none."""

    row: int
    name: str
    tokens: int
    cut: int
    parts: list[Mapping[str, object]]


def _messages(shown: Sequence[Arrangement]) -> Iterator[_Message]:
    left = state.sections.most(SHOWN)
    names = message_names()
    for message in shown:
        among = parts(message)
        named = [(id, part) for id, part in zip(draft.ids(among), among, strict=True)]
        on = [id for id, part in named if part.on]
        cut = {*on[left:]}
        left = max(0, left - len(on))
        has_sections = any(part.level or not part.on for part in among)
        yield _Message(
            row=message.row,
            name=names[message.row],
            tokens=sum(part.tokens for part in among if part.on),
            cut=len(cut),
            parts=[_part(id, part) for id, part in named if id not in cut] if has_sections else [],
        )


def _part(id: str, part: Part) -> Mapping[str, object]:
    return {
        "id": id,
        "level": part.level,
        "title": part.title,
        "name": changes.title_of(part),
        "tokens": part.tokens,
        "on": part.on,
    }


def message_names() -> list[str]:
    """What each message is called, in order."""
    return [_name(row, message.role) for row, message in enumerate(state.rows())]


def _name(row: int, role: str) -> str:
    branch, number = state.places.of(row)
    values = {"row": str(number), "role": role}
    if branch is None:
        return fill(_("Message {row}, {role}"), values)
    return fill(_("{branch}, message {row}, {role}"), {**values, "branch": branch})


def _words() -> Mapping[str, object]:
    return {
        "language": language(),
        "tree": _("Sections of the messages"),
        "hint": _("Drag to reorder, or Alt with the up and down arrows; Space turns off and on; F2 renames."),
        "row_on": counted(
            "{title}, level {level}, about {tokens} token, on", "{title}, level {level}, about {tokens} tokens, on"
        ),
        "row_off": counted(
            "{title}, level {level}, about {tokens} token, off", "{title}, level {level}, about {tokens} tokens, off"
        ),
        "tokens": counted("~{tokens} token", "~{tokens} tokens"),
        "tokens_help": _("An estimate: a token for four characters."),
        "off": _("off"),
        "switch": _("{title} is in the prompt"),
        "fold": _("Fold or unfold {title}"),
        "grip": _("Move {title}"),
        "rename": _("Rename {title}"),
        "new_title": _("New title of {title}"),
        "cut": counted("{count} more section is not shown", "{count} more sections are not shown"),
    }
