"""A process that ends in the middle of a run: what came is kept, and the run is listed as interrupted."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runs.record import state_of
from runs.store.filter import Filter
from tests.support.asked import remote, request, slow
from tests.support.engines import items, opened, until
from tests.support.provider import Provider

ROOT = Path(__file__).parents[2]


@contextmanager
def running(folder: Path, seconds: float = 60.0) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.support.interrupted", str(folder), str(seconds)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def watched(process: "subprocess.Popen[str]", seconds: float) -> tuple[str, list[tuple[float, int]]]:
    """The run's id, and ms since it began with the characters of its text, line by line."""
    assert process.stdout is not None
    run = process.stdout.readline().strip()
    seen: list[tuple[float, int]] = []
    while not seen or seen[-1][0] < seconds * 1_000:
        at, characters = process.stdout.readline().split()
        seen.append((float(at), int(characters)))
    return run, seen


def test_after_kill_9_a_run_is_interrupted_with_all_but_half_a_second_of_its_text(tmp_path: Path) -> None:
    with running(tmp_path) as process:
        run, seen = watched(process, 2.0)
        process.kill()
        process.wait()
        with opened(tmp_path) as engine:
            (kept,), _ = engine.find(Filter(status="interrupted"), limit=10)
            record = engine.record(run)
    assert kept.id == run
    assert (record["status"], items(record)[0]["status"]) == ("interrupted", "interrupted")
    killed = seen[-1][0]
    due = max(characters for at, characters in seen if at <= killed - 500)
    assert due > 1_000
    assert len(str(items(record)[0]["text"])) >= due
    assert kept.preview


def test_an_interrupted_run_can_be_deleted_and_its_log_ends(tmp_path: Path) -> None:
    with running(tmp_path) as process:
        run, _ = watched(process, 0.5)
        process.kill()
        process.wait()
    with opened(tmp_path) as engine:
        assert state_of(engine.log(run).events).status == "interrupted"
        engine.delete(run)
        assert engine.find(Filter(), limit=10)[1] == 0


def test_the_runs_of_another_live_process_are_left_alone(tmp_path: Path) -> None:
    with running(tmp_path) as process:
        run, _ = watched(process, 0.6)
        with opened(tmp_path) as engine:
            (kept,), _ = engine.find(Filter(), limit=10)
            assert (kept.id, kept.status) == (run, "running")
            assert not engine.has_ended(run)
            seen = len(engine.log(run).events)
            until(lambda: len(engine.log(run).events) > seen)


def test_closing_the_engine_keeps_all_the_text_as_interrupted(tmp_path: Path) -> None:
    with opened(tmp_path) as engine:
        runs = [engine.start(request(slow(ttft_ms=0))) for _ in range(5)]
        logs = [engine.log(run) for run in runs]
        until(lambda: all(len(log.events) > 30 for log in logs))
        engine.close()
        texts = [state_of(log.events).items[0].text for log in logs]
    with opened(tmp_path) as engine:
        records = [engine.record(run) for run in runs]
    assert [record["status"] for record in records] == ["interrupted"] * 5
    assert [items(record)[0]["text"] for record in records] == texts
    assert all(texts)


def test_closing_the_engine_closes_the_providers_connections_at_once(tmp_path: Path, provider: Provider) -> None:
    with opened(tmp_path) as engine:
        for model in ("silent", "endless"):
            engine.start(request(remote(provider.url, model), inputs=[{}]))
        provider.wait_for(2)
        began = time.perf_counter()
        engine.close()
        assert time.perf_counter() - began < 2
    assert max(asked.closing(began) for asked in provider.requests) < 0.5


def test_closing_in_the_middle_of_a_flush_writes_no_event_twice(tmp_path: Path) -> None:
    for _ in range(5):
        with opened(tmp_path) as engine:
            logs = [engine.log(engine.start(request(slow(ttft_ms=0, tokens_per_second=5_000)))) for _ in range(10)]
            until(lambda logs=logs: all(len(log.events) > 100 for log in logs))  # type: ignore[misc]
            engine._keeper.hurry()
        with opened(tmp_path) as engine:
            assert [engine.log(log.run).events for log in logs] == [log.events for log in logs]
