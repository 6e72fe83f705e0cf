"""What is kept: migrated, listed, deleted, bounded, and written by several processes at once."""

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import runs.store.database
import runs.store.store
from chains.events import Chunk, Event, RunEnded, encode_short
from chains.spec import MessageSpec, RunRequest
from runs.conversation import Answer
from runs.errors import UnknownRun
from runs.record import summarise
from runs.store.database import RECLAIMED_PAGES, reclaim
from runs.store.filter import Filter
from runs.store.owners import Owner
from runs.store.store import Ending, Segment, Store, Summary
from runs.store.tables import Base
from tests.support.asked import request, simulated
from tests.support.engines import store_at
from tests.support.pictures import uri, weighing


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(store_at(tmp_path), tmp_path, summarise)
    yield made
    made.close()


def keep(
    store: Store,
    run: str,
    *,
    created: float = 0.0,
    status: str = "done",
    asked: RunRequest | None = None,
    size: int = 0,
) -> None:
    """A run of one chunk of `size` characters; without a status it is under way."""
    store.add(run, asked or request(simulated()), created)
    lines = [encode_short(Event(0, 1.5, Chunk(0, "text", "x" * size)))]
    endings = []
    if status:
        lines.append(encode_short(Event(1, 2.0, RunEnded("done"))))
        endings = [Ending(run, status, Summary("an answer", Answer("an answer", ttft_ms=1.5, e2e_ms=2.0, chunks=1)))]
    store.append([Segment(run, 0, lines)], endings)


def listed(store: Store, **wanted: str) -> list[str]:
    return [kept.id for kept in store.find(Filter(**wanted), limit=100)[0]]


def test_an_empty_file_is_migrated_to_the_newest_schema(store: Store, tmp_path: Path) -> None:
    engine = sa.create_engine(store_at(tmp_path))
    with engine.connect() as connection:
        assert set(sa.inspect(connection).get_table_names()) == {
            "runs",
            "segments",
            "conversations",
            "turns",
            "drafts",
            "images",
            "image_uses",
            "snapshots",
            "saved_chains",
            "chain_versions",
            "chain_tags",
            "alembic_version",
        }
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()


def test_migrating_leaves_the_loggers_of_the_process_alone(tmp_path: Path) -> None:
    import logging

    logger = logging.getLogger("somebody's")
    Store(store_at(tmp_path), tmp_path, summarise).close()
    assert not logger.disabled


