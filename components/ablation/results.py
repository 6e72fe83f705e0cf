"""What the variants of an ended run come to: a table of their figures, a sentence each, two answers side by side.

A section of what was asked is worth its tokens where the answers without it differ by more than chance.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from chains.ablation.results import Answer, Standing, standings
from chains.ablation.verdicts import of_all, of_chance, of_one, repeated
from chains.figures.verdicts import Verdict
from chains.metrics import DEFINITIONS, item_metrics
from chains.spec import RunRequest
from chains.words import fill
from components.diff.view import diff_view
from components.run.items import came_of
from components.words import _, plain, several, status_word
from runs.opened import engine
from runs.record import ItemState, shortened, state_of

ROW_PX = 35
MOST_PX = 420
NAME_PX, ALIKE_PX, TOKENS_PX, TIME_PX, DONE_PX = 140, 57, 71, 71, 48
MOST_NAME_PX, CHARACTER_PX = 300, 7


def show(run: str, *, key: str) -> None:
    """Draws the figures of all variants and what they say, below the view of that key."""
    found = _standings(run)
    with st.container(key=f"variants_{key}"):
        st.markdown(_said(of_all(found)))
        _table(found)
        _sentences(found)


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
    saved = _("~ saves") if any(each.prompt_estimated for each in found) else _("saves")
    output = _("~ output") if any(each.tokens_estimated for each in found) else _("output")
    columns = [
        _Column(
            _("alike"),
            "%d %%",
            ALIKE_PX,
            _("How much of its answer and of the first variant's to the same input is in both; 100 %: to the letter."),
            lambda each: _percent(each.likeness),
        ),
        _Column(
            saved,
            "%d tok",
            TOKENS_PX,
            _("Prompt tokens that it takes less than the first variant, as the provider counted; ~ an estimate."),
            lambda each: _whole(each.saved),
        ),
        _Column(
            output,
            "%d tok",
            TOKENS_PX,
            _("Tokens of the answer, as the provider counted; ~ an estimate."),
            lambda each: _whole(each.tokens),
        ),
        _Column("TTFT", "%d ms", TIME_PX, _(DEFINITIONS["ttft"]), lambda each: _whole(each.ttft_ms)),
        _Column("E2E", "%d ms", TIME_PX, _(DEFINITIONS["e2e"]), lambda each: _whole(each.e2e_ms)),
        _Column(
            _("done"),
            "%d",
            DONE_PX,
            _("Inputs to which it gave an answer that came to its end."),
            lambda each: each.done,
        ),
    ]
    name = _("variant")
    st.dataframe(
        [{name: each.name, **{column.label: column.of(each) for column in columns}} for each in found],
        hide_index=True,
        height=min(MOST_PX, ROW_PX * (len(found) + 1) + 3),
        column_config={name: st.column_config.TextColumn(name, width=_name_px(found))}
        | {
            column.label: st.column_config.NumberColumn(
                column.label, help=column.told, format=column.format, width=column.width
            )
            for column in columns
        },
        placeholder="–",
    )
    inputs = max((each.inputs for each in found), default=0)
    st.caption(
        several(
            "One input, and so one answer a variant: little to go by.",
            "Each figure is the median over {count} inputs; what is compared is paired by input.",
            inputs,
        )
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """Figures of the table: `format` is that of a number column, `width` in pixels."""

    label: str
    format: str
    width: int
    told: str
    of: Callable[[Standing], int | None]


def _name_px(found: Sequence[Standing]) -> int:
    """Room for the names: those of nested sections differ at their ends."""
    longest = max((len(each.name) for each in found), default=0)
    return min(MOST_NAME_PX, max(NAME_PX, CHARACTER_PX * longest))


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _percent(share: float | None) -> int | None:
    """100 only for the same text."""
    return None if share is None else 100 if share == 1 else min(99, round(100 * share))


def _sentences(found: Sequence[Standing]) -> None:
    again = repeated(found)
    told = [(each, of_one(found[0], each, again)) for each in found[1:]]
    lines = [f"- **{plain(each.name)}** {' '.join(map(_said, verdicts))}" for each, verdicts in told]
    st.markdown("\n".join(lines))
    if doubt := of_chance(found):
        st.caption(_said(doubt))


def _said(verdict: Verdict) -> str:
    """A sentence in the session's language, harmless as Markdown."""
    one, other = verdict.one, verdict.other
    return plain(fill(_(one) if other is None else several(one, other, verdict.count), verdict.values))


def answers(run: str, request: RunRequest, *, key: str) -> None:
    """Draws an answer of the first variant beside that of another to the same input."""
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
            width=420,
        )
        row = _row(request, key, run)
    if asked := ", ".join(str(value) for value in shortened(request.inputs[row]).values()):
        st.caption(plain(asked))
    items = [request.item_of(row, side) for side in (0, variant)]
    found = came_of(run, *items)
    base, other = (found.get(item, ItemState()) for item in items)
    diff_view(base.text, other.text, key=f"{key}_diff", names=(_headed(names[0], base), _headed(names[variant], other)))


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
