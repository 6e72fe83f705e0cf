"""How the variants of a run did, each beside the first one, by input: as pure functions from its answers to figures.

A figure of a variant is the median over its answers that came to their end. A comparison is paired: over the inputs to
which both the variant and the first one gave such an answer, the difference (or the likeness) of the two, and of these
the median. It is known with an interval from six inputs on (chains/figures/statistics.py).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from langchain_core.messages.utils import count_tokens_approximately

from chains.compare.diff import likeness, weights
from chains.figures.statistics import Percentile, percentile
from chains.outcomes import Refused
from chains.spec import RunRequest
from chains.templates.prompt import Prompt

MOST_ALIKE = 0.99
"""Of texts that are not the same to the letter."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one item that is done. Times are ms; `prompt_tokens` are as the provider counted them."""

    text: str
    tokens: int | None = None
    tokens_estimated: bool = False
    prompt_tokens: int | None = None
    ttft_ms: float | None = None
    e2e_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One variant: its figures, and how it differs from the first one."""

    name: str
    repeats: bool
    """Whether its messages are those of the first one: then it shows what differs from run to run."""
    inputs: int
    done: int
    """To how many of the inputs it gave an answer that came to its end."""
    prompt_tokens: float | None
    prompt_estimated: bool
    characters: float | None
    tokens: float | None
    tokens_estimated: bool
    ttft_ms: float | None
    e2e_ms: float | None
    saved: float | None
    """Prompt tokens that the first one takes more; None for the first one itself."""
    alike: Mapping[int, float]
    """By input: how much of the two answers is in both, 1.0 where they are the same to the letter and only there."""

    @property
    def pairs(self) -> int:
        """To how many inputs both gave an answer that came to its end."""
        return len(self.alike)

    @property
    def same(self) -> int:
        """How many of its answers are those of the first one, to the letter."""
        return sum(much == 1.0 for much in self.alike.values())

    @property
    def likeness(self) -> float | None:
        """Of its median answer."""
        return median(self.alike.values()) if self.alike else None


def standings(request: RunRequest, answers: Mapping[int, Answer]) -> tuple[Standing, ...]:
    """A standing a variant, in their order, of a run that has some; `answers` are by item, those that are done."""
    variants = request.variants or ()
    given = [_by_input(request, answers, variant) for variant in range(len(variants))]
    counted, estimated = _prompt_tokens(request, given)
    likenesses = _likenesses(given)
    return tuple(
        Standing(
            name=each.name,
            repeats=variant > 0 and each.messages == variants[0].messages,
            inputs=len(request.inputs),
            done=len(given[variant]),
            prompt_tokens=_middle(counted[variant].values()),
            prompt_estimated=estimated,
            characters=_middle(len(answer.text) for answer in given[variant].values()),
            tokens=_figure(given[variant], lambda answer: answer.tokens),
            tokens_estimated=any(answer.tokens_estimated for answer in given[variant].values()),
            ttft_ms=_figure(given[variant], lambda answer: answer.ttft_ms),
            e2e_ms=_figure(given[variant], lambda answer: answer.e2e_ms),
            saved=_middle(_differences(counted[0], counted[variant])) if variant else None,
            alike=likenesses[variant],
        )
        for variant, each in enumerate(variants)
    )


def beyond_chance(of: Standing, repeated: Standing) -> Percentile:
    """By how much its answers are less like the first one's than those of the repeated prompt are: the median.

    Its interval is None where the inputs are too few for one.
    """
    return percentile(_differences(repeated.alike, of.alike), 50)


def alike(one: str, other: str) -> float:
    """How much of two answers is in both, from 0 to 1; 1 only for the same text."""
    return _alike(one, weights(one), other)


def _by_input(request: RunRequest, answers: Mapping[int, Answer], variant: int) -> dict[int, Answer]:
    items = ((row, request.item_of(row, variant)) for row in range(len(request.inputs)))
    return {row: answers[item] for row, item in items if item in answers}


def _likenesses(given: Sequence[Mapping[int, Answer]]) -> list[dict[int, float]]:
    """Of each variant, by input, to the first one; none of the first one itself."""
    found: list[dict[int, float]] = [{} for _each in given]
    for row, first in given[0].items():
        weighed = weights(first.text)
        for alike, answers in zip(found[1:], given[1:], strict=True):
            if row in answers:
                alike[row] = _alike(first.text, weighed, answers[row].text)
    return found


def _alike(one: str, weighed: Mapping[str, int], other: str) -> float:
    return 1.0 if one == other else min(likeness(weighed, weights(other)), MOST_ALIKE)


def _prompt_tokens(
    request: RunRequest, given: Sequence[Mapping[int, Answer]]
) -> tuple[list[Mapping[int, float]], bool]:
    """The tokens of each variant's prompt by input, and whether they are estimates: all of them are, or none."""
    sent = [{row: answer.prompt_tokens for row, answer in each.items()} for each in given]
    counted: list[Mapping[int, float]] = [
        {row: tokens for row, tokens in each.items() if tokens is not None} for each in sent
    ]
    if any(sent) and all(len(known) == len(each) for known, each in zip(counted, sent, strict=True)):
        return counted, False
    return [_estimated(request, variant) for variant in range(len(given))], True


def _estimated(request: RunRequest, variant: int) -> dict[int, float]:
    """What each input's prompt may weigh, of those that can be rendered."""
    chain = request.of_variant(variant).chain
    prompt = Prompt.build(chain.messages, chain.template_format, chain.partials)
    found: dict[int, float] = {}
    for row, inputs in enumerate(request.inputs):
        try:
            found[row] = count_tokens_approximately(prompt.render(inputs))
        except Refused:
            continue
    return found


def _differences(one: Mapping[int, float], other: Mapping[int, float]) -> list[float]:
    return [one[row] - much for row, much in other.items() if row in one]


def _figure(answers: Mapping[int, Answer], of: Callable[[Answer], float | None]) -> float | None:
    return _middle(value for value in map(of, answers.values()) if value is not None)


def _middle(values: Iterable[float]) -> float | None:
    found = list(values)
    return median(found) if found else None
