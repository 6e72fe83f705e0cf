"""Opens the database: the connection's settings, and the migration to the newest schema."""

import logging
import sqlite3
import threading
from pathlib import Path
from typing import Any, cast

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url

MIGRATIONS = Path(__file__).parent / "migrations"
_migrating = threading.Lock()
BUSY_MS = 10_000
RECLAIMED_PAGES = 2_000
"""Given back at once, of 4 kB each: whoever writes waits so long."""

_log = logging.getLogger(__name__)


def open_database(url: str) -> Engine:
    """An engine on a database of the newest schema; makes the folder of an SQLite file."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, hide_parameters=True)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin)
    else:
        engine = create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    _migrate(writing(engine))
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write: in SQLite they take the write lock at once, others never do."""
    return engine.execution_options(writes=True)


def reclaim(engine: Engine) -> bool:
    """Gives the file system back some of what deleted rows took, and says whether there is more of it.

    A no-op elsewhere than SQLite. It may be left undone: what stands in its way is logged.
    """
    if engine.dialect.name != "sqlite":
        return False
    try:
        return _vacuum(engine)
    except sqlite3.Error:
        _log.warning("the space of deleted runs is not given back for now", exc_info=True)
        return False


def _vacuum(engine: Engine) -> bool:
    # Below SQLAlchemy: the statement must be stepped to its end, a page a step; only a script is.
    connection = engine.raw_connection()
    try:
        driver = cast(sqlite3.Connection, connection.driver_connection)
        before = _free_pages(driver)
        driver.executescript(f"PRAGMA incremental_vacuum({RECLAIMED_PAGES})")
        return 0 < _free_pages(driver) < before
    finally:
        connection.close()


def _free_pages(driver: sqlite3.Connection) -> int:
    return int(driver.execute("PRAGMA freelist_count").fetchone()[0])


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    # Alembic's operations are a global of the process: one migration at a time.
    with _migrating, engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _set_up_sqlite(connection: Any, record: object) -> None:
    # The driver must not begin by itself: a deferred begin fails at once where two processes read, then write.
    connection.isolation_level = None
    pragmas = [f"busy_timeout={BUSY_MS}", "synchronous=FULL", "foreign_keys=ON"]
    # These two stay in the file; setting them again would want a lock that a writer may hold.
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        pragmas += ["auto_vacuum=INCREMENTAL", "journal_mode=WAL"]
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")
