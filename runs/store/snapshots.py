"""Snapshots in the database: documents behind links that are too long to hold them."""

import hashlib
import logging
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from chains.documents.apart import Apart, apart
from runs.errors import NotKept, UnknownSnapshot
from runs.store import images
from runs.store.tables import SnapshotRow

MAX_CHARACTERS = 2_000_000
"""Of one snapshot, its images not counted."""
MOST = 20_000
MAX_STORED = 100_000_000
"""Characters of all snapshots without their images; the oldest go."""
MAX_IMAGES_STORED = 400_000_000
"""Characters of the images of all snapshots; the oldest of those that have any go, no other."""

_Begin = Callable[[], AbstractContextManager[Session]]
_log = logging.getLogger(__name__)


class Snapshots:
    """The snapshots of a store. Every method is one transaction and may be called from any thread."""

    def __init__(self, reading: _Begin, writing: _Begin, clock: Callable[[], float] = time.time) -> None:
        self._reading, self._writing, self._clock = reading, writing, clock

    def keep(self, content: str) -> str:
        """Keeps a JSON text and gives its id (128 random bits): that of before for the same text, which is the newest.

        Raises `NotKept`.
        """
        held = apart(content)
        if len(held.text) > MAX_CHARACTERS:
            raise NotKept
        try:
            with self._writing() as session:
                return self._kept(session, held)
        except SQLAlchemyError as error:
            _log.error("a snapshot was not kept: %s", error)
            raise NotKept from None

    def open(self, snapshot: str) -> str:
        """Raises `UnknownSnapshot`."""
        with self._reading() as session:
            row = session.get(SnapshotRow, snapshot)
            if row is None:
                raise UnknownSnapshot(snapshot)
            return images.filled(session, "snapshot", row.id, row.content)

    def _kept(self, session: Session, held: Apart) -> str:
        digest = hashlib.sha256(held.text.encode()).hexdigest()
        found = session.scalar(select(SnapshotRow).where(SnapshotRow.digest == digest))
        if found is not None:
            found.created = self._clock()
            return found.id
        made = SnapshotRow(id=secrets.token_urlsafe(16), digest=digest, created=self._clock(), content=held.text)
        made.size = len(held.text)
        session.add(made)
        session.flush()
        images.add(session, "snapshot", made.id, held.images)
        _prune(session)
        return made.id


def _prune(session: Session) -> None:
    while images.size(session, "snapshot") > MAX_IMAGES_STORED:
        _forget_oldest(session, SnapshotRow.id.in_(images.holders("snapshot")))
    while _is_over(session):
        _forget_oldest(session)


def _forget_oldest(session: Session, *of: ColumnElement[bool]) -> None:
    oldest = select(SnapshotRow.id).where(*of).order_by(SnapshotRow.created).limit(1)
    session.execute(delete(SnapshotRow).where(SnapshotRow.id == oldest.scalar_subquery()))
    images.forget(session)


def _is_over(session: Session) -> bool:
    total, size = session.execute(select(func.count(), func.sum(SnapshotRow.size)).select_from(SnapshotRow)).one()
    return total > MOST or (size or 0) > MAX_STORED
