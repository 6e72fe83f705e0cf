"""Figures beside their limits, as one Markdown table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

HEAD = ("figure", "measured", "limit", "", "beside it")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of some rounds, whose range is shown: their median counts, or the `worst` of them.

    Without a limit it is there to compare.
    """

    what: str
    rounds: Sequence[float]
    unit: str
    most: float | None = None
    beside: str = ""
    worst: bool = False

    @property
    def value(self) -> float:
        return max(self.rounds) if self.worst else median(self.rounds)

    def cells(self) -> tuple[str, ...]:
        spread = f" ({figure(min(self.rounds))} to {figure(max(self.rounds))})" if len(self.rounds) > 1 else ""
        measured = f"{figure(self.value)} {self.unit}{spread}"
        if self.most is None:
            return self.what, measured, "", "", self.beside
        verdict = "ok" if self.value <= self.most else "over"
        return self.what, measured, f"{figure(self.most)} {self.unit}", verdict, self.beside


def table(rows: Iterable[Row]) -> str:
    cells = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEAD))]
    lines = ["| " + " | ".join(text.ljust(n) for text, n in zip(row, widths, strict=True)) + " |" for row in cells]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def figure(value: float) -> str:
    """Three digits are enough."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
