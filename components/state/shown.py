"""What the session shows: which run, against which, which item and chunk of it, which conversation."""

import secrets
from typing import cast

import streamlit as st
from pydantic import JsonValue

from components.state.values import text


def press() -> str:
    """Names the next press of Run: the same until the session shows another run, however often it is pressed."""
    keep = st.session_state
    return f"{keep.setdefault('seat', secrets.token_urlsafe(16))} {keep.setdefault('runs_shown', 0)}"


def current_run() -> str:
    """The run that the playground shows; '' before the first."""
    return text("current_run")


def show_run(run: str, *, loop: str = "") -> None:
    """Makes a run the one that the playground shows; the form as it is now belongs to it.

    `loop` is the run of the same inputs one after the other that it is shown against.
    """
    keep = st.session_state
    if run != current_run():
        keep["run_before"], keep["current_run"] = current_run(), run
    keep["loop"] = loop
    keep.pop("run_draft", None)
    # Last: Streamlit may interrupt a callback at any of these, and a press that was not told keeps its name.
    keep["runs_shown"] = keep.get("runs_shown", 0) + 1


def loop() -> str:
    """The run that the playground shows the present one against; '' when it shows it alone."""
    return text("loop")


def run_before() -> str:
    """The run that the playground showed before the present one; '' when there was none."""
    return text("run_before")


def conversation() -> str:
    """The conversation that this session shows; '' for one that has yet to begin."""
    return text("conversation")


def show_conversation(conversation: str) -> None:
    """Makes a conversation the one that is shown; in this run of the script the address does not gainsay it."""
    st.session_state["conversation"], st.session_state["moved"] = conversation, True


def has_moved() -> bool:
    """Whether a press has chosen what is shown since this was asked last: then the address may lag behind."""
    return bool(st.session_state.pop("moved", False))


def question_press() -> str:
    """Names the next question of a chat: the same until one was asked, however often it is sent."""
    keep = st.session_state
    return f"{keep.setdefault('seat', secrets.token_urlsafe(16))} question {keep.setdefault('asked', 0)}"


def note_asked() -> None:
    st.session_state["asked"] = st.session_state.get("asked", 0) + 1


def note_item(view: str) -> None:
    """Takes note that another item of a batch was chosen in the view of that key."""
    st.session_state["chosen_item"] = st.session_state[view]["item"]


def chosen_item(run: str) -> int:
    """The item of a batch that was chosen last, wherever it was, by index; the first where none was."""
    chosen = st.session_state.get("chosen_item") or {}
    return int(chosen["item"]) if chosen.get("run") == run else 0


def marked_chunk(run: str) -> int | None:
    """The number, from 1, of the chunk of that run that is marked."""
    return _marked(run)[0]


def drawn_chunk(run: str) -> int | None:
    """The same, if a chart is to draw the mark: one that was chosen in the chart itself is drawn there already."""
    return _marked(run)[1]


def mark_chunk(run: str, number: int | None, *, drawn: bool) -> None:
    """Marks one chunk in place of what was marked."""
    st.session_state["marked"] = (run, number, number if drawn else None)


def snapshot(mark: str) -> str:
    """The snapshot that a press has made last, if `mark` tells what is in it; else ''."""
    made: tuple[str, str] = st.session_state.get("snapshot_made", ("", ""))
    return made[1] if made[0] == mark else ""


def note_snapshot(mark: str, snapshot: str) -> None:
    st.session_state["snapshot_made"] = (mark, snapshot)


def component_value(key: str, name: str) -> JsonValue:
    """What a component of ours has told under a name."""
    return cast(JsonValue, (st.session_state.get(key) or {}).get(name))


def chosen_points(key: str) -> list[int]:
    """The numbers of the points that are chosen in a chart; they stand first in the points' `customdata`."""
    chosen = st.session_state.get(key) or {"selection": {"points": []}}
    return [int(point["customdata"][0]) for point in chosen["selection"]["points"]]


def _marked(run: str) -> tuple[int | None, int | None]:
    of, number, drawn = st.session_state.get("marked") or ("", None, None)
    return (number, drawn) if of == run else (None, None)
