"""What the variants of an ended run come to: a table of their figures, a sentence each, two answers side by side.

A section of what was asked is worth its tokens where the answers without it differ by more than chance.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import streamlit as st

from chains.ablation.results import Answer, Standing, standings
from chains.ablation.verdicts import of_all, of_one, repeated
from chains.events import Event
from chains.metrics import item_metrics
from chains.spec import RunRequest
from chains.verdicts import Verdict
from chains.words import fill
from components.diff.view import diff_view
from components.words import _, plain, several, status_word
from runs.opened import engine
from runs.record import ItemState, shortened, state_of

ROW_PX = 35
MOST_PX = 420


def show(run: str, request: RunRequest, *, key: str) -> None:
    """Draws the comparison below the view of that key."""
    found = _standings(run)
    with st.container(key=f"variants_{key}"):
        st.markdown(_said(of_all(found)))
        _table(found)
        _sentences(found)
        _answers(run, request, key)


@lru_cache(16)
def _standings(run: str) -> tuple[Standing, ...]:
    """Of an ended run, whose answers change no more."""
    items = state_of(engine().log(run).each()).items
    answers = {index: _answer(item) for index, item in items.items() if item.ended and item.ended.status == "done"}
    return standings(engine().request(run), answers)


def _answer(item: ItemState) -> Answer:
    figures, usage = item_metrics(item.times), item.usage
    return Answer(
        text=item.text,
        tokens=figures.tokens,
        tokens_estimated=figures.tokens_estimated,
        prompt_tokens=usage.input_tokens if usage else None,
        ttft_ms=figures.ttft_ms,
        e2e_ms=figures.e2e_ms,
    )


def _table(found: Sequence[Standing]) -> None:
    """A row a variant; a header says where its figures are estimates."""
    prompt = _("~ prompt tokens") if any(each.prompt_estimated for each in found) else _("prompt tokens")
    tokens = _("~ output tokens") if any(each.tokens_estimated for each in found) else _("output tokens")
    columns: dict[str, tuple[Callable[[Standing], int | str | None], str]] = {
        _("variant"): (lambda each: each.name, _("What the answers are of")),
        _("alike (%)"): (
            lambda each: _percent(each.likeness),
            _("How much of an answer and of the first variant's to the same input is in both; 100 only to the letter."),
        ),
        _("tokens saved"): (
            lambda each: _whole(each.saved),
            _("Prompt tokens that it takes less than the first variant."),
        ),
        prompt: (lambda each: _whole(each.prompt_tokens), _("As the provider counted them; ~ where it did not.")),
        tokens: (lambda each: _whole(each.tokens), _("As the provider counted them; ~ where it did not.")),
        _("characters"): (lambda each: _whole(each.characters), _("Of the answer.")),
        _("TTFT (ms)"): (lambda each: _whole(each.ttft_ms), _("Time to first token.")),
        _("E2E (ms)"): (lambda each: _whole(each.e2e_ms), _("Until the last text.")),
        _("done"): (lambda each: f"{each.done}/{each.inputs}", _("Answers that came to their end, of all inputs.")),
    }
    rows = [{label: of(each) for label, (of, _help) in columns.items()} for each in found]
    st.dataframe(
        rows,
        hide_index=True,
        height=min(MOST_PX, ROW_PX * (len(rows) + 1) + 3),
        column_config={
            label: st.column_config.TextColumn(label, help=told)
            if any(isinstance(row[label], str) for row in rows)
            else st.column_config.NumberColumn(label, help=told, format="localized", width="small")
            for label, (_of, told) in columns.items()
        },
        placeholder="–",
    )
    inputs = max((each.inputs for each in found), default=0)
    st.caption(
        several(
            "One input, and so one answer a variant.",
            "Each figure is the median over {count} inputs; what is compared is paired by input.",
            inputs,
        )
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _percent(share: float | None) -> int | None:
    """100 only for the same text."""
    return None if share is None else 100 if share == 1 else min(99, round(100 * share))


def _sentences(found: Sequence[Standing]) -> None:
    again = repeated(found)
    for each in found[1:]:
        said = " ".join(_said(verdict) for verdict in of_one(found[0], each, again))
        st.markdown(f"**{plain(each.name)}** {said}")


def _said(verdict: Verdict) -> str:
    """A sentence in the session's language, harmless as Markdown."""
    one, other = verdict.one, verdict.other
    return plain(fill(_(one) if other is None else several(one, other, verdict.count), verdict.values))


def _answers(run: str, request: RunRequest, key: str) -> None:
    """One answer of the first variant beside that of another to the same input."""
    names = [variant.name for variant in request.variants or ()]
    if len(names) < 2:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        variant = st.selectbox(
            fill(_("Beside the answer of {base}"), {"base": plain(names[0])}),
            range(1, len(names)),
            index=_first_of_interest(run),
            format_func=lambda index: names[index],
            key=f"variant_of_{key}_{run}",
        )
        row = _row(request, key, run)
    if asked := ", ".join(str(value) for value in shortened(request.inputs[row]).values()):
        st.caption(plain(asked))
    items = {side: request.item_of(row, side) for side in (0, variant)}
    found = state_of(_events_of(run, set(items.values()))).items
    base, other = (found.get(item, ItemState()) for item in items.values())
    diff_view(
        base.text, other.text, key=f"diff_{key}_{run}", names=(_headed(names[0], base), _headed(names[variant], other))
    )


def _row(request: RunRequest, key: str, run: str) -> int:
    """The index of the input that is chosen."""
    if len(request.inputs) == 1:
        return 0
    count = len(request.inputs)
    number = st.number_input(
        fill(_("Input, of {count}"), {"count": f"{count:,}"}), 1, count, key=f"input_of_{key}_{run}", width=160
    )
    return int(number) - 1


def _first_of_interest(run: str) -> int:
    """The place, among all variants but the first one, of the one that differs most from it."""
    likenesses = [2.0 if each.likeness is None or each.repeats else each.likeness for each in _standings(run)[1:]]
    return likenesses.index(min(likenesses))


def _headed(name: str, item: ItemState) -> str:
    """What stands above an answer: its variant, and how it ended where it is not done."""
    status = item.ended.status if item.ended else "stopped"
    return name if status == "done" else f"{name} · {status_word(status)}"


def _events_of(run: str, items: set[int]) -> list[Event]:
    return [event for event in engine().log(run).each() if getattr(event.what, "item", None) in items]
