"""The real app as a process of its own, as `make run` starts it, with a data directory of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
START_S = 60.0
RUN_S = 30.0

_LEFT = 'WebSocketDisconnected: Cannot call "send" once a close message has been sent.'

Json = dict[str, Any]
"""What the API answers, read by tests only."""


class Playground:
    """A served app. `output` is what it has said on both of its streams."""

    def __init__(self, data_dir: Path, *, port: int = 0, environment: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self._lines: list[str] = []
        self._process = self._start(environment or {})
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._client = httpx.Client(base_url=self.url, timeout=10.0, trust_env=False)
        try:
            self._wait_until_it_serves()
        except AssertionError:
            self.kill()
            raise

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        return "".join(self._lines)

    @property
    def tracebacks(self) -> list[str]:
        """What it has said of its own failures.

        One of Streamlit's is not ours: it closes a socket twice whose page has left in that moment.
        """
        said = re.split(r"(?=Traceback \(most recent call last\))", self.output)[1:]
        return [traceback for traceback in said if _LEFT not in traceback]

    @property
    def pid(self) -> int:
        return self._process.pid

    def get(self, path: str) -> httpx.Response:
        return self._client.get(path)

    def start(self, request: Json) -> str:
        """Starts a run through the API and gives its id."""
        answer = self._client.post("/api/runs", json=request)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def end_run(self, run: str) -> None:
        """Stops a run."""
        self._client.post(f"/api/runs/{run}/stop").raise_for_status()

    def record(self, run: str) -> Json:
        answer = self._client.get(f"/api/runs/{run}")
        answer.raise_for_status()
        record: Json = answer.json()
        return record

    def item(self, run: str) -> Json:
        """The record of a run's first item."""
        item: Json = self.record(run)["items"][0]
        return item

    def events(self, run: str) -> list[Json]:
        """The events of a run, when it has ended."""
        lines = self._client.get(f"/api/runs/{run}/events", timeout=RUN_S).text.splitlines()
        return [json.loads(line[6:]) for line in lines if line.startswith('data: {"seq"')]

    def ended(self, run: str) -> Json:
        """The record of a run, as soon as it has ended."""
        wait_until(lambda: self.record(run)["status"] not in ("queued", "running"), within=RUN_S)
        return self.record(run)

    def until_text(self, run: str, characters: int) -> str:
        """The text of a run, as soon as it has so many characters."""
        wait_until(lambda: len(self.item(run)["text"]) >= characters)
        return str(self.item(run)["text"])

    def stop(self, number: int = signal.SIGTERM, *, within: float = 30.0) -> float:
        """Sends the signal and gives the seconds until the process has ended; fails when it stays longer."""
        began = time.perf_counter()
        self._process.send_signal(number)
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server still ran after {within} s:\n{self.output}") from None
        took = time.perf_counter() - began
        self._let_go()
        return took

    def kill(self) -> None:
        """Ends the process and whatever it has started, at once."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._let_go()

    def _start(self, environment: Mapping[str, str]) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
        where = ["--server.port", str(self.port), "--server.address", "127.0.0.1"]
        return subprocess.Popen(
            [*command, *where],
            cwd=ROOT,
            env={**_without_ours(), "OPENAI_API_KEY": "", "PLAYGROUND_DATA_DIR": str(self.data_dir), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def _read(self) -> None:
        assert self._process.stdout is not None
        self._lines.extend(iter(self._process.stdout.readline, ""))

    def _wait_until_it_serves(self) -> None:
        def serves() -> bool:
            assert self._process.poll() is None, f"the server ended:\n{self.output}"
            try:
                return self.get("/api/health").status_code == 200
            except httpx.TransportError:
                return False

        wait_until(serves, within=START_S, every=0.05)

    def _let_go(self) -> None:
        self._client.close()
        self._reader.join(5)
        if self._process.stdout is not None and not self._reader.is_alive():
            self._process.stdout.close()


@contextmanager
def serving(data_dir: Path, **environment: str) -> Iterator[Playground]:
    """A served app while the block runs; it may end it itself."""
    playground = Playground(data_dir, environment=environment)
    try:
        yield playground
    finally:
        playground.kill()


def request(*, mode: str = "stream", template: str = "Tell me a joke about {topic}", **parameters: object) -> Json:
    """The joke example for the simulated model with these parameters; by default at once."""
    pace = {"ttft_ms": 10, "tokens_per_second": 1_000, "jitter": 0}
    model = {"provider": "simulated", "model": "simulated", "parameters": {**pace, **parameters}}
    chain = {"name": "joke", "messages": [{"role": "human", "template": template}], "model": model}
    return {"chain": chain, "inputs": [{"topic": "ice cream"} if "{topic}" in template else {}], "mode": mode}


def branched(asked: Json, /, **templates: str) -> Json:
    """A request whose only messages are those of a branch for each template."""
    branches = [{"name": name, "messages": [{"role": "human", "template": text}]} for name, text in templates.items()]
    return {**asked, "chain": {**asked["chain"], "messages": [], "branches": branches}}


def remote(base_url: str, model: str, *, mode: str = "stream", **parameters: object) -> Json:
    """The joke example for a model of an OpenAI-compatible server."""
    spec = {"provider": "openai-compatible", "model": model, "base_url": base_url, "parameters": parameters}
    asked = request(mode=mode)
    asked["chain"]["model"] = spec
    return asked


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], bool], *, within: float = 10.0, every: float = 0.01) -> None:
    """Returns as soon as `condition` holds; fails when it does not `within` so many seconds."""
    until = time.perf_counter() + within
    while not condition():
        assert time.perf_counter() < until, f"it did not happen within {within} s"
        time.sleep(every)


def _without_ours() -> dict[str, str]:
    """The environment without what would change the app: keys, settings."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PLAYGROUND_", "OPENAI_", "STREAMLIT_", "LANGCHAIN_", "LANGSMITH_"))
    }
