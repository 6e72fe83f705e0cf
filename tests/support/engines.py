"""Engines on a store of their own, and waiting for their runs."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from pydantic import JsonValue

from chains.models.registry import Endpoint
from chains.spec import RunRequest
from runs.engine import Engine, Options
from runs.log import RunLog
from runs.store.database import MIGRATIONS


@contextmanager
def opened(folder: Path, *, max_stored: int = 1_000_000_000, endpoints: Sequence[Endpoint] = ()) -> Iterator[Engine]:
    """An engine on the SQLite file of `folder`, closed at the end."""
    engine = Engine(Options(store_at(folder), folder, max_stored=max_stored, endpoints=endpoints))
    try:
        yield engine
    finally:
        engine.close()


def age(folder: Path, revision: str) -> None:
    """Brings the store of `folder` back to the schema of a revision."""
    config, database = Config(), sa.create_engine(store_at(folder))
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()
    database.dispose()


def store_at(folder: Path) -> str:
    return f"sqlite:///{folder / 'playground.sqlite3'}"


def until(holds: Callable[[], bool], within: float = 10.0) -> None:
    """Waits until `holds`; fails when it does not within so many seconds."""
    deadline = time.perf_counter() + within
    while not holds():
        assert time.perf_counter() < deadline, "it did not come about"
        time.sleep(0.002)


def finish(engine: Engine, request: RunRequest, within: float = 10.0) -> RunLog:
    """Runs a request to its end."""
    log = engine.log(engine.start(request))
    until(lambda: log.ended, within)
    return log


def items(record: dict[str, JsonValue]) -> list[dict[str, JsonValue]]:
    found = record["items"]
    assert isinstance(found, list)
    return [item for item in found if isinstance(item, dict)]


def figures(item: dict[str, JsonValue]) -> dict[str, JsonValue]:
    found = item["metrics"]
    assert isinstance(found, dict)
    return found
