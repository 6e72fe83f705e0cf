"""A conversation as a tree of turns: each turn is a question with its answer, and its children are what was asked next.

Asking again or otherwise makes a sibling; nothing is ever overwritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chains.chat import Message
from chains.events import Fault

NAME_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class NewTurn:
    """What is about to be asked, after the turn `parent`; '' begins a conversation, or branches at its beginning."""

    conversation: str
    parent: str
    question: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a run with one item, and its figures as `chains/metrics.py` defines them."""

    text: str = ""
    cut: bool = False
    """Whether its limit of tokens ended it."""
    error: Fault | None = None
    ttft_ms: float | None = None
    e2e_ms: float | None = None
    chunks: int = 0
    tokens_per_second: float | None = None
    tokens_estimated: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer. `status` is that of the ended run, '' while it is answered; `created` in seconds."""

    id: str
    parent: str
    created: float
    question: str
    run: str
    provider: str
    model: str
    status: str = ""
    answer: Answer = field(default_factory=Answer)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list of conversations. `updated` is seconds since 1970."""

    id: str
    name: str
    updated: float
    turns: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """All turns, the oldest first. `shown` is the turn that was shown last; the path to it is what goes on."""

    id: str
    name: str
    created: float
    updated: float
    shown: str
    turns: tuple[Turn, ...]

    def path(self) -> tuple[Turn, ...]:
        """From the first turn to the one shown, or to the last where that is gone."""
        return self.path_to(self.shown) or self.path_to(self.newest_end(""))

    def path_to(self, turn: str) -> tuple[Turn, ...]:
        """From the first turn to `turn`; nothing for one that is not there."""
        known = {turn.id: turn for turn in self.turns}
        found: list[Turn] = []
        at = turn
        while at in known:
            found.append(known[at])
            at = known.pop(at).parent
        return tuple(reversed(found))

    def children(self, parent: str) -> tuple[Turn, ...]:
        """What was asked after a turn, in the order of asking; after '' the first questions."""
        return tuple(turn for turn in self.turns if turn.parent == parent)

    def newest_end(self, turn: str) -> str:
        """Where the branch through `turn` was last gone on with: a turn without children, or `turn` itself."""
        below = {turn}
        for later in self.turns:
            if later.parent in below:
                below.add(later.id)
        parents = {later.parent for later in self.turns}
        ends = [later.id for later in self.turns if later.id in below and later.id not in parents]
        return ends[-1] if ends else turn


def history(turns: Sequence[Turn]) -> list[Message]:
    """What the model is told of earlier turns: of each its question and its text.

    Also the text of an answer that was stopped or failed midway, since the reader has seen it. A turn without text is
    left out with its question: many models refuse two questions in a row.
    """
    said: list[Message] = []
    for turn in turns:
        if turn.answer.text:
            said.append(Message(role="human", content=turn.question))
            said.append(Message(role="ai", content=turn.answer.text))
    return said


def name_of(question: str) -> str:
    """What a conversation is called until somebody renames it: the beginning of its first question, on one line."""
    line = " ".join(question.split())
    return line if len(line) <= NAME_CHARACTERS else f"{line[: NAME_CHARACTERS - 1].rstrip()}…"
