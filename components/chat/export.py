"""A conversation to take along: as JSON with every branch, as Markdown the branch that is shown."""

import json
from datetime import UTC, datetime

from pydantic import JsonValue

from components.chat import latency
from components.words import _, plain
from runs.conversation import Conversation, Turn


def as_json(conversation: Conversation) -> str:
    """All turns, the oldest first; `parent` is the turn before, null for a first one. Instants are ISO 8601 in UTC."""
    turns: list[JsonValue] = [_turn(turn) for turn in conversation.turns]
    whole: dict[str, JsonValue] = {
        "id": conversation.id,
        "name": conversation.name,
        "created": _instant(conversation.created),
        "updated": _instant(conversation.updated),
        "shown": [turn.id for turn in conversation.path()],
        "turns": turns,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def as_markdown(conversation: Conversation) -> str:
    """The path that is shown; questions and answers as they were written."""
    parts = [f"# {plain(conversation.name)}"]
    for turn in conversation.path():
        parts += [f"**{_('Question')}**", turn.question, f"**{_('Answer')}** · {plain(latency.line(turn))}"]
        parts += [part for part in (turn.answer.text, plain(latency.trouble(turn))) if part]
    return "\n\n".join(parts) + "\n"


def _turn(turn: Turn) -> JsonValue:
    answer = turn.answer
    return {
        "id": turn.id,
        "parent": turn.parent or None,
        "created": _instant(turn.created),
        "question": turn.question,
        "run": turn.run,
        "provider": turn.provider,
        "model": turn.model,
        "status": turn.status or "running",
        "answer": answer.text,
        "error": dict(answer.error) if answer.error else None,
        "metrics": {
            "ttft_ms": answer.ttft_ms,
            "e2e_ms": answer.e2e_ms,
            "chunks": answer.chunks,
            "tokens_per_second": answer.tokens_per_second,
            "tokens_estimated": answer.tokens_estimated,
        },
    }


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
