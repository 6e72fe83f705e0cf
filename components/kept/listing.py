"""The list of kept runs, with its filters."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from components import state
from components.words import _, several
from runs.opened import engine
from runs.store.filter import Filter, KeptRun

PAGE = 50
STATUSES = ("running", "done", "stopped", "failed", "incomplete", "interrupted")


def show() -> None:
    """Draws filters and list; a chosen row opens its run."""
    wanted = _filters()
    kept, total = engine().find(wanted, limit=PAGE, offset=PAGE * (_page() - 1))
    if not total:
        _nothing(wanted)
        return
    counted = several("{count} run", "{count} runs, the newest first", total)
    st.caption(f"{counted}; {_('choose a row to open it')}")
    zone = _zone()
    chosen = st.dataframe(
        [_row(run, zone) for run in kept],
        hide_index=True,
        key=f"run_list_{hash((wanted, _page(), total))}",
        on_select="rerun",
        selection_mode="single-row",
        placeholder="–",
        column_config={
            "TTFT": st.column_config.NumberColumn("TTFT", format="%d ms", help=_("Time to first token")),
            "E2E": st.column_config.NumberColumn("E2E", format="%.2f s", help=_("Start to last text")),
            "answer": st.column_config.TextColumn(_("answer"), width="large"),
        },
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        if total > PAGE:
            st.pagination(-(-total // PAGE), key="runs_page")
        _delete_all()
    rows = chosen["selection"]["rows"]
    if rows and rows[0] < len(kept):
        st.query_params["run"] = kept[rows[0]].id
        st.rerun()


def _filters() -> Filter:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            _("Find"),
            key="find",
            type="search",
            persist_state=state.KEEP,
            placeholder=_("In names, models, prompts and answers"),
            on_change=state.put,
            args=("runs_page", 1),
        )
        status = _choice(_("Status"), STATUSES, "find_status")
        mode = _choice(_("Mode"), ("invoke", "stream", "batch"), "find_mode")
        provider = _choice(_("Provider"), tuple(engine().providers), "find_provider")
    return Filter(text=(text or "").strip(), status=status, mode=mode, provider=provider)


def _choice(label: str, options: tuple[str, ...], key: str) -> str:
    chosen = st.selectbox(
        label,
        options,
        index=None,
        key=key,
        persist_state=state.KEEP,
        placeholder=_("All"),
        width=170,
        on_change=state.put,
        args=("runs_page", 1),
    )
    return chosen or ""


def _row(run: KeptRun, zone: tzinfo) -> dict[str, object]:
    return {
        "when": datetime.fromtimestamp(run.created, zone).strftime("%Y-%m-%d %H:%M:%S"),
        "status": run.status,
        "mode": run.mode if run.mode != "batch" else f"batch of {run.items}",
        "chain": run.name,
        "model": f"{run.provider} · {run.model}" if run.model not in ("", run.provider) else run.provider,
        "TTFT": run.ttft_ms,
        "E2E": None if run.e2e_ms is None else run.e2e_ms / 1000,
        "chunks": run.chunks,
        "answer": run.preview,
    }


def _nothing(wanted: Filter) -> None:
    if wanted == Filter():
        st.markdown(f"**{_('Nothing is kept yet.')}**")
        st.markdown(_("Every run of the playground and of the HTTP API is kept and listed here."))
    else:
        st.markdown(_("No run fits these filters."))


def _delete_all() -> None:
    with st.popover(_("Delete all"), icon=":material/delete:", key="delete_all"):
        st.markdown(_("Deletes every run that has ended, with its text. This cannot be undone."))
        if st.button(_("Delete all ended runs"), key="delete_all_now", type="primary"):
            gone = engine().delete_all()
            st.toast(several("{count} run deleted.", "{count} runs deleted.", gone))
            st.rerun()


def _page() -> int:
    return int(state.text("runs_page", "1"))


def _zone() -> tzinfo:
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
