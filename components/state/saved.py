"""Which saved chain the form holds, in the session's memory: its id, and the version that was opened or saved last."""

import streamlit as st

from runs.saved import About


def chain() -> str:
    """The saved chain that the form is a version of; '' for a chain that was never saved."""
    return str(st.session_state.get("saved_chain", ""))


def base() -> int:
    """The version that was opened or saved last; 0 where there is none."""
    return int(st.session_state.get("saved_base", 0))


def note(chain: str, base: int, *, print_of_form: str = "") -> None:
    """Takes note of what the form holds now.

    `print_of_form` is the form's fingerprint at this moment; without it the form as it is drawn next counts.
    """
    keep = st.session_state
    keep["saved_chain"], keep["saved_base"] = chain, base
    keep.pop("saved_print", None)
    if print_of_form:
        keep["saved_print"] = print_of_form


def forget() -> None:
    """The form is a version of nothing; it was filled from elsewhere, or the chain is gone."""
    for key in ("saved_chain", "saved_base", "saved_print", "saved_clash"):
        st.session_state.pop(key, None)


def is_edited(print_of_form: str) -> bool:
    """Whether the form was touched since its version was opened or saved."""
    return bool(st.session_state.setdefault("saved_print", print_of_form) != print_of_form)


def clash() -> int:
    """The version that was saved beside the current one, and of which a person has yet to decide; 0 for none."""
    return int(st.session_state.get("saved_clash", 0))


def note_clash(version: int) -> None:
    st.session_state["saved_clash"] = version


def compared(chain: str) -> tuple[int, int]:
    """The two versions of a chain that were chosen to be compared; zeros while none were."""
    of, one, other = st.session_state.get("compared", ("", 0, 0))
    return (one, other) if of == chain else (0, 0)


def note_compared(chain: str, one: int, other: int) -> None:
    st.session_state["compared"] = (chain, one, other)


def described(chain: str) -> About | None:
    """What was said of a chain when the form for it was filled in; None while it is not."""
    of, about = st.session_state.get("described", ("", ()))
    return About(*about) if of == chain and about else None


def note_described(chain: str, about: About | None) -> None:
    st.session_state["described"] = (chain, (about.name, about.description, about.tags) if about else ())
