"""What a reader sees: 1,000 tokens at 100 a second, 2,000 at once, and up to 10,000."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median

from bench.answers import Answer, Stage
from bench.table import Row, figure

ROUNDS = 3
NOISE = 1.25
"""What a token more may seem to cost, because no two measurements are the same."""
OFF, ON, PLAIN, USUAL = "boundaries off", "boundaries on", "plain page", "write_stream"
LONG = (1_250, 2_500, 5_000, 10_000)

Figure = Callable[[Answer], float]


def stream(stage: Stage) -> list[Row]:
    """1,000 tokens at 100 a second. The lag may be 1.5 (p50) and 5 ms (p99) above the plain page's."""
    answers = stage.rounds("pace-1000-100-wait", 1_000, ROUNDS)
    rows = []
    for name, most in ((OFF, 1.3), (ON, 1.9)):
        what = f"1,000 tokens at 100/s, {name}:"
        many = answers[name]
        rows += [
            _row(answers, name, f"{what} lag p50", "ms", lambda a: a.p50_ms, above_plain=1.5),
            _row(answers, name, f"{what} lag p99", "ms", lambda a: a.p99_ms, above_plain=5),
            _row(answers, name, f"{what} to the browser", "kB", lambda a: a.kilobytes, most=115),
            _row(answers, name, f"{what} main thread", "s", lambda a: a.used.main_cpu_s),
            Row(f"{what} main thread", _ratios(many, answers[PLAIN]), "× plain page", most),
            _row(answers, name, f"{what} server CPU", "s", lambda a: a.used.server_cpu_s, most=1.5),
        ]
    return rows


def burst(stage: Stage) -> list[Row]:
    """2,000 tokens at once."""
    answers = stage.rounds("burst-2000-wait", 2_000, ROUNDS)
    rows = []
    for name in (OFF, ON):
        what = f"2,000 tokens at once, {name}:"
        rows += [
            _row(answers, name, f"{what} last token late by", "ms", lambda a: a.lags_ms[-1], most=400),
            _row(answers, name, f"{what} longest task (0: below 50)", "ms", lambda a: a.longest_ms, most=100),
            _row(answers, name, f"{what} longest task after the end", "ms", lambda a: a.longest_after_ms),
        ]
    return rows


def linear(stage: Stage) -> list[Row]:
    """Up to 10,000 tokens at 1,000 a second: what one more token costs must not grow."""
    figures: tuple[tuple[str, str, Figure], ...] = (
        ("to the browser", "B a token", lambda answer: answer.kilobytes * 1e3),
        ("main thread", "µs a token", lambda answer: answer.used.main_cpu_s * 1e6),
    )
    rows = []
    for view in [view for view in stage.views if view.playground]:
        alone = replace(stage, views=[view])
        answers = {n: alone.rounds(f"pace-{n}-1000-wait", n, 1)[view.name][0] for n in LONG}
        for what, unit, of in figures:
            each = {n: of(answer) / n for n, answer in answers.items()}
            beside = ", ".join(f"{n:,}: {figure(cost)}" for n, cost in each.items())
            first, last = each[LONG[0]], each[LONG[-1]]
            rows += [
                Row(f"{LONG[-1]:,} tokens at 1,000/s, {view.name}: {what}", [last], unit, NOISE * first, beside),
            ]
    return rows


def _row(
    answers: dict[str, list[Answer]],
    name: str,
    what: str,
    unit: str,
    of: Figure,
    *,
    most: float | None = None,
    above_plain: float | None = None,
) -> Row:
    beside = {peer: median(map(of, answers[peer])) for peer in (PLAIN, USUAL)}
    if above_plain is not None:
        most = beside[PLAIN] + above_plain
    said = ", ".join(f"{peer} {figure(value)}" for peer, value in beside.items())
    return Row(what, [of(answer) for answer in answers[name]], unit, most, said)


def _ratios(ours: Sequence[Answer], plain: Sequence[Answer]) -> list[float]:
    return [a.used.main_cpu_s / b.used.main_cpu_s for a, b in zip(ours, plain, strict=True)]
