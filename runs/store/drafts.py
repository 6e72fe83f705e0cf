"""Drafts in the database: what is on the form of each tab, of those who may open them again.

A browser is known by a secret of its own; the table has a hash of it. An id alone opens nothing.
"""

import hashlib
import logging
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from chains.documents.apart import Apart
from runs.draft import MAX_CHARACTERS, Draft, Place
from runs.errors import NotKept
from runs.store import images
from runs.store.tables import DraftRow

MOST = 20
"""Drafts of one browser; the oldest go."""
MAX_AGE_S = 90 * 86_400
MAX_SHARE = 50_000_000
"""Characters of all drafts of one browser with their images; its own oldest go, before those of others."""
MAX_STORED = 500_000_000
"""Characters of all drafts of all browsers with their images; the oldest go."""

_Begin = Callable[[], AbstractContextManager[Session]]
_log = logging.getLogger(__name__)


class Drafts:
    """The drafts of a store. Every method is one transaction and may be called from any thread."""

    def __init__(self, reading: _Begin, writing: _Begin, clock: Callable[[], float] = time.time) -> None:
        self._reading, self._writing, self._clock = reading, writing, clock

    def open(self, browser: str, draft: str) -> Draft | None:
        """A browser's draft by its id; None when this browser has no such draft."""
        return self._found(select(DraftRow).where(DraftRow.id == draft, DraftRow.browser == _hash(browser)))

    def latest(self, browser: str) -> Draft | None:
        """The draft that a browser changed last; None when it has none."""
        of_it = select(DraftRow).where(DraftRow.browser == _hash(browser))
        return self._found(of_it.order_by(DraftRow.updated.desc()).limit(1))

    def keep(self, browser: str, content: Apart, *, run: str, place: Place) -> Place:
        """Keeps what is on the form, and says where it is now.

        That is another place when `place` is none, or was changed by somebody else since: two tabs with one draft part.
        Who kept it last need not know of it: a script may be interrupted before it takes note. Raises `NotKept`.
        """
        if len(content.text) > MAX_CHARACTERS:
            raise NotKept
        values = {"updated": self._clock(), "run": run, "size": len(content.text), "content": content.text}
        try:
            with self._writing() as session:
                whose = _hash(browser)
                kept = _changed(session, whose, place, values) or _added(session, whose, place.writer, values)
                is_more = images.add(session, "draft", kept.id, content.images)
                images.keep_only(session, "draft", kept.id, content.images)
                if is_more or kept.revision == 1:
                    _prune(session, whose, self._clock() - MAX_AGE_S)
                return kept
        except SQLAlchemyError as error:
            _log.error("a draft was not kept: %s", error)
            raise NotKept from None

    def _found(self, wanted: Select[DraftRow]) -> Draft | None:
        with self._reading() as session:
            row = session.scalar(wanted)
            if row is None:
                return None
            content = images.filled(session, "draft", row.id, row.content)
            return Draft(Place(row.id, row.revision), content, row.run)


def _added(session: Session, browser: str, writer: str, values: dict[str, object]) -> Place:
    place = Place(secrets.token_urlsafe(16), 1, writer)
    session.add(DraftRow(id=place.id, browser=browser, revision=place.revision, writer=writer, **values))
    session.flush()
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
    images.forget(session)
    _bound(session, MAX_SHARE, DraftRow.browser == browser)
    _bound(session, MAX_STORED)


def _bound(session: Session, most: int, *of: ColumnElement[bool]) -> None:
    """Lets the oldest of some drafts go until they have `most` characters."""
    while _stored(session, *of) > most:
        oldest = select(DraftRow.id).where(*of).order_by(DraftRow.updated).limit(1)
        session.execute(delete(DraftRow).where(DraftRow.id == oldest.scalar_subquery()))
        images.forget(session)


def _stored(session: Session, *of: ColumnElement[bool]) -> int:
    texts = session.scalar(select(func.sum(DraftRow.size)).where(*of)) or 0
    return texts + images.size(session, "draft", select(DraftRow.id).where(*of))


def _hash(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()