def test_the_schema_is_that_of_the_tables(store: Store, tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = sa.create_engine(store_at(tmp_path))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_what_is_kept_survives_reopening(tmp_path: Path) -> None:
    first = Store(store_at(tmp_path), tmp_path, summarise)
    asked = request(simulated("{topic} 한글 \N{SNOWMAN}"), inputs=[{"topic": "x", "none": None, "list": [1.5, None]}])
    keep(first, "a", asked=asked, size=3)
    lines = first.lines("a")
    first.close()
    second = Store(store_at(tmp_path), tmp_path, summarise)
    assert (second.request("a"), second.lines("a")) == (asked, lines)
    second.close()


def test_the_newest_run_is_listed_first_and_pages_do_not_overlap(store: Store) -> None:
    for number in range(5):
        keep(store, f"run-{number}", created=number)
    pages = [store.find(Filter(), limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [[kept.id for kept in page] for page, _ in pages] == [["run-4", "run-3"], ["run-2", "run-1"], ["run-0"]]
    assert {total for _, total in pages} == {5}


def test_the_list_is_filtered_by_status_mode_provider_and_text(store: Store) -> None:
    keep(store, "a", status="failed")
    keep(store, "b", asked=request(simulated("Was kostet {topic}? 100%"), mode="batch"))
    keep(store, "c", status="")
    assert listed(store, status="failed") == ["a"]
    assert listed(store, status="running") == ["c"]
    assert listed(store, mode="batch") == ["b"]
    assert listed(store, provider="openai") == []
    assert listed(store, text="KOSTET") == ["b"]
    assert listed(store, text="100%") == ["b"]
    assert listed(store, text="%") == ["b"]
    assert sorted(listed(store, text="an answer")) == ["a", "b"]
    assert listed(store, text="kostet", status="failed") == []


def test_an_ended_run_is_deleted_and_a_running_one_is_not(store: Store) -> None:
    keep(store, "ended")
    keep(store, "running", status="")
    assert store.delete("ended")
    assert not store.delete("running")
    assert not store.delete("unknown")
    assert listed(store) == ["running"]
    with pytest.raises(UnknownRun):
        store.lines("ended")


def test_deleting_all_leaves_those_that_run(store: Store) -> None:
    for number in range(3):
        keep(store, f"ended-{number}")
    keep(store, "running", status="")
    assert store.delete_all() == 3
    assert listed(store) == ["running"]
    assert store.delete_all() == 0


def test_the_oldest_go_first_when_the_limit_is_passed_and_running_ones_stay(store: Store) -> None:
    for number in range(4):
        keep(store, f"run-{number}", created=number, size=10_000)
    keep(store, "running", created=-1, status="", size=10_000)
    assert not store.prune(10_000_000)
    assert len(listed(store)) == 5
    assert not store.prune(35_000)
    assert listed(store) == ["run-3", "run-2", "running"]
    while store.prune(0):
        pass
    assert listed(store) == ["running"]


def test_many_runs_over_the_limit_go_in_portions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs.store.store, "PORTION_RUNS", 2)
    for number in range(5):
        keep(store, f"run-{number}", created=number)
    left = []
    while store.prune(0):
        left.append(len(listed(store)))
    assert (left, listed(store)) == ([3, 1], [])


def test_large_runs_go_in_smaller_portions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs.store.store, "PORTION_BYTES", 15_000)
    for number in range(5):
        keep(store, f"run-{number}", created=number, size=10_000)
    assert store.prune(0)
    assert listed(store) == ["run-4", "run-3", "run-2"]


def test_what_is_kept_counts_bytes_also_what_an_older_version_counted(tmp_path: Path) -> None:
    first = Store(store_at(tmp_path), tmp_path, summarise)
    asked = request(simulated("무지개를 설명해 주세요 " * 100))
    line = encode_short(Event(0, 1.5, Chunk(0, "text", "비 온 뒤" * 100)))
    first.add("a", asked, 0.0)
    first.append([Segment("a", 0, [line])], [Ending("a", "done", Summary())])
    size = first.find(Filter(), limit=1)[0][0].size
    assert size > len(asked.model_dump_json(exclude_none=True).encode()) + len(line.encode())
    first.close()
    with sqlite3.connect(tmp_path / "playground.sqlite3") as old:
        old.execute("UPDATE runs SET size = length(request) + length(prompt)")
        old.execute("UPDATE alembic_version SET version_num = '0007'")
    old.close()
    second = Store(store_at(tmp_path), tmp_path, summarise)
    assert second.find(Filter(), limit=1)[0][0].size == size
    second.close()


def test_what_deleted_runs_took_is_given_back_to_the_file_system(store: Store, tmp_path: Path) -> None:
    for number in range(10):
        keep(store, f"run-{number}", size=1_000_000)
    with sa.create_engine(store_at(tmp_path)).connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        before = (tmp_path / "playground.sqlite3").stat().st_size
        store.delete_all()
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.engine.dispose()
    assert before > RECLAIMED_PAGES * 4_096
    assert (tmp_path / "playground.sqlite3").stat().st_size < 200_000


def test_a_lock_in_the_way_of_giving_space_back_is_logged_and_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runs.store.database, "BUSY_MS", 10)
    store = Store(store_at(tmp_path), tmp_path, summarise)
    keep(store, "a", size=1_000_000)
    writer = sqlite3.connect(tmp_path / "playground.sqlite3", isolation_level=None)

    def with_a_lock(engine: sa.Engine) -> bool:
        writer.execute("BEGIN IMMEDIATE")
        try:
            return reclaim(engine)
        finally:
            writer.execute("ROLLBACK")

    monkeypatch.setattr(runs.store.store, "reclaim", with_a_lock)
    assert store.delete("a")
    assert listed(store) == []
    assert "not given back" in caplog.text
    writer.close()
    store.close()


def test_events_and_endings_are_kept_all_or_not_at_all(store: Store) -> None:
    keep(store, "a", status="")
    line = encode_short(Event(1, 2.0, RunEnded("done")))
    with pytest.raises(sa.exc.IntegrityError):
        store.append([Segment("a", 1, [line]), Segment("unknown", 0, [line])], [Ending("a", "done", Summary())])
    assert len(store.lines("a")) == 1
    assert listed(store, status="running") == ["a"]


WRITER = """
import sys
from pathlib import Path
from tests.runs.test_store import write
write(Path(sys.argv[1]), sys.argv[2])
"""
RUNS, SEGMENTS = 10, 15


