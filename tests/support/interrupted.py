"""A process that runs a long run until it is ended: `python -m tests.support.interrupted FOLDER [SECONDS TO CLOSE]`.

It prints the run's id, and then how much text there is after each moment.
"""

import sys
import time
from pathlib import Path

from runs.record import state_of
from tests.support.asked import request, slow
from tests.support.engines import opened


def main() -> None:
    with opened(Path(sys.argv[1])) as engine:
        log = engine.log(engine.start(request(slow(ttft_ms=0, tokens_per_second=300))))
        sys.stdout.write(f"{log.run}\n")
        until = time.perf_counter() + float(sys.argv[2])
        while time.perf_counter() < until:
            time.sleep(0.01)
            text = state_of(tuple(log.events)).items[0].text if len(log.events) > 1 else ""
            sys.stdout.write(f"{log.now_ms():.3f} {len(text)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
