"""The playground in a process of its own, with its own empty data."""

import time
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
        request = {
            "chain": {
                "name": "bench",
                "messages": [{"role": "human", "template": "Tell me a joke about {topic}"}],
                "template_format": "f-string",
                "model": {"provider": "openai-compatible", "model": model, "base_url": base_url, "parameters": {}},
                "parser": "text",
            },
            "inputs": [{"topic": "ice cream"}],
            "mode": mode,
        }
        answer = self.served.client.post("/api/runs", json=request)
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
