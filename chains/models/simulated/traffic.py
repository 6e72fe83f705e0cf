"""When each piece of an answer arrives, and how the answer ends: a pure function of tokens, pace and fault.

All instants are seconds since the request was made.
"""

import codecs
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, get_args

from chains.outcomes import SimulatedFault

Fault = Literal[
    "none",
    "rate_limited",
    "unauthorized",
    "server_error",
    "hang",
    "cut",
    "truncated",
    "slow_first_token",
    "burst",
    "split_utf8",
]
FAULTS: tuple[Fault, ...] = get_args(Fault)

TEN_YEARS = 315_360_000.0
"""When a hanging answer would go on, in seconds: never, for whoever waits."""

_REFUSALS = {"rate_limited": "rate_limited", "unauthorized": "wrong_key", "server_error": "server_error"}
_SENT_SHARES = {"hang": 3, "cut": 2, "truncated": 2}
_SLOWER = 10
_SLOW_FIRST_TOKEN = 3.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Time to first token in seconds, speed in tokens per second, the share by which gaps vary, tokens in a chunk."""

    ttft: float
    tokens_per_second: float
    jitter: float
    tokens_per_chunk: int


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer's traffic: the response `begins` (None: it is refused), its texts come, it `ends` well or in `failure`.

    `completes` is whether a finish reason and usage come at the end.
    """

    begins: float | None
    chunks: Sequence[tuple[float, str]]
    ends: float
    failure: SimulatedFault | None = None
    completes: bool = True

    @property
    def text(self) -> str:
        """What arrives, in whole."""
        return "".join(text for _, text in self.chunks)


def plan(tokens: Sequence[str], pace: Pace, fault: Fault, *, seed: str) -> Plan:
    """The traffic of an answer of at least one token. The same `seed` gives the same gaps."""
    if fault in _REFUSALS:
        return Plan(None, (), pace.ttft / 2, SimulatedFault(_REFUSALS[fault]), completes=False)
    ttft = max(_SLOWER * pace.ttft, _SLOW_FIRST_TOKEN) if fault == "slow_first_token" else pace.ttft
    packets = _packets(tokens, pace.tokens_per_chunk)
    if fault == "split_utf8":
        packets = _split_inside_characters(packets)
    instants = _instants(packets, ttft, pace, random.Random(seed))
    texts = [text for text, _ in packets]
    if fault == "burst":
        return Plan(ttft, [(instants[-1], text) for text in texts], instants[-1])
    if fault not in _SENT_SHARES:
        return Plan(ttft, list(zip(instants, texts, strict=True)), instants[-1])
    sent = max(1, len(packets) // _SENT_SHARES[fault])
    return _broken_off(list(zip(instants[:sent], texts[:sent], strict=True)), fault, pace)


def _broken_off(chunks: list[tuple[float, str]], fault: Fault, pace: Pace) -> Plan:
    """The plan of an answer that sends only `chunks`. A lost connection is noticed when the next chunk was due."""
    last = chunks[-1][0]
    if fault == "truncated":
        return Plan(chunks[0][0], chunks, last, completes=False)
    ends = TEN_YEARS if fault == "hang" else last + pace.tokens_per_chunk / pace.tokens_per_second
    return Plan(chunks[0][0], chunks, ends, SimulatedFault("cut"), completes=False)


def _packets(tokens: Sequence[str], tokens_per_chunk: int) -> list[tuple[str, float]]:
    """What arrives together, with its number of tokens."""
    if tokens_per_chunk == 1:
        return [(token, 1.0) for token in tokens]
    groups = (tokens[at : at + tokens_per_chunk] for at in range(0, len(tokens), tokens_per_chunk))
    return [("".join(group), float(len(group))) for group in groups]


def _instants(packets: Sequence[tuple[str, float]], ttft: float, pace: Pace, chance: random.Random) -> list[float]:
    """The first packet comes at `ttft`, each other one after the time that its tokens take."""
    gap = 1 / pace.tokens_per_second
    varied = (
        weight * gap * (1 + pace.jitter * (2 * chance.random() - 1)) if pace.jitter else weight * gap
        for _, weight in packets[1:]
    )
    return list(accumulate(varied, initial=ttft))


def _split_inside_characters(packets: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Packets that end inside a character, as a correct decoder hands them on: nothing until its last byte is there.

    Every third packet with a character of several bytes is cut in its first one; its time is shared out evenly.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    split: list[tuple[str, float]] = []
    wide = 0
    for text, weight in packets:
        pieces = [text.encode()]
        if not text.isascii():
            pieces = _cut_in_first_character(text) if wide % 3 == 0 else pieces
            wide += 1
        split += [(decoder.decode(piece), weight / len(pieces)) for piece in pieces]
    return split


def _cut_in_first_character(text: str) -> list[bytes]:
    at = next(number for number, character in enumerate(text) if not character.isascii())
    before, wide = text[:at].encode(), text[at:].encode()
    inside = math.ceil(len(text[at].encode()) / 2)
    return [piece for piece in (before, wide[:inside], wide[inside:]) if piece]
