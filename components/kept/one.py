"""One run on the Runs page: what was asked, what came, and what can be done with it."""

import json
from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from chains.events import encode_json
from chains.spec import MessageSpec, RunRequest
from chains.words import fill
from components import state
from components.kept import link, when
from components.prompt import images
from components.run import bar, method, pane
from components.words import _, mode_word, parser_words, plain, several
from runs.errors import UnknownRun
from runs.opened import engine

VIEW = "kept_view"


def show(run: str) -> None:
    """Draws the run of that id, or says that it is kept no more."""
    if st.button(_("All runs"), icon=":material/arrow_back:", type="tertiary", key="all_runs"):
        del st.query_params["run"]
        st.rerun()
    try:
        request, created = engine().request(run), engine().created(run)
    except UnknownRun:
        st.markdown(f"**{_('This run is kept no more.')}**")
        st.caption(_("It was deleted, or it never was on this server."))
        return
    _head(request, created)
    asked, came = st.columns([1, 1], gap="large")
    with asked:
        _asked(request, state.shown.chosen_item(run))
    with came:
        ended = bar.has_ended(run)
        pane.show(run, key=VIEW, ended=ended)
        _actions(run, ended=ended)
    pane.show_wide(run, key=VIEW, ended=ended)


def _head(request: RunRequest, created: float) -> None:
    chain = request.chain
    model = chain.model.model if chain.model.model not in ("", chain.model.provider) else ""
    parser = fill(_("{parser} parser"), {"parser": parser_words()[chain.parser]})
    parts = [when.said(created), chain.model.provider, model, mode_word(request.mode), *_amounts(request)]
    parts.append(method.said_of(request))
    parts += [chain.template_format, parser]
    st.markdown(f"**{plain(chain.name or _('Run without a name'))}**")
    st.caption(plain(" · ".join(part for part in parts if part)))


def _amounts(request: RunRequest) -> list[str]:
    """Of a batch: how many inputs, and how many of them ran at once."""
    if request.mode != "batch":
        return []
    inputs = several("{count} input", "{count} inputs", len(request.inputs))
    variants = several("{count} variant", "{count} variants", len(request.variants)) if request.variants else ""
    return [inputs, variants, fill(_("{count} at once"), {"count": str(request.at_once)})]


def _asked(request: RunRequest, item: int) -> None:
    if request.variants:
        st.markdown(f"**{plain(request.variant_name(item))}**")
    _messages(request.of_variant(request.variant_of(item)).chain.messages)
    for branch in request.chain.branches or ():
        st.markdown(f"**{plain(branch.name)}**")
        _messages(branch.messages)
    if request.mode == "batch":
        numbers = {"item": f"{item + 1:,}", "items": f"{request.items:,}"}
        st.caption(fill(_("Input of item {item} of {items}"), numbers))
    for name, value in request.values_of(item).items():
        st.caption(plain(name))
        written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
        st.code(written, language=None, wrap_lines=True)
    if request.chain.model.parameters:
        st.caption(_("Parameters"))
        st.code(json.dumps(request.chain.model.parameters, ensure_ascii=False, indent=2), language="json")


def _messages(rows: Sequence[MessageSpec]) -> None:
    for message in rows:
        st.caption(message.role)
        st.code(message.template, language=None, wrap_lines=True)
        images.thumbnails(message.images)


def _actions(run: str, *, ended: bool) -> None:
    with st.container(horizontal=True, key="run_actions"):
        if st.button(_("Open in the playground"), icon=":material/open_in_new:", key="open_in_playground"):
            link.to_playground(run)
        st.download_button(
            _("Download JSON"),
            data=lambda: encode_json(engine().record(run)),
            file_name=f"run-{run}.json",
            mime="application/json",
            icon=":material/download:",
            key="download_run",
            on_click="ignore",
        )
        if not ended:
            st.button(_("Stop"), key="stop", on_click=bar.stop, args=(run,), icon=":material/stop:")
        else:
            with st.popover(_("Delete"), icon=":material/delete:", key="delete_run"):
                st.markdown(_("Deletes this run for good. Its link leads nowhere then."))
                st.button(_("Delete this run"), key="delete_run_now", type="primary", on_click=_delete, args=(run,))


def _delete(run: str) -> None:
    with suppress(UnknownRun):
        engine().delete(run)
    st.toast(_("The run is deleted."))
    del st.query_params["run"]
