"""The panel below the messages: an outline of their sections, which can be moved, renamed and switched off."""

import streamlit as st

from chains.sections.arrangement import Arrangement
from chains.templates.outline import outline
from components import state
from components.sections import draft, tree
from components.words import _, several


def show() -> None:
    """Draws nothing while no message has a heading and no section is off."""
    draft.follow()
    messages = state.rows()
    shown = [found for found in draft.arrangements() if messages[found.row].role != "placeholder" or found.off]
    if not any(_has_sections(found) for found in shown):
        return
    panel = st.expander(_("Sections"), key="sections", on_change="rerun")
    if panel.open:
        with panel:
            tree.show(shown)
    elif off := state.document.off():
        st.caption(_off(len(off)))


def _has_sections(found: Arrangement) -> bool:
    return bool(found.off) or any(section.level for section in outline(found.template))


def _off(count: int) -> str:
    return several(
        "{count} section is off: the draft keeps it, and the run does not see it.",
        "{count} sections are off: the draft keeps them, and the run does not see them.",
        count,
    )
