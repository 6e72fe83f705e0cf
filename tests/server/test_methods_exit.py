"""The process ends soon though threads still wait for a provider."""

import signal
from pathlib import Path

import pytest

from tests.support.behaviours import SCRIPT
from tests.support.playground import Playground, remote, request, serving
from tests.support.provider import serving as providing

MODES = ("invoke", "batch", "stream")
LANES = 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_the_process_leaves_sync_methods_behind(tmp_path: Path, number: signal.Signals) -> None:
    with providing(SCRIPT) as provider, serving(tmp_path) as playground:
        runs = [_started(playground, provider.url, model, mode) for model in ("silent", "slow") for mode in MODES]
        runs += [playground.start({**request(fault="hang"), "mode": mode, "run_with": "sync"}) for mode in MODES]
        provider.wait_for(2 * (LANES + 2))
        assert playground.stop(number) < 5
        assert "Traceback" not in playground.output
    with serving(tmp_path) as again:
        assert {again.record(run)["status"] for run in runs} == {"interrupted"}


def _started(playground: Playground, url: str, model: str, mode: str) -> str:
    inputs = [{"topic": "ice cream"}] * (LANES + 2 if mode == "batch" else 1)
    asked = {**remote(url, model), "mode": mode, "inputs": inputs, "max_concurrency": LANES, "run_with": "sync"}
    return playground.start(asked)
