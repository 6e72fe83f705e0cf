"""The rows of a batch, as a component: they fill over the live socket, not through the script."""

from collections.abc import Mapping
from functools import partial
from typing import get_args

import streamlit as st

from chains.events import RunStatus
from components import state
from components.run.loader import styles, view, whole
from components.run.view import FRAME_HEIGHT, outcome_words
from components.words import _, counted, status_word

_ROWS = st.components.v2.component(
    "rows_view", html="<div></div>", css=styles("mark.css", "rows_view/view.css"), js=view("rows_view/view.js")
)


def rows_view(run: str, *, key: str, items: int) -> None:
    """Mounts the rows of a batch of so many `items`; the row that was opened last is the `state.shown.chosen_item`."""
    _ROWS(
        key=key,
        data=whole({"run": run, "items": items, "height": FRAME_HEIGHT, "words": _words()}),
        on_item_change=partial(state.shown.note_item, key),
    )


def _words() -> Mapping[str, object]:
    return {
        **outcome_words(),
        "rows": _("Rows of the batch; arrow keys move, Enter opens one"),
        "nothing": _("No row is in this state."),
        "progress": _("Progress of the batch"),
        "filter": _("Rows to show"),
        "kinds": {
            "all": _("All {count}"),
            "done": _("Done {count}"),
            "failed": _("Failed {count}"),
            "open": _("Open {count}"),
        },
        "left": _("about {time} left"),
        "statuses": {status: status_word(status) for status in get_args(RunStatus)},
        "detail": _("The whole answer of this row"),
        "figures": counted("TTFT {ttft} · E2E {e2e} · {chunks} chunk", "TTFT {ttft} · E2E {e2e} · {chunks} chunks"),
        "not_begun": _("This row has not begun."),
    }
