"""The readings of an answer that came in parallel branches: side by side, each below its name."""

import streamlit as st

from chains.spec import RunRequest
from components.run.readings import answer
from components.words import plain
from runs.record import ItemState

ABREAST = 2


def show(chosen: str, request: RunRequest, item: ItemState) -> None:
    """Draws the Markdown or the message of each branch that has begun."""
    steps = list(item.steps.items())
    for first in range(0, len(steps), ABREAST):
        for place, (name, step) in zip(st.columns(ABREAST), steps[first:], strict=False):
            with place:
                st.markdown(f"**{plain(name)}**")
                if chosen == "markdown":
                    st.markdown(step.text)
                else:
                    answer.show(request, step)
