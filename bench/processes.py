"""Processes that a benchmark starts, each on a port of its own, and what they cost."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]

ROOT = Path(__file__).parent.parent
POLL_S = 0.01


@dataclass(slots=True)
class Served:
    """A Python process that serves HTTP on loopback."""

    process: subprocess.Popen[bytes]
    port: int
    client: httpx.Client
    log: Path

    @classmethod
    def start(
        cls, arguments: Sequence[str], *, log: Path, environment: Mapping[str, str] | None = None, port: int = 0
    ) -> "Served":
        """Runs `python {arguments}`, with `{port}` filled in, from the root of the repository."""
        port = port or free_port()
        command = [sys.executable, *(argument.replace("{port}", str(port)) for argument in arguments)]
        with log.open("ab") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **(environment or {})}, stdout=output, stderr=output
            )
        return cls(process, port, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False), log)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait(self, path: str, within_s: float = 60.0) -> "Served":
        """Returns once `path` is answered with 200. Raises `RuntimeError` when the process ends, `TimeoutError`."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"a server ended with {self.process.returncode}; its log is {self.log}")
            try:
                if self.client.get(path).status_code == 200:
                    return self
            except httpx.TransportError:
                pass
            time.sleep(POLL_S)
        raise TimeoutError(f"{self.url}{path} did not answer")

    def cpu_s(self) -> float:
        """Seconds of CPU that the process has used so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    def rss_mb(self) -> float:
        return float(psutil.Process(self.process.pid).memory_info().rss / 1e6)

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
