"""Takes the key that a server was sent out of what it answers, also where it comes in several chunks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import JsonValue, SecretStr

from chains.calling.faults import without_key
from chains.events import ChunkKind

SHORTEST_MASKED = 16
SHOWN = 4
"""So many characters like a key's first are given at once: few ends of chunks have more of them, and no key is told."""

_DIGIT, _LETTER = re.compile(r"[0-9]"), re.compile(r"[A-Za-z]")


def is_masked(key: SecretStr) -> bool:
    """Whether a key is one that no answer says by chance: it is long, and has letters and digits."""
    secret = key.get_secret_value()
    return len(secret) >= SHORTEST_MASKED and bool(_DIGIT.search(secret) and _LETTER.search(secret))


def masked(value: JsonValue, key: SecretStr) -> JsonValue:
    """A value with an ellipsis in place of the key in its texts; names in it stay."""
    return _masked(value, key) if is_masked(key) else value


def _masked(value: JsonValue, key: SecretStr) -> JsonValue:
    match value:
        case str():
            return without_key(value, key)
        case list():
            return [_masked(part, key) for part in value]
        case dict():
            return {name: _masked(part, key) for name, part in value.items()}
    return value


@dataclass(slots=True)
class _End:
    """The end of what has come that may be the beginning of the key, and how much of it was given."""

    text: str = ""
    given: int = 0


@dataclass(slots=True)
class Masking:
    """Chunks of an answer without the key, each kind of them for itself.

    Nothing is held back but what follows the first `SHOWN` characters of a possible key at a chunk's end.
    """

    key: SecretStr
    _secret: str = field(init=False)
    """Empty for one that stays."""
    _ends: dict[ChunkKind, _End] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._secret = self.key.get_secret_value() if is_masked(self.key) else ""

    def take(self, kind: ChunkKind, text: str) -> str:
        """What of a chunk and of what was held back before it may be given now."""
        if not self._secret or not text:
            return text
        end = self._ends.get(kind) or _End()
        whole, given, found = end.text + text, end.given, list[str]()
        start = 0
        while (at := whole.find(self._secret, start)) >= 0:
            found += [whole[given:at], "…"]
            given = start = at + len(self._secret)
        begin = self._beginning(whole, start)
        stop = max(given, min(len(whole), begin + SHOWN))
        self._ends[kind] = _End(whole[begin:], stop - begin)
        return "".join((*found, whole[given:stop]))

    def rest(self) -> Iterator[tuple[ChunkKind, str]]:
        """What is held back still, at the end of the answer."""
        for kind, end in self._ends.items():
            if end.given < len(end.text):
                yield kind, end.text[end.given :]
        self._ends.clear()

    def _beginning(self, text: str, start: int) -> int:
        """Where the longest end of `text` behind `start` begins that the key begins with; its length for none."""
        at = text.find(self._secret[0], max(start, len(text) - len(self._secret) + 1))
        while at >= 0 and not self._secret.startswith(text[at:]):
            at = text.find(self._secret[0], at + 1)
        return at if at >= 0 else len(text)
