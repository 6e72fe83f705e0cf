"""What the chunk of a chain is to a reader: after a parser it is no message any more."""

import json
from dataclasses import dataclass

from langchain_core.messages import AIMessage

from chains.calling.chunks import Piece, pieces

_CLOSING = '"}]'


@dataclass(slots=True)
class Reading:
    """Reads the chunks of one stream, in order: messages, strings, or JSON values that grow."""

    grows: bool
    """Whether a parser gives the value so far at each chunk."""
    value: object = None
    """The last value."""
    count: int = 0
    _said: str = ""
    _rest: str = ""

    def read(self, chunk: object) -> tuple[Piece, ...]:
        """The pieces of a chunk. Of a value it is by how much its JSON text has grown, its end left open."""
        first, self.count = not self.count, self.count + 1
        if isinstance(chunk, AIMessage):
            return pieces(chunk, first=first)
        if not self.grows:
            return (("text", str(chunk)),)
        self.value = chunk
        return (("text", self._growth(json.dumps(chunk, ensure_ascii=False))),)

    @property
    def rest(self) -> str:
        """What closes the JSON text."""
        return self._rest

    def _growth(self, whole: str) -> str:
        opened = whole.rstrip(_CLOSING)
        before, self._said, self._rest = self._said, opened, whole[len(opened) :]
        if opened.startswith(before):
            return opened[len(before) :]
        # A number or an escape that turned out to be another one: the value begins anew, on a line of its own.
        return f"\n{opened}"
