"""How the server starts: a setting that does not fit is named, and modules are asked for anew."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from server import routes
from tests.support.playground import ROOT, free_port


@pytest.mark.parametrize(
    ("variable", "value"), [("PLAYGROUND_MAX_STORED_MB", "abc"), ("PLAYGROUND_PROVIDERS", "no-such.toml")]
)
def test_a_setting_that_does_not_fit_ends_the_start_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    ended = _started(tmp_path, monkeypatch, variable, value)
    assert ended.returncode != 0
    assert f"A setting does not fit: {variable}" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("name", "key_variable", "word"), [("simulated", "", "simulated has the name"), ("lab", "OPENAI_API_KEY", "OPENAI")]
)
def test_an_endpoint_that_clashes_ends_the_start_and_names_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, key_variable: str, word: str
) -> None:
    file = tmp_path / "endpoints.toml"
    file.write_text(
        f'[[endpoint]]\nname = "{name}"\nbase_url = "http://lab.example/v1"\nkey_variable = "{key_variable}"\n'
    )
    ended = _started(tmp_path, monkeypatch, "PLAYGROUND_PROVIDERS", str(file))
    assert ended.returncode != 0
    assert f"A setting does not fit: PLAYGROUND_PROVIDERS={file}: the endpoint {name}" in ended.stderr
    assert word in ended.stderr
    assert "Traceback" not in ended.stderr


def _started(
    folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> "subprocess.CompletedProcess[str]":
    monkeypatch.setenv("PLAYGROUND_DATA_DIR", str(folder))
    monkeypatch.setenv(variable, value)
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(free_port())]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


async def test_a_browser_asks_for_a_module_anew_after_an_upgrade() -> None:
    transport = httpx.ASGITransport(Starlette(routes=routes("")))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", trust_env=False) as client:
        first = await client.get("/assets/run_key.js")
        again = await client.get("/assets/run_key.js", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert (first.headers["cache-control"], again.headers["cache-control"]) == ("no-cache", "no-cache")
