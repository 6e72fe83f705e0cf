"""The playground in a process of its own, with its own empty data."""

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench.processes import POLL_S, Served

COMMAND = ["-m", "streamlit", "run", "streamlit_app.py", "--server.port", "{port}", "--server.address", "127.0.0.1"]


@dataclass(frozen=True, slots=True)
class Playground:
    """The served app, spoken to as a program would."""

    served: Served

    @classmethod
    def start(cls, data: Path, port: int = 0) -> "Playground":
        """Starts it and returns at once; `wait` returns when it answers."""
        data.mkdir(parents=True, exist_ok=True)
        environment = {"PLAYGROUND_DATA_DIR": str(data / "data"), "PLAYGROUND_ALLOWED_HOSTS": "127.0.0.1"}
        return cls(Served.start(COMMAND, log=data / "playground.log", environment=environment, port=port))

    def wait(self) -> "Playground":
        self.served.wait("/api/health")
        return self

    def run(self, base_url: str, model: str, mode: str = "stream") -> str:
        """Starts a run of the only prompt that a benchmark needs, and returns its id."""
        return self._start(base_url, model, {"inputs": [{"topic": "ice cream"}], "mode": mode})

    def batch(self, base_url: str, model: str, *, count: int, at_once: int) -> str:
        """Starts a batch of that prompt, and returns its id."""
        inputs = [{"topic": f"topic {n}"} for n in range(count)]
        return self._start(base_url, model, {"inputs": inputs, "mode": "batch", "max_concurrency": at_once})

    def statuses(self, run: str) -> Counter[str]:
        """How many items of a run have which status, by its record."""
        record = self.served.client.get(f"/api/runs/{run}", timeout=120).json()
        return Counter(item["status"] for item in record["items"])

    def _start(self, base_url: str, model: str, asked: dict[str, object]) -> str:
        chain = {
            "name": "bench",
            "messages": [{"role": "human", "template": "Tell me a joke about {topic}"}],
            "template_format": "f-string",
            "model": {"provider": "openai-compatible", "model": model, "base_url": base_url, "parameters": {}},
            "parser": "text",
        }
        answer = self.served.client.post("/api/runs", json={"chain": chain, **asked})
        answer.raise_for_status()
        return str(answer.json()["id"])

    def stop_run(self, run: str) -> None:
        self.served.client.post(f"/api/runs/{run}/stop").raise_for_status()

    def ended(self, run: str, within_s: float = 60.0) -> None:
        """Returns once the run has ended. Raises `TimeoutError`."""
        until = time.monotonic() + within_s
        while self.served.client.get(f"/api/runs/{run}").json()["status"] in ("queued", "running"):
            if time.monotonic() > until:
                raise TimeoutError(f"run {run} did not end")
            time.sleep(POLL_S)
