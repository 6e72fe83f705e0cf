"""Taking chains along: a file into the library, and a chain of it into a file."""

import re
from functools import partial

import streamlit as st

from chains.files.chain_file import fits_file, read_chain, write_chain
from chains.files.notation import MAX_FILE_BYTES, Notation
from chains.outcomes import Refused
from chains.remembered import Remembered
from chains.words import fill
from components import state
from components.prompt.explained import explained
from components.words import _, plain
from runs.opened import engine
from runs.saved import SavedChain

FILE = "chain_file"
KINDS: tuple[tuple[Notation, str, str], ...] = (
    ("yaml", "YAML", "application/yaml"),
    ("json", "JSON", "application/json"),
)

_fitting = Remembered[bool](1_000)


def show() -> None:
    """Draws the way in; what was taken is shown at once."""
    with st.popover(_("Import"), icon=":material/upload_file:", key="import_chain"):
        st.file_uploader(
            _("A chain that was exported here, as JSON or YAML"),
            type=["yaml", "yml", "json"],
            key=FILE,
            max_upload_size=MAX_FILE_BYTES // 1_000_000,
            on_change=_take,
        )
        if state.text("import_note"):
            st.markdown(f":red[:material/error: {plain(state.text('import_note'))}]")


def export(chain: SavedChain) -> None:
    """Draws the ways out: the files that can be read back."""
    popover = st.popover(_("Export"), icon=":material/download:", key="export_chain", on_change="rerun")
    if popover.open:
        with popover:
            _ways_out(chain)


def _ways_out(chain: SavedChain) -> None:
    if _fits(chain, every=False):
        for notation, kind, mime in KINDS:
            _download(chain, notation, fill(_("Current version as {kind}"), {"kind": kind}), mime, every=False)
    else:
        st.caption(_("The current version is more than a file may hold."))
    if len(chain.versions) > 1:
        if _fits(chain, every=True):
            for notation, kind, mime in KINDS:
                _download(chain, notation, fill(_("All versions as {kind}"), {"kind": kind}), mime, every=True)
        else:
            st.caption(_("All versions together are more than a file may hold."))
    st.caption(_("A file holds no key."))


def _fits(chain: SavedChain, *, every: bool) -> bool:
    """Whether the file can be read back; reckoned once for the same versions, for it takes to read them all."""
    key = chain.id, chain.head, len(chain.versions), every, str(chain.about)
    return _fitting.get(key, 1, lambda: _reckoned(chain, every=every))


def _reckoned(chain: SavedChain, *, every: bool) -> bool:
    held = sum(version.size for version in chain.versions if every or version.number == chain.head)
    return held <= MAX_FILE_BYTES and fits_file(engine().library.file(chain.id, every=every))


def _download(chain: SavedChain, notation: Notation, label: str, mime: str, *, every: bool) -> None:
    st.download_button(
        label,
        data=partial(_written, chain.id, notation, every),
        file_name=f"{_file_name(chain)}.{notation}",
        mime=mime,
        key=f"export_{notation}_{'all' if every else 'current'}",
        on_click="ignore",
    )


def _written(chain: str, notation: Notation, every: bool) -> bytes:
    return write_chain(engine().library.file(chain, every=every), notation)


def _file_name(chain: SavedChain) -> str:
    return re.sub(r"[^\w]+", "-", chain.about.name).strip("-")[:60] or f"chain-{chain.id}"


def _take() -> None:
    file = state.grid.uploaded(FILE)
    state.drop("import_note")
    if file is None:
        return
    try:
        chain = engine().library.take(read_chain(*file))
    except Refused as refused:
        state.put("import_note", explained(refused.outcome))
        return
    st.query_params["chain"] = chain
    st.toast(_("The chain is imported."))
