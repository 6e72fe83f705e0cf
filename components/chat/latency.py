"""A finished answer in one line: how it ended and what it cost in time; and of a trouble what to do."""

from chains.outcomes import sentences
from components.words import _, several, status_word
from runs.conversation import Turn


def line(turn: Turn) -> str:
    """The model, the status where it is not done, TTFT, chunks, speed, E2E; without figures that are undefined."""
    answer = turn.answer
    parts = [_model(turn)] if turn.status == "done" else [_model(turn), status_word(turn.status)]
    if answer.ttft_ms is not None:
        parts.append(f"TTFT {duration(answer.ttft_ms)}")
    if answer.chunks:
        parts.append(several("{count} chunk", "{count} chunks", answer.chunks))
    if answer.tokens_per_second is not None:
        parts.append(speed(answer.tokens_per_second, estimated=answer.tokens_estimated))
    if answer.e2e_ms is not None:
        parts.append(f"E2E {duration(answer.e2e_ms)}")
    return " · ".join(parts)


def trouble(turn: Turn) -> str:
    """What happened to an answer that is not whole, and what to do; '' for a whole one."""
    if turn.answer.error:
        return " ".join(sentences(turn.answer.error, _))
    if turn.answer.cut:
        return _("The answer ended at its limit of tokens. Raise max_tokens, or ask for a shorter answer.")
    known = {
        "stopped": _("Stopped. What came is kept; Regenerate asks again."),
        "interrupted": _("The server stopped during this answer. What came is kept; Regenerate asks again."),
    }
    return known.get(turn.status, "")


def _model(turn: Turn) -> str:
    return _("simulated") if turn.provider == "simulated" else turn.model or turn.provider


def duration(ms: float) -> str:
    """`312 ms` below one second, `1.24 s` from there on, as in the live views."""
    if ms < 999.5:
        return f"{round(ms)} ms"
    if ms < 120_000:
        return f"{ms / 1000:.2f} s"
    minutes, seconds = divmod(round(ms / 1000), 60)
    return f"{minutes} min {seconds:02} s"


def speed(tokens_per_second: float, *, estimated: bool) -> str:
    """Tokens per second, marked where their number is an estimate."""
    shown = f"{tokens_per_second:.1f}" if tokens_per_second < 10 else str(round(tokens_per_second))
    return f"{'~' if estimated else ''}{shown} tok/s"
