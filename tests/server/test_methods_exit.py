"""The process ends soon though a thread still waits for a provider."""

import signal
from pathlib import Path

import pytest

from tests.support.behaviours import SCRIPT
from tests.support.playground import remote, request, serving
from tests.support.provider import serving as providing

MODES = pytest.mark.parametrize("mode", ["invoke", "batch", "stream"])


@MODES
@pytest.mark.parametrize("model", ["silent", "slow"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_the_process_leaves_sync_methods_behind(
    tmp_path: Path, mode: str, model: str, number: signal.Signals
) -> None:
    with providing(SCRIPT) as provider, serving(tmp_path) as playground:
        inputs = [{"topic": "ice cream"}] * (5 if mode == "batch" else 1)
        asked = {**remote(provider.url, model), "mode": mode, "inputs": inputs, "run_with": "sync"}
        run = playground.start(asked)
        provider.wait_for(3 if mode == "batch" else 1)
        assert playground.stop(number) < 5
        assert "Traceback" not in playground.output
    with serving(tmp_path) as again:
        assert again.record(run)["status"] == "interrupted"


@MODES
def test_a_simulated_model_that_hangs_in_a_thread_is_left_behind_too(tmp_path: Path, mode: str) -> None:
    with serving(tmp_path) as playground:
        run = playground.start({**request(fault="hang"), "mode": mode, "run_with": "sync"})
        assert playground.record(run)["status"] in ("queued", "running")
        assert playground.stop(signal.SIGTERM) < 5
