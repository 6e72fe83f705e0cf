"""Drafts in the database: what is on the form of each tab, of those who may open them again.

A browser is known by a secret of its own; the table has a hash of it. An id alone opens nothing.
"""

import hashlib
import logging
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from runs.draft import MAX_CHARACTERS, Draft, Place
from runs.errors import NotKept
from runs.store.tables import DraftRow

MOST = 20
"""Drafts of one browser; the oldest go."""
MAX_AGE_S = 90 * 86_400
MAX_STORED = 200_000_000
"""Characters of all drafts of all browsers; the oldest go."""

_Begin = Callable[[], AbstractContextManager[Session]]
_log = logging.getLogger(__name__)


class Drafts:
    """The drafts of a store. Every method is one transaction and may be called from any thread."""

    def __init__(self, reading: _Begin, writing: _Begin, clock: Callable[[], float] = time.time) -> None:
        self._reading, self._writing, self._clock = reading, writing, clock

    def open(self, browser: str, draft: str) -> Draft | None:
        """A browser's draft by its id; None when this browser has no such draft."""
        with self._reading() as session:
            of_it = select(DraftRow).where(DraftRow.id == draft, DraftRow.browser == _hash(browser))
            return _draft(session.scalar(of_it))

    def latest(self, browser: str) -> Draft | None:
        """The draft that a browser changed last; None when it has none."""
        of_it = select(DraftRow).where(DraftRow.browser == _hash(browser)).order_by(DraftRow.updated.desc()).limit(1)
        with self._reading() as session:
            return _draft(session.scalar(of_it))

    def keep(self, browser: str, content: str, *, run: str, place: Place) -> Place:
        """Keeps what is on the form, and says where it is now.

        That is another place when `place` is none, or was changed by somebody else since: two tabs with one draft part.
        Who kept it last need not know of it: a script may be interrupted before it takes note. Raises `NotKept`.
        """
        if len(content) > MAX_CHARACTERS:
            raise NotKept
        values = {"updated": self._clock(), "run": run, "size": len(content), "content": content}
        try:
            with self._writing() as session:
                whose = _hash(browser)
                return _changed(session, whose, place, values) or self._added(session, whose, place.writer, values)
        except SQLAlchemyError as error:
            _log.error("a draft was not kept: %s", error)
            raise NotKept from None

    def _added(self, session: Session, browser: str, writer: str, values: dict[str, object]) -> Place:
        place = Place(secrets.token_urlsafe(16), 1, writer)
        session.add(DraftRow(id=place.id, browser=browser, revision=place.revision, writer=writer, **values))
        session.flush()
        _prune(session, browser, self._clock() - MAX_AGE_S)
        return place


def _changed(session: Session, browser: str, place: Place, values: dict[str, object]) -> Place | None:
    is_as_left = and_(DraftRow.id == place.id, DraftRow.revision == place.revision)
    is_mine = and_(DraftRow.writer == place.writer, DraftRow.writer != "")
    changed = (
        update(DraftRow)
        .where(DraftRow.browser == browser, or_(is_as_left, is_mine))
        .values(revision=DraftRow.revision + 1, writer=place.writer, **values)
        .returning(DraftRow.id, DraftRow.revision)
    )
    found = session.execute(changed).first()
    return Place(found.id, found.revision, place.writer) if found else None


def _prune(session: Session, browser: str, before: float) -> None:
    newest = select(DraftRow.id).where(DraftRow.browser == browser).order_by(DraftRow.updated.desc()).limit(MOST)
    session.execute(delete(DraftRow).where(DraftRow.browser == browser, DraftRow.id.not_in(newest)))
    session.execute(delete(DraftRow).where(DraftRow.updated < before))
    over = (session.scalar(select(func.sum(DraftRow.size))) or 0) - MAX_STORED
    while over > 0:
        oldest = session.execute(select(DraftRow.id, DraftRow.size).order_by(DraftRow.updated).limit(1)).one()
        session.execute(delete(DraftRow).where(DraftRow.id == oldest.id))
        over -= oldest.size


def _draft(row: DraftRow | None) -> Draft | None:
    return Draft(Place(row.id, row.revision), row.content, row.run) if row else None


def _hash(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()
