"""The guided examples as cards; one opens the screen so that one press shows its point."""

import streamlit as st

from chains.examples.catalogue import Example, examples
from components import state
from components.kept import drafts, link
from components.words import _, language, plain

A_ROW = 3


def show() -> None:
    """Draws all examples, group by group."""
    for group in examples(language()):
        st.markdown(f"**{plain(group.title)}**")
        for first in range(0, len(group.examples), A_ROW):
            for column, found in zip(st.columns(A_ROW), group.examples[first : first + A_ROW], strict=False):
                with column, st.container(border=True, height="stretch", key=f"card_{found.id}"):
                    _card(found)


def _card(found: Example) -> None:
    st.markdown(f":small[:gray[{found.id}]] **{plain(found.title)}**")
    st.caption(plain(found.look))
    if st.button(_("Open"), key=f"open_{found.id}", icon=":material/open_in_new:"):
        state.take_example(found)
        drafts.part()
        st.switch_page(link.PLAYGROUND)
