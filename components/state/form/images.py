"""The images of message rows, as data URIs, in the session's memory."""

import re
from collections.abc import Iterable

import streamlit as st

from chains.images import picture_of

_ROW = re.compile(r"(branch_\d+_)?images_\d+")


def held(row: int, of: str = "") -> tuple[str, ...]:
    """The images of a row, whatever its role is at the moment."""
    return tuple(st.session_state.get(_key(row, of), ()))


def put(row: int, images: Iterable[str], of: str = "") -> None:
    st.session_state[_key(row, of)] = list(images)


def drop(row: int, number: int, of: str = "") -> None:
    """Takes one image out of a row."""
    put(row, [uri for n, uri in enumerate(held(row, of)) if n != number], of)


def weight() -> int:
    """What all images of the draft have together, in bytes, those of rows that are not human's too."""
    kept = [value for key, value in st.session_state.items() if _ROW.fullmatch(str(key))]
    return sum(picture_of(uri).size for images in kept for uri in images)


def uploader(row: int, of: str = "") -> str:
    """The key of a row's uploader: another one as soon as its files were taken, so that it stands empty again."""
    return f"{of}upload_{row}_{st.session_state.get('uploads', 0)}"


def taken(row: int, of: str = "") -> list[bytes]:
    """The files in a row's uploader, which is emptied."""
    files = st.session_state.get(uploader(row, of)) or []
    st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
    return [file.getvalue() for file in files]


def _key(row: int, of: str) -> str:
    return f"{of}images_{row}"
