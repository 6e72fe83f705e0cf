"""The conversation of this session, as it stands at this moment."""

from dataclasses import replace

from components.run import bar
from runs.conversation import Conversation, Turn
from runs.errors import UnknownRun
from runs.opened import engine
from runs.record import state_of, summarise


def opened(conversation: str) -> Conversation:
    """A conversation with the answers of runs that have just ended and of which the store has yet to hear.

    Raises `UnknownConversation`.
    """
    found = engine().conversations.open(conversation)
    return replace(found, turns=tuple(turn if turn.status else _settled(turn) for turn in found.turns))


def _settled(turn: Turn) -> Turn:
    if not bar.has_ended(turn.run):
        return turn
    try:
        events = engine().log(turn.run).events
    except UnknownRun:
        return replace(turn, status="interrupted")
    return replace(turn, status=state_of(events).status, answer=summarise(events).answer)