def write(folder: Path, name: str) -> None:
    """What each of two processes does: reads, then writes, with three threads."""
    store = Store(store_at(folder), folder, summarise)

    def work(part: int) -> None:
        for number in range(RUNS):
            run = f"{name}-{part}-{number}"
            store.add(run, request(simulated()), 0.0)
            for seq in range(SEGMENTS):
                assert len(store.lines(run)) == seq
                store.append([Segment(run, seq, [encode_short(Event(seq, float(seq), Chunk(0, "text", "x")))])])
            store.append([], [Ending(run, "done", Summary())])

    threads = [threading.Thread(target=work, args=(part,)) for part in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), name], cwd=root, stderr=subprocess.PIPE, text=True
        )
        for name in ("one", "two")
    ]
    assert [writer.communicate()[1] for writer in writers] == ["", ""]
    assert [writer.returncode for writer in writers] == [0, 0]
    store = Store(store_at(tmp_path), tmp_path, summarise)
    kept, total = store.find(Filter(status="done"), limit=1_000)
    assert total == 2 * 3 * RUNS
    assert {len(store.lines(run.id)) for run in kept} == {SEGMENTS}
    store.close()


def test_a_process_is_alive_until_its_lock_is_given_back_by_any_thread(tmp_path: Path) -> None:
    owner, other = Owner(tmp_path), Owner(tmp_path)
    assert other.is_alive(owner.id)
    closing = threading.Thread(target=owner.release)
    closing.start()
    closing.join()
    assert not other.is_alive(owner.id)
    assert not owner._lock.is_locked
    other.release()
    assert list(tmp_path.glob("*.lock")) == []


def test_reading_does_not_wait_for_who_writes(store: Store, tmp_path: Path) -> None:
    keep(store, "a")
    with sqlite3.connect(tmp_path / "playground.sqlite3", isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        began = time.perf_counter()
        assert (listed(store), len(store.lines("a")), store.has_ended("a")) == (["a"], 2, True)
        assert time.perf_counter() - began < 1
        writer.execute("ROLLBACK")
    writer.close()


def test_a_search_finds_a_prompt_as_it_was_typed_and_no_field_names(store: Store) -> None:
    keep(store, "a", asked=request(simulated('Say "{topic}"\nin two lines'), inputs=[{"topic": "the \\ snow"}]))
    found = {text: listed(store, text=text) for text in ('say "{', '"\nin two', "\\ snow", "human", "template")}
    assert found == {'say "{': ["a"], '"\nin two': ["a"], "\\ snow": ["a"], "human": [], "template": []}


def test_runs_of_an_older_schema_can_be_searched_by_their_prompt(tmp_path: Path) -> None:
    first = Store(store_at(tmp_path), tmp_path, summarise)
    keep(first, "old", asked=request(simulated('Say "{topic}"'), inputs=[{"topic": "snow"}]))
    size = first.find(Filter(), limit=1)[0][0].size
    first.close()
    with sqlite3.connect(tmp_path / "playground.sqlite3") as old:
        old.execute("UPDATE runs SET size = size - length(prompt)")
        old.execute("ALTER TABLE runs DROP COLUMN prompt")
        later = set(Base.metadata.tables) - {"runs", "segments"}
        old.executescript("".join(f"DROP TABLE {table};" for table in later))
        old.execute("UPDATE alembic_version SET version_num = '0001'")
    old.close()
    second = Store(store_at(tmp_path), tmp_path, summarise)
    assert (listed(second, text='say "{'), listed(second, text="snow")) == (["old"], ["old"])
    assert second.find(Filter(), limit=1)[0][0].size == size
    second.close()


def test_an_error_of_the_database_prints_no_prompt(store: Store) -> None:
    store.add("a", request(simulated("a secret prompt")), 0.0)
    with pytest.raises(sa.exc.IntegrityError) as error:
        store.add("a", request(simulated("a secret prompt")), 0.0)
    assert "secret" not in str(error.value)


def test_what_is_kept_counts_the_images_and_is_not_searched_for_them(store: Store) -> None:
    large = uri(weighing(1_000_000))
    row = MessageSpec(role="human", template="Look", images=(large,))
    keep(store, "pictured", asked=request(simulated().model_copy(update={"messages": (row,)})))
    assert store.request("pictured").chain.messages == (row,)
    assert listed(store, text="base64") == []
    store.prune(2 * len(large))
    assert listed(store) == ["pictured"]
    store.prune(len(large))
    assert listed(store) == []
