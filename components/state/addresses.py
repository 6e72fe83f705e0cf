"""The addresses of servers that a person confirmed in this session, by typing one or by a press."""

import streamlit as st


def is_confirmed(url: str) -> bool:
    """Whether a person wants this address to be asked; one that came with a document is not."""
    return url in st.session_state.get("confirmed_addresses", ())


def confirm(url: str) -> None:
    known = st.session_state.get("confirmed_addresses", ())
    st.session_state["confirmed_addresses"] = (*(each for each in known if each != url), url)
