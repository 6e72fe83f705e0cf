"""The list of kept runs, with its filters."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from chains.events import ENDED
from components import state
from components.kept import when
from components.kept.paged import PAGE, Listing, paged_list
from components.words import _, mode_word, several, status_word
from runs.opened import engine
from runs.store.filter import Filter, KeptRun

PAGES = "runs_page"
MODES = ("invoke", "stream", "batch")
STATUSES = ("running", "done", "stopped", "failed", "incomplete", "interrupted")


def show() -> None:
    """Draws filters and list; a chosen row opens its run."""
    wanted = _filters()
    listing = Listing(
        "runs",
        lambda offset: engine().find(wanted, limit=PAGE, offset=offset),
        _row,
        _columns(),
        lambda total: several("{count} run", "{count} runs, the newest first", total),
    )
    chosen, total = paged_list(listing, wanted=wanted, beside=_delete_all)
    if not total:
        _nothing(wanted)
    for each in chosen:
        st.query_params["run"] = each.id
        st.rerun()


def _filters() -> Filter:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            _("Find"),
            key="find",
            type="search",
            persist_state=state.KEEP,
            placeholder=_("In names, models, prompts and the beginning of answers"),
            on_change=state.drop,
            args=(PAGES,),
        )
        status = _choice(_("Status"), STATUSES, "find_status", status_word)
        mode = _choice(_("Mode"), MODES, "find_mode", mode_word)
        provider = _choice(_("Provider"), tuple(engine().providers), "find_provider", str)
    return Filter(text=(text or "").strip(), status=status, mode=mode, provider=provider)


def _choice(label: str, options: tuple[str, ...], key: str, word: Callable[[str], str]) -> str:
    words = {option: word(option) for option in options}
    chosen = st.selectbox(
        label,
        options,
        format_func=lambda option: words.get(option, option),
        index=None,
        key=key,
        persist_state=state.KEEP,
        placeholder=_("All"),
        width=170,
        on_change=state.drop,
        args=(PAGES,),
    )
    return chosen or ""


def _row(run: KeptRun) -> dict[str, object]:
    return {
        "created": when.said(run.created),
        "status": status_word(run.status),
        "mode": mode_word(run.mode, run.items),
        "chain": run.name,
        "model": f"{run.provider} · {run.model}" if run.model not in ("", run.provider) else run.provider,
        "ttft": None if run.ttft_ms is None else round(run.ttft_ms),
        "e2e": None if run.e2e_ms is None else run.e2e_ms / 1000,
        "chunks": run.chunks if run.status in ENDED else None,
        "answer": run.preview,
    }


def _columns() -> dict[str, Any]:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "created": text(_("when")),
        "status": text(_("status")),
        "mode": text(_("mode")),
        "chain": text(_("chain")),
        "model": text(_("model")),
        "ttft": number("TTFT", format="%d ms", help=_("Time to first token")),
        "e2e": number(
            "E2E", format="%.2f s", help=_("Start to last text; of a batch, the first start to the last text of all")
        ),
        "chunks": number(_("chunks")),
        "answer": text(_("answer"), width="large"),
    }


def _nothing(wanted: Filter) -> None:
    if wanted == Filter():
        st.markdown(f"**{_('Nothing is kept yet.')}**")
        st.markdown(_("Every run of the playground and of the HTTP API is kept and listed here."))
    else:
        st.markdown(_("No run fits these filters."))


def _delete_all() -> None:
    with st.popover(_("Delete all"), icon=":material/delete:", key="delete_all", on_change="rerun"):
        st.markdown(_("Deletes every run that has ended, also those that the filters hide. This cannot be undone."))
        st.button(_("Delete all ended runs"), key="delete_all_now", type="primary", on_click=_delete_all_now)


def _delete_all_now() -> None:
    """Before the page is drawn, so that it is drawn without them and with the popover closed."""
    gone = engine().delete_all()
    state.put("delete_all", False)
    st.toast(several("{count} run deleted.", "{count} runs deleted.", gone))
