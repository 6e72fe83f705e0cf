"""Starts a comparison: the prompt as it is and without each of its sections, over the present inputs, as one batch."""

from collections.abc import Mapping

import streamlit as st

from chains.ablation.places import Depth, Place
from chains.ablation.plan import MAX_CUTS, LeftOut, Plan, plan
from chains.images import MAX_RUN_BYTES, weight
from chains.spec import MAX_INPUTS, MessageSpec, RunRequest, VariantSpec
from chains.words import fill
from components import state
from components.prompt import draft
from components.run import bar
from components.words import _, plain, several

TWICE = "all_on_twice"
DEPTH = "compare_depth"
MOST_NAMED = 3
"""Sections that are left out, named at once."""


def show(ready: draft.Draft, *, going: bool) -> None:
    """Draws the button, with how much it runs, when the prompt has sections; `ready` is the draft as the bar has it."""
    state.start_with(TWICE, True)
    state.start_with(DEPTH, "top")
    found = _plan()
    if not found.places and not state.document.off():
        return
    asked = _asked(ready.request, found) if ready.request else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="ablation"):
        st.button(
            _label(asked),
            key="compare_sections",
            icon=":material/difference:",
            on_click=_start,
            args=(state.shown.press(),),
            disabled=going or asked is None,
            help=_(
                "Runs the prompt as it is and without each of its sections in turn, with the same inputs, and shows "
                "what each section changes."
            ),
        )
        if found.cuts:
            st.checkbox(
                _("All on twice"),
                key=TWICE,
                persist_state=state.KEEP,
                help=_("Shows how much two answers to the same prompt differ: only what goes beyond is no chance."),
            )
        if found.has_deeper:
            _depth()
        if asked:
            st.caption(_amounts(asked))
    for reason in _reasons(ready, found):
        st.caption(f":material/info: {plain(reason)}")


def _depth() -> None:
    """Draws the choice of what is left out in turn."""
    names: Mapping[Depth, str] = {"top": _("Top sections"), "every": _("Every section")}
    st.segmented_control(
        _("What is left out in turn"),
        list(names),
        format_func=lambda depth: names[depth],
        key=DEPTH,
        required=True,
        persist_state=state.KEEP,
        label_visibility="collapsed",
        help=_(
            "Top sections: the highest headings, each with all below it. Every section: each heading of any level, "
            "the text of one that has others below it, and the text before the first."
        ),
    )


def _label(asked: RunRequest | None) -> str:
    if asked is None:
        return _("Compare without each section")
    return fill(_("Compare without each section: {runs} runs"), {"runs": f"{asked.items:,}"})


def _amounts(asked: RunRequest) -> str:
    """What the runs are of."""
    inputs = several("{count} input", "{count} inputs", len(asked.inputs))
    return f"{several('{count} variant', '{count} variants', len(asked.variants or ()))} × {inputs}"


def _reasons(ready: draft.Draft, found: Plan) -> list[str]:
    """Why it cannot start, and what it leaves out; what is wrong with the draft the bar says itself."""
    if state.branches():
        return [_("Sections are compared in a prompt without branches.")]
    reasons = [_named(found)] if found.left_out else []
    if found.is_capped:
        capped = _("One comparison leaves out {limit} sections at most, one at a time: the first ones.")
        reasons.append(fill(capped, {"limit": str(MAX_CUTS)}))
    if not found.places:
        reasons.append(_("Every section is off. Switch one on to compare without it."))
    elif ready.request and found.cuts and _items(ready.request, found) > MAX_INPUTS:
        limit = _("With all variants these are {runs} runs; {limit} at most can run.")
        numbers = {"runs": f"{_items(ready.request, found):,}", "limit": f"{MAX_INPUTS:,}"}
        reasons.append(fill(limit, numbers))
    elif ready.request and found.cuts and (size := _weight(ready.request, found)) > MAX_RUN_BYTES:
        limit = _("With all variants these are {size} MB of images; {limit} MB at most can run.")
        reasons.append(fill(limit, {"size": f"{size / 1e6:,.0f}", "limit": f"{MAX_RUN_BYTES // 1_000_000}"}))
    return reasons


def _named(found: Plan) -> str:
    """Which sections it runs no variant without."""
    shown = [_left_out(each, found) for each in found.left_out[:MOST_NAMED]]
    more = len(found.left_out) + found.more - len(shown)
    rest = [several("{count} more", "{count} more", more)] if more else []
    return fill(_("Always on: {sections}."), {"sections": "; ".join([*shown, *rest])})


def _left_out(each: LeftOut, found: Plan) -> str:
    return fill(_("{section} ({reason})"), {"section": _section(each.place, found), "reason": _(each.reason)})


def _start(press: str) -> None:
    """Starts the comparison of the draft as it is now; its reading is the one to be seen at the end."""
    ready = draft.read()
    asked = _asked(ready.request, _plan()) if ready.request else None
    if asked is not None:
        state.drop("reading_of_run_view")
        bar.begin(asked, ready.key, press)


def _asked(request: RunRequest, found: Plan) -> RunRequest | None:
    """The run of all variants; None where there are none, too many items, or too large images."""
    too_much = _items(request, found) > MAX_INPUTS or _weight(request, found) > MAX_RUN_BYTES
    if request.chain.branches or not found.cuts or too_much:
        return None
    return RunRequest(
        chain=request.chain,
        inputs=request.inputs,
        variants=(*_whole(request.chain.messages), *_variants(found)),
        mode="batch",
        max_concurrency=request.max_concurrency,
    )


def _weight(request: RunRequest, found: Plan) -> int:
    """What the images of all variants have together, in bytes."""
    prompts = [*[request.chain.messages] * (2 if _twice() else 1), *(cut.messages for cut in found.cuts)]
    return weight(uri for messages in prompts for row in messages for uri in row.images)


def _items(request: RunRequest, found: Plan) -> int:
    return len(request.inputs) * (len(found.cuts) + (2 if _twice() else 1))


def _whole(messages: tuple[MessageSpec, ...]) -> list[VariantSpec]:
    names = [_("all on"), _("all on, again")] if _twice() else [_("all on")]
    return [VariantSpec(name=name, messages=messages) for name in names]


def _variants(found: Plan) -> list[VariantSpec]:
    without = _("without {section}")
    return [
        VariantSpec(name=fill(without, {"section": _section(cut.place, found)}), messages=cut.messages)
        for cut in found.cuts
    ]


def _section(place: Place, found: Plan) -> str:
    """What a part is called: by its title, and its message where there are some in several."""
    if not found.in_several_messages:
        return _part(place)
    return fill(_("{section} in message {row}"), {"section": _part(place), "row": str(place.row + 1)})


def _part(place: Place) -> str:
    match place.part:
        case "section":
            return place.title
        case "body":
            return fill(_("the text of {section} itself"), {"section": place.title})
        case "opening":
            return _("the text before the first heading")


def _twice() -> bool:
    return bool(state.text(TWICE))


def _plan() -> Plan:
    depth: Depth = "every" if state.text(DEPTH) == "every" else "top"
    return plan(state.rows(), draft.template_format(), depth)
