"""Figures as people read them, as components/frontend/run_view/format.js writes them in the browser."""

DASH = "–"


def duration(ms: float | None) -> str:
    """`0.4 ms`, from ten on `312 ms`, from a second on `1.24 s`, from two minutes on `2 min 05 s`; a dash for None."""
    if ms is None:
        return DASH
    if ms < 9.95:
        return f"{ms:.1f} ms"
    if ms < 999.5:
        return f"{ms:.0f} ms"
    if ms < 120_000:
        return f"{ms / 1000:.2f} s"
    minutes, seconds = divmod(round(ms / 1000), 60)
    return f"{minutes} min {seconds:02d} s"


def between(low: float | None, high: float | None) -> str:
    """`15–17 ms`, the unit once where it is the same."""
    (start, _, unit), end = duration(low).partition(" "), duration(high)
    return f"{start}–{end}" if unit and end.partition(" ")[2] == unit else f"{duration(low)} – {end}"


def percent(share: float | None) -> str:
    """`97 %`; 100 % and 0 % only where it is all or nothing."""
    if share is None:
        return DASH
    whole = round(share * 100)
    if 0 < share < 1:
        whole = min(99, max(1, whole))
    return f"{whole} %"


def times(factor: float | None) -> str:
    """`2.3×`."""
    return DASH if factor is None else f"{factor:.1f}×"
