"""A run as a program: the form to read it in, the source to copy, the files to download."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from functools import lru_cache

import streamlit as st

from chains.code.calls import FORMS, STREAMED, Form
from chains.code.program import Program, program
from chains.methods.names import method_of_request
from chains.outcomes import Refused
from chains.spec import RunRequest
from chains.words import fill
from components import state
from components.prompt.explained import explained
from components.words import _, plain, several
from runs.items import items_of
from runs.opened import engine
from runs.record import ItemState

SEPARATOR = "!!"
MOST_SHOWN = 200_000
"""Characters; a longer program is for downloading only."""


def show(run: str, request: RunRequest) -> None:
    """Draws the program of a run."""
    provider = engine().providers.get(request.chain.model.provider)
    if provider is None:
        unknown = _("The provider {provider} is not known to this server any more, and so its address is not either.")
        st.caption(plain(fill(unknown, {"provider": request.chain.model.provider})))
        return
    request, items = _of_one_variant(run, request)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        form = _form(request)
        parted = form in STREAMED and form != "server" and request.chain.parser != "json" and not request.chain.branches
        separator = _separator() if parted else ""
        place = st.container(width="content")
    texts, branches = ((), ()) if provider.remote else _texts(run, items)
    try:
        made = program(request, provider, form, texts=texts, branches=branches, separator=separator)
    except Refused as refused:
        st.caption(f":material/info: {plain(explained(refused.outcome))}")
        return
    with place:
        _download(made)
    _notes(request, made, form)
    if len(made.source) > MOST_SHOWN:
        st.caption(_("The program is too long to be read here; download it."))
    else:
        st.code(made.source, language="python")


def _form(request: RunRequest) -> Form:
    """The chosen form, at first that of the run."""
    names: Mapping[Form, str] = {form: form for form in FORMS} | {"server": _("FastAPI server")}
    return st.selectbox(
        _("Form"),
        FORMS,
        index=FORMS.index(method_of_request(request) or request.mode),
        format_func=lambda form: names[form],
        key=f"code_form_{method_of_request(request) or request.mode}",
        width=180,
    )


def _separator() -> str:
    state.start_with("code_separator", SEPARATOR)
    return st.text_input(
        _("Separator"),
        key="code_separator",
        max_chars=20,
        width=110,
        help=_("Printed before each chunk, empty ones too, to show where it begins."),
    )


def _of_one_variant(run: str, request: RunRequest) -> tuple[RunRequest, tuple[int, ...]]:
    """What the program is of: of a run with variants that of the chosen item, which is named; and its items."""
    if not request.variants:
        return request, tuple(range(request.items))
    chosen = state.shown.chosen_item(run)
    of = _("The program of the variant {variant}. Choose a row of another variant for its program.")
    st.caption(plain(fill(of, {"variant": request.variant_name(chosen)})))
    variant = request.variant_of(chosen) or 0
    return request.of_variant(variant), tuple(request.item_of(row, variant) for row in range(len(request.inputs)))


@lru_cache(4)
def _texts(run: str, wanted: tuple[int, ...]) -> tuple[Sequence[str], Sequence[Mapping[str, str]]]:
    """What each of the `wanted` items of an ended run answered, and what it did in each of its branches."""
    states = items_of(engine().log(run), frozenset(wanted))
    items = [states.get(index, ItemState()) for index in wanted]
    branches = [{name: step.text for name, step in item.steps.items()} for item in items]
    return [item.text for item in items], branches


def _download(made: Program) -> None:
    name = f"{made.name.removesuffix('.py')}.zip" if made.data else made.name
    st.download_button(
        fill(_("Download {file}"), {"file": name}),
        data=(lambda: _zipped(made)) if made.data else made.source,
        file_name=name,
        mime="application/zip" if made.data else "text/x-python",
        icon=":material/download:",
        key="download_code",
        on_click="ignore",
    )


def _zipped(made: Program) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {made.name: made.source, **made.data}.items():
            archive.writestr(name, content.encode())
    return buffer.getvalue()


def _notes(request: RunRequest, made: Program, form: Form) -> None:
    if made.data:
        st.caption(fill(_("It reads {files}, in the same download."), {"files": plain(", ".join(made.data))}))
    if request.mode == "batch" and form not in ("batch", "abatch"):
        st.caption(several("With the only input", "With the first of {count} inputs", len(request.inputs)))
