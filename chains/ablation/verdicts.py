"""What a comparison of variants says, in sentences: message ids with their values, filled in where drawn.

Meant to say too little rather than too much. That an answer differs says nothing about a section unless two answers to
the same prompt differ less: where the prompt ran once an input, or the inputs are too few, the sentence says so.
"""

from collections.abc import Mapping, Sequence

from chains.ablation.results import Standing, beyond_chance
from chains.statistics import smallest_n
from chains.units import percent
from chains.verdicts import Verdict, counted
from chains.words import mark

FEW = smallest_n(50)
"""With fewer inputs a difference from chance cannot be told."""


def of_all(standings: Sequence[Standing]) -> Verdict:
    """Which variant is furthest from the first one, and which is nearest."""
    if not standings:
        return Verdict(mark("There is nothing to compare."))
    base = {"base": standings[0].name}
    known = [(each.likeness, each) for each in standings[1:] if each.likeness is not None and not each.repeats]
    if not known:
        return Verdict(mark("There is nothing to compare with {base}: no other answer came to its end."), values=base)
    far, near = min(known, key=lambda one: one[0]), max(known, key=lambda one: one[0])
    if near[0] == far[0]:
        names = ", ".join(each.name for _likeness, each in known)
        alike = {**base, "names": names, "alike": percent(far[0])}
        return Verdict(mark("Answers compared with those of {base}: {names} {alike} alike."), values=alike)
    values = {
        **base,
        "far": far[1].name,
        "far_alike": percent(far[0]),
        "near": near[1].name,
        "near_alike": percent(near[0]),
    }
    least = mark("Least like the answers of {base}: {far} ({far_alike} alike). Most like them: {near} ({near_alike}).")
    return Verdict(least, values=values)


def of_one(base: Standing, standing: Standing, repeated: Standing | None) -> Sequence[Verdict]:
    """What a variant changes, and how sure that is; `repeated` is the one that repeats the first, if one does."""
    if not standing.pairs:
        nothing = mark("No answer came to its end beside one of {base}: there is nothing to compare.")
        return [Verdict(nothing, values={"base": base.name})]
    if standing.repeats:
        return [_of_repeated(base, standing)]
    if standing.same == standing.pairs:
        return [_same(base, standing), *_saved(standing)]
    return [_differs(base, standing), _sure(base, standing, repeated)]


def repeated(standings: Sequence[Standing]) -> Standing | None:
    """The variant that repeats the first one's messages."""
    return next((each for each in standings if each.repeats and each.pairs), None)


def _of_repeated(base: Standing, standing: Standing) -> Verdict:
    if standing.same == standing.pairs:
        return counted(
            "The same prompt gave the same answer again: what differs elsewhere is hardly chance.",
            "The same prompt gave all {count} answers again: what differs elsewhere is hardly chance.",
            standing.pairs,
        )
    return counted(
        "The same prompt again: its answer is {alike} like the first. So much differs by chance.",
        "The same prompt again: its {count} answers are {alike} like the first ones. So much differs by chance.",
        standing.pairs,
        _alike(base, standing),
    )


def _same(base: Standing, standing: Standing) -> Verdict:
    return counted(
        "The answer is that of {base}, to the letter; one input is little to go by.",
        "All {count} answers are those of {base}, to the letter.",
        standing.pairs,
        {"base": base.name},
    )


def _saved(standing: Standing) -> list[Verdict]:
    """What it would save to leave it so."""
    tokens = round(standing.saved or 0.0)
    if tokens < 1:
        return []
    if standing.prompt_estimated:
        return [
            counted(
                "About {count} prompt token less did the same.",
                "About {count} prompt tokens less did the same.",
                tokens,
            )
        ]
    return [counted("{count} prompt token less did the same.", "{count} prompt tokens less did the same.", tokens)]


def _differs(base: Standing, standing: Standing) -> Verdict:
    return counted(
        "The answer is {alike} like that of {base}.",
        "The {count} answers are {alike} like those of {base} (the median).",
        standing.pairs,
        _alike(base, standing),
    )


def _sure(base: Standing, standing: Standing, repeated: Standing | None) -> Verdict:
    if repeated is None:
        alone = mark("That may be chance: {base} ran once an input, so nobody knows how much two of its runs differ.")
        return Verdict(alone, values={"base": base.name})
    if repeated.same == repeated.pairs:
        return counted(
            "That is hardly chance: {base} gave the same answer twice. One input is little to go by, though.",
            "That is hardly chance: {base} gave each of {count} answers twice the same.",
            repeated.pairs,
            {"base": base.name},
        )
    found = beyond_chance(standing, repeated)
    values = {**_alike(base, repeated), "needed": str(FEW)}
    if found.low is None or found.high is None:
        return counted(
            "Two answers of {base} are {alike} alike; {count} input is too few to tell that from chance "
            "({needed} at least).",
            "Two answers of {base} are {alike} alike; {count} inputs are too few to tell that from chance "
            "({needed} at least).",
            found.n,
            values,
        )
    interval = {**values, "low": percent(found.low), "high": percent(found.high), "n": str(found.n)}
    if found.low > 0:
        more = mark("That is more than chance: two answers of {base} are {low} to {high} more alike (95 %, n = {n}).")
        return Verdict(more, values=interval)
    return Verdict(
        mark("No difference shown beyond chance: two answers of {base} are {alike} alike (n = {n})."), values=interval
    )


def _alike(base: Standing, standing: Standing) -> Mapping[str, str]:
    return {"base": base.name, "alike": percent(standing.likeness)}
