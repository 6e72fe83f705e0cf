"""What an operator sets in the environment holds in the real app, and so does the configuration that is shipped."""

import tomllib
from pathlib import Path

import httpx

from tests.support.playground import ROOT, request, serving, wait_until


def test_hosts_database_and_limit_of_the_environment_hold(tmp_path: Path) -> None:
    data, database = tmp_path / "data", tmp_path / "elsewhere" / "runs.db"
    settings = {
        "PLAYGROUND_ALLOWED_HOSTS": "127.0.0.1,*.example.org",
        "PLAYGROUND_DATABASE_URL": f"sqlite:///{database}",
        "PLAYGROUND_MAX_STORED_MB": "0.01",
    }
    with serving(data, **settings) as playground:
        with httpx.Client(base_url=playground.url, trust_env=False) as client:
            status = {
                host: client.get("/api/health", headers={"Host": host}).status_code
                for host in ("127.0.0.1", "lab.example.org", "localhost", "example.com")
            }
        assert status == {"127.0.0.1": 200, "lab.example.org": 200, "localhost": 403, "example.com": 403}
        asked = request(min_tokens=100, max_tokens=100)
        first = playground.start(asked)
        assert playground.ended(first)["status"] == "done"
        later = [playground.ended(playground.start(asked))["id"] for _ in range(2)]
        wait_until(lambda: playground.get(f"/api/runs/{first}").status_code == 404)
        assert playground.record(later[-1])["status"] == "done"
    assert database.exists()
    assert list(data.glob("*.sqlite3")) == []


def test_the_shipped_configuration_makes_no_second_engine_by_watching_files() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert config["server"]["fileWatcherType"] == "none"
