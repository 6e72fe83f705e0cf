"""Snapshots in the database: documents behind links that are too long to hold them."""

import hashlib
import logging
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from runs.errors import NotKept, UnknownSnapshot
from runs.store.tables import SnapshotRow

MAX_CHARACTERS = 2_000_000
"""Of one snapshot."""
MOST = 20_000
MAX_STORED = 200_000_000
"""Characters of all snapshots; the oldest go."""

_Begin = Callable[[], AbstractContextManager[Session]]
_log = logging.getLogger(__name__)


class Snapshots:
    """The snapshots of a store. Every method is one transaction and may be called from any thread."""

    def __init__(self, reading: _Begin, writing: _Begin, clock: Callable[[], float] = time.time) -> None:
        self._reading, self._writing, self._clock = reading, writing, clock

    def keep(self, content: str) -> str:
        """Keeps a text and gives its id (128 random bits): that of before for the same text, which is the newest then.

        Raises `NotKept`.
        """
        if len(content) > MAX_CHARACTERS:
            raise NotKept
        try:
            with self._writing() as session:
                return self._kept(session, content)
        except SQLAlchemyError as error:
            _log.error("a snapshot was not kept: %s", error)
            raise NotKept from None

    def open(self, snapshot: str) -> str:
        """Raises `UnknownSnapshot`."""
        with self._reading() as session:
            row = session.get(SnapshotRow, snapshot)
            if row is None:
                raise UnknownSnapshot(snapshot)
            return row.content

    def _kept(self, session: Session, content: str) -> str:
        digest = hashlib.sha256(content.encode()).hexdigest()
        found = session.scalar(select(SnapshotRow).where(SnapshotRow.digest == digest))
        if found is not None:
            found.created = self._clock()
            return found.id
        made = SnapshotRow(id=secrets.token_urlsafe(16), digest=digest, created=self._clock(), content=content)
        made.size = len(content)
        session.add(made)
        session.flush()
        _prune(session)
        return made.id


def _prune(session: Session) -> None:
    total, size = session.execute(select(func.count(), func.sum(SnapshotRow.size))).one()
    oldest = session.execute(select(SnapshotRow.id, SnapshotRow.size).order_by(SnapshotRow.created))
    doomed: list[str] = []
    while total - len(doomed) > MOST or size > MAX_STORED:
        row = next(oldest)
        doomed.append(row.id)
        size -= row.size
    session.execute(delete(SnapshotRow).where(SnapshotRow.id.in_(doomed)))
