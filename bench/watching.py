"""A server watched from outside while it works: how long its loop keeps others waiting, and what memory it takes.

The loop is asked by pings of the live socket, which it answers between everything else. Their times hold what the
machine adds: the asking process and the server's thread each wait for a core.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from websockets.sync.client import connect

from bench.processes import Served

PING_S = 0.005
LOOK_S = 0.05
QUIET_S = 2.0


@dataclass(slots=True)
class Watched:
    """What was seen of a server from the start of some work to its end."""

    before_mb: float
    seconds: float = 0.0
    cpu_s: float = 0.0
    peak_mb: float = 0.0
    pings_ms: list[float] = field(default_factory=list)
    sampled: list[tuple[int, float]] = field(default_factory=list)
    """What `progress` said, and MB then."""

    @property
    def more_mb(self) -> float:
        return self.peak_mb - self.before_mb


def watch(
    served: Served, start: Callable[[], object], *, pinged: bool, progress: Callable[[], int] | None = None
) -> Watched:
    """Starts work with `start` and returns when no run is under way; seconds are exact to `LOOK_S`."""
    seen, used = Watched(served.rss_mb()), served.cpu_s()
    with ExitStack() as stack:
        ping = stack.enter_context(_pinging(served)) if pinged else None
        began = time.monotonic()
        start()
        while True:
            _look(served, seen, progress)
            seen.pings_ms += _pings(ping, LOOK_S)
            if not served.client.get("/api/health").json()["runs"]["active"]:
                break
        seen.seconds, seen.cpu_s = time.monotonic() - began, served.cpu_s() - used
    _look(served, seen, progress)
    return seen


def longest_answer_ms(served: Served) -> float:
    """The longest answer of the loop in the next two seconds."""
    with _pinging(served) as ping:
        return max(_pings(ping, QUIET_S))


def _look(served: Served, seen: Watched, progress: Callable[[], int] | None) -> None:
    now = served.rss_mb()
    seen.peak_mb = max(seen.peak_mb, now)
    if progress:
        seen.sampled.append((progress(), now))


@contextmanager
def _pinging(served: Served) -> Iterator[Callable[[], None]]:
    with connect(f"{served.url.replace('http', 'ws', 1)}/api/live", proxy=None) as socket:

        def ping() -> None:
            socket.send('{"op":"ping"}')
            socket.recv(30)

        yield ping


def _pings(ping: Callable[[], None] | None, seconds: float) -> list[float]:
    if ping is None:
        time.sleep(seconds)
        return []
    took: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        asked = time.perf_counter()
        ping()
        took.append((time.perf_counter() - asked) * 1000)
        time.sleep(PING_S)
    return took
