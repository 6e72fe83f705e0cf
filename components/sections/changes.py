"""What a person does to a section in the outline, done to the draft; and the sentence that says so."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from chains.sections.arrangement import Arrangement, OpenFence, Part, block_end, moved, parts, renamed, step, switched
from chains.spec import MAX_TEMPLATE_CHARACTERS
from chains.templates.names import seen
from chains.unseen import replaced
from chains.words import fill
from components import state
from components.sections import draft
from components.words import _


class Change(BaseModel):
    """One change, as the outline tells it. A move goes before the section `before`, '' for the end, or a step `by`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    op: Literal["move", "rename", "switch"]
    row: int
    id: str
    before: str | None = None
    by: int = 0
    title: str = ""
    on: bool = False


def take(change: Change) -> None:
    """Makes the change, unless the section is no longer there or the message would not take it."""
    of = next((found for found in draft.arrangements() if found.row == change.row), Arrangement(change.row, ""))
    among = parts(of)
    ids = draft.ids(among)
    if change.id not in ids:
        state.sections.say(_("The message was changed meanwhile; nothing was done."), change.row)
        return
    at = ids.index(change.id)
    try:
        after, now = _made(of, among, at, change)
    except OpenFence:
        state.sections.say(open_fence(), change.row, change.id)
        return
    if too_long := keep(after):
        state.sections.say(too_long, change.row, change.id)
        return
    there = parts(after)
    state.sections.say(_sentence(there, now, change), change.row, draft.ids(there)[now])


def keep(after: Arrangement) -> str:
    """Keeps a message's sections; says why not when its template is too long."""
    if len(after.template) > MAX_TEMPLATE_CHARACTERS:
        numbers = {"characters": f"{len(after.template):,}", "most": f"{MAX_TEMPLATE_CHARACTERS:,}"}
        text = _("Nothing was done: the message would have {characters} characters, and one takes {most}.")
        return fill(text, numbers)
    draft.put(after)
    return ""


def open_fence() -> str:
    return _("Nothing was done: a code block that is not closed would take in the sections behind it.")


def title_of(part: Part) -> str:
    """What a section is called where its title is read, not written."""
    if not part.level:
        return _("Before the first heading")
    return replaced(part.title, seen) or _("(no title)")


def _made(of: Arrangement, among: Sequence[Part], at: int, change: Change) -> tuple[Arrangement, int]:
    """The message after the change, and where the section then stands. Raises `OpenFence`."""
    match change.op:
        case "rename":
            return renamed(of, at, change.title), at
        case "switch":
            return switched(of, at, on=change.on), at
        case "move":
            to = _place(among, at, change)
            after = moved(of, at, to)
            length = block_end(among, at) - at
            return after, at if after is of else to - length if to > at else to


def _place(among: Sequence[Part], at: int, change: Change) -> int:
    """The index before which a section is wanted; its own where there is none."""
    if change.before is None:
        to = step(among, at, change.by)
        return at if to is None else to
    if not change.before:
        return len(among)
    ids = draft.ids(among)
    return ids.index(change.before) if change.before in ids else at


def _sentence(there: Sequence[Part], now: int, change: Change) -> str:
    title = title_of(there[now])
    match change.op:
        case "rename":
            return fill(_("The section is now called “{title}”."), {"title": title})
        case "switch" if change.on:
            return fill(_("“{title}” is on: the run sees it again."), {"title": title})
        case "switch":
            return fill(_("“{title}” is off: the draft keeps it, and the run does not see it."), {"title": title})
        case "move":
            values = {"title": title, "place": str(now + 1), "count": str(len(there))}
            return fill(_("“{title}” is now section {place} of {count}."), values)
