"""How long something takes, by the CPU of its thread: what else the machine does at the time does not count."""

import gc
import time
from collections.abc import Callable

TRIES = 3


def cpu_s(call: Callable[[], object]) -> float:
    """Seconds that `call` takes, the best of three; a collection of the test process's own garbage is none of them."""
    gc.collect()
    gc.disable()
    try:
        return min(_once(call) for _ in range(TRIES))
    finally:
        gc.enable()


def _once(call: Callable[[], object]) -> float:
    began = time.thread_time()
    call()
    return time.thread_time() - began
