"""What to look at, above the playground, while a guided example is open."""

import streamlit as st

from chains.examples.catalogue import example
from components import state
from components.words import _, language, plain


def show() -> None:
    """Draws the two sentences of the open example, until a person closes them."""
    found = example(language(), state.text("example"))
    if found is None:
        return
    with st.container(border=True, key="hint"):
        said, closing = st.columns([10, 1], vertical_alignment="center")
        said.markdown(f":small[:gray[{found.id}]] :small[**{plain(found.title)}.** {plain(found.look)}]")
        closing.button(_("Close"), key="close_hint", type="tertiary", on_click=state.drop, args=("example",))
