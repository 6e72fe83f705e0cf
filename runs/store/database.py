"""Opens the database: the connection's settings, and the migration to the newest schema."""

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


def reclaim(engine: Engine) -> None:
    """Gives the file system back what deleted rows took; a no-op elsewhere than SQLite."""
    if engine.dialect.name == "sqlite":
        # Below SQLAlchemy: the statement must be stepped to its end, a page a step; only a script is.
        connection = engine.raw_connection()
        try:
            cast(sqlite3.Connection, connection.driver_connection).executescript("PRAGMA incremental_vacuum")
        finally:
            connection.close()


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
