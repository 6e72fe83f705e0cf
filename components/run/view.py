"""The live view of a run, as a component: what it shows comes over the live socket, not through the script."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import get_args

import streamlit as st

from chains.events import ChunkKind, RunStatus
from chains.metrics import DEFINITIONS
from chains.outcomes import SENTENCES
from chains.phrases import PHRASES
from components import state
from components.run.loader import styles, view, whole
from components.words import _, counted, kind_word, language, status_word

FRAME_HEIGHT = 362
"""The height of the answer's frame, with strip and reading; what replaces it takes the same."""
BESIDE_HEIGHT = 190
"""The same where a chart follows."""

_CSS = styles("mark.css", "run_view/view.css", "run_view/columns.css", "run_view/answer.css")
_VIEW = st.components.v2.component("run_view", html="<div></div>", css=_CSS, js=view("run_view/view.js"))


@dataclass(frozen=True, slots=True)
class Beside:
    """What ties the text to a chart below it: the marked chunk, by its number from 1, and who is told of a choice.

    The component's trigger `chunk` then holds the chosen chunk's index, or -1 when the choice was let go.
    """

    marked: int | None = None
    on_chunk: Callable[[], None] | None = None


def run_view(
    run: str,
    *,
    key: str,
    ended: bool,
    text: bool,
    simulated: bool,
    item: int,
    items: int = 1,
    branches: Sequence[str] = (),
    rows: bool = False,
    beside: Beside | None = None,
    compact: bool = False,
    on_again: Callable[[], None] | None = None,
) -> None:
    """Mounts the view of a run. It asks for one rerun when a run that had not `ended` does.

    Of a batch of so many `items` it begins with `item`; which one is chosen there, `state.shown` knows. Each of the
    chain's `branches`, by name, has a column. Without `text` only status and figures are shown, and with `rows` the
    items have theirs elsewhere; with `beside` it leaves room for a chart, and `compact` lets the frame grow with the
    text, without what reads single chunks. `on_again` is called when a person wants a failed run again.
    """
    _VIEW(
        key=key,
        data=whole(
            {
                "run": run,
                "report": not ended,
                "text": text,
                "compact": compact,
                "simulated": simulated,
                "item": item,
                "items": items,
                "branches": list(branches),
                "rows": rows,
                "again": on_again is not None,
                "height": BESIDE_HEIGHT if beside else FRAME_HEIGHT,
                "selects": beside is not None and beside.on_chunk is not None,
                "mark": beside.marked - 1 if beside and beside.marked else None,
                "words": _words(),
            }
        ),
        on_ended_change=lambda: None,
        on_item_change=partial(state.shown.note_item, key),
        on_again_change=on_again or (lambda: None),
        on_chunk_change=(beside and beside.on_chunk) or (lambda: None),
    )


def outcome_words() -> Mapping[str, object]:
    """What a view needs to say any outcome in the session's language."""
    return {
        "language": language(),
        "outcomes": {code: [_(what), _(todo)] for code, (what, todo) in SENTENCES.items()},
        "phrases": {code: _(phrase) for code, phrase in PHRASES.items()},
    }


def _words() -> Mapping[str, object]:
    return {
        **outcome_words(),
        "answer": _("Answer; arrow keys go from chunk to chunk"),
        "simulated": _("simulated"),
        "simulated_help": _("No model was asked: the text and its traffic are made up on this server."),
        "lost": _("The connection was lost. The run goes on; reconnecting…"),
        "unknown": _("This run is kept no more"),
        "queued": _("queued"),
        "waiting": _("waiting for the first token"),
        "streaming": _("streaming"),
        "silent": _("streaming, no chunk for {time}"),
        "replaying": _("replay at 1×"),
        "retrying": _("attempt {attempt}"),
        "retry": _("Attempt {attempt} failed: {reason} Next attempt after {wait}."),
        "batch": counted(
            "{done} of {items} item ended, {failed} failed", "{done} of {items} items ended, {failed} failed"
        ),
        "item": _("Item {item} of {items}"),
        "earlier": _("Earlier item"),
        "later": _("Later item"),
        "item_number": _("Number of the item"),
        "cut": _("cut at the token limit"),
        "cut_help": _("The answer ended at its limit of tokens. Raise max_tokens, or ask for a shorter answer."),
        "branches_done": counted("{done} of {branches} branch done", "{done} of {branches} branches done"),
        "batch_cut": _("{cut} cut at the token limit"),
        "batch_statuses": {
            "all_done": _("done"),
            "done": counted("done, {failed} of {items} item failed", "done, {failed} of {items} items failed"),
            "stopped": counted("stopped: {done} of {items} item done", "stopped: {done} of {items} items done"),
            "failed": counted("failed: none of {items} item done", "failed: none of {items} items done"),
            "all_incomplete": counted(
                "none of {items} item done: {incomplete} ended without a finish reason, {failed} failed",
                "none of {items} items done: {incomplete} ended without a finish reason, {failed} failed",
            ),
            "interrupted": counted(
                "interrupted: {done} of {items} item done when the server stopped",
                "interrupted: {done} of {items} items done when the server stopped",
            ),
        },
        "item_statuses": {status: status_word(status) for status in get_args(RunStatus)},
        "statuses": {
            "done": _("done"),
            "stopped": counted("stopped after {chunks} chunk, {time}", "stopped after {chunks} chunks, {time}"),
            "failed": _("failed after {time}"),
            "incomplete": _("ended without a finish reason"),
            "interrupted": _("interrupted: the server stopped"),
        },
        "ttft": "TTFT",
        "ttft_help": _(DEFINITIONS["ttft"]),
        "chunks": _("chunks"),
        "chunks_help": _(DEFINITIONS["chunks"]),
        "speed": _("speed"),
        "speed_help": _(DEFINITIONS["speed"]),
        "elapsed": _("elapsed"),
        "elapsed_help": _("Time since the run began."),
        "e2e": "E2E",
        "e2e_help": _(DEFINITIONS["e2e"]),
        "itemE2e": "E2E",
        "itemE2e_help": _(DEFINITIONS["e2e"]),
        "boundaries": _("Boundaries"),
        "boundaries_help": _("Tint and edge show where one chunk ends and the next begins; ticks are empty chunks."),
        "spaces": _("Spaces"),
        "spaces_help": _("Show spaces, line breaks and tabs."),
        "replay": _("Replay"),
        "replay_end": _("End replay"),
        "replay_help": _("Show the answer again as it came, at 1×."),
        "copy": _("Copy"),
        "copy_help": _("Copy the answer as plain text."),
        "copy_parted": _("Copy with"),
        "copy_parted_help": _("Copy with this separator before each chunk, empty ones too."),
        "separator": _("Separator"),
        "copied": counted("{characters} character copied", "{characters} characters copied"),
        "reading": _("Point at a chunk, or focus the text and use the arrow keys."),
        "chunk": counted(
            "Chunk {number} of {of}: at {at}, gap {gap}, {characters} character, {kind}",
            "Chunk {number} of {of}: at {at}, gap {gap}, {characters} characters, {kind}",
        ),
        "kinds": {kind: kind_word(kind) for kind in get_args(ChunkKind)},
        "strip": _("Wait before each chunk, on a logarithmic scale"),
        "detail": _("The provider's own words"),
        "again": _("Run again"),
    }
