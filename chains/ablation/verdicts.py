"""What a comparison of variants says, in sentences: message ids with their values, filled in where drawn.

Meant to say too little rather than too much. That an answer differs says nothing about a section unless two answers to
the same prompt differ less: where the prompt ran once an input, or the inputs are too few, the sentence says so.
"""

from collections.abc import Mapping, Sequence

from chains.ablation.results import Standing, beyond_chance
from chains.figures.statistics import smallest_n
from chains.figures.units import percent
from chains.figures.verdicts import Verdict, counted
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
    """What a variant changes; and, where the one that is `repeated` differs from run to run, how sure that is."""
    if not standing.pairs:
        nothing = mark("No answer came to its end beside one of {base}: there is nothing to compare.")
        return [Verdict(nothing, values={"base": base.name})]
    if standing.repeats:
        return [_of_repeated(base, standing)]
    if standing.same == standing.pairs:
        return [_same(base, standing), *_weighed(standing)]
    noisy = repeated is not None and repeated.same < repeated.pairs
    return [_differs(base, standing), *_weighed(standing), *([_sure(standing, repeated)] if repeated and noisy else [])]


def of_chance(standings: Sequence[Standing]) -> Verdict | None:
    """That all of it may be chance, unless the first variant's prompt was repeated."""
    known = [each for each in standings[1:] if each.pairs]
    if not known or any(each.repeats for each in known) or all(each.same == each.pairs for each in known):
        return None
    alone = mark("It may all be chance: {base} ran once an input, so nobody knows how much two of its answers differ.")
    return Verdict(alone, values={"base": standings[0].name})


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
        "The answer is that of {base}, to the letter.",
        "All {count} answers are those of {base}, to the letter.",
        standing.pairs,
        {"base": base.name},
    )


def _differs(base: Standing, standing: Standing) -> Verdict:
    return counted(
        "The answer is {alike} like that of {base}.",
        "The {count} answers are {alike} like those of {base}, in the median.",
        standing.pairs,
        _alike(base, standing),
    )


def _weighed(standing: Standing) -> list[Verdict]:
    """How many tokens shorter or longer its prompt is."""
    tokens = round(standing.saved or 0.0)
    if not tokens:
        return []
    if tokens < 0:
        return [counted("{count} prompt token more.", "{count} prompt tokens more.", -tokens)]
    return [counted("{count} prompt token less.", "{count} prompt tokens less.", tokens)]


def _sure(standing: Standing, repeated: Standing) -> Verdict:
    found = beyond_chance(standing, repeated)
    values = {"alike": percent(repeated.likeness), "needed": str(FEW), "n": str(found.n)}
    if found.low is None or found.high is None:
        return counted(
            "The same prompt twice is {alike} alike; {count} input is too few to tell that from chance "
            "({needed} at least).",
            "The same prompt twice is {alike} alike; {count} inputs are too few to tell that from chance "
            "({needed} at least).",
            found.n,
            values,
        )
    if found.low > 0:
        more = mark("That is more than chance: the same prompt twice is {low} to {high} more alike (95 %, n = {n}).")
        return Verdict(more, values={**values, "low": percent(found.low), "high": percent(found.high)})
    return Verdict(mark("No difference shown: the same prompt twice is {alike} alike (n = {n})."), values=values)


def _alike(base: Standing, standing: Standing) -> Mapping[str, str]:
    return {"base": base.name, "alike": percent(standing.likeness)}
