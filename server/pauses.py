"""Keeps short what holds up the whole process: its threads share one interpreter, and a batch keeps that busy.

A thread that wants the interpreter waits for the switch interval, by default 5 ms, and the server's loop does so some
times an answer. A full collection of garbage holds up everything for as long as it walks what is alive, and most of
that is what was imported for good.
"""

import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

SWITCH_S = 0.001
MODULES = 300
"""So many new ones are worth a freeze; a provider's package brings more."""


@contextmanager
def short_pauses() -> Iterator[None]:
    """While it lasts threads switch sooner, and what was imported is walked once."""
    before, freezing = sys.getswitchinterval(), _Freezing(len(sys.modules))
    gc.callbacks.append(freezing)
    sys.setswitchinterval(SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
        gc.callbacks.remove(freezing)


@dataclass(slots=True, eq=False)
class _Freezing:
    """Freezes what a full collection has left alive, when many modules came since the last time.

    That is so once or twice in the life of a process. A cycle that is alive just then is never collected.
    """

    modules: int

    def __call__(self, phase: str, info: Mapping[str, int]) -> None:
        if phase == "stop" and info["generation"] == 2 and len(sys.modules) - self.modules >= MODULES:
            self.modules = len(sys.modules)
            gc.freeze()
