"""Saved chains in the database: begun, saved, found, described, restored, deleted, written to a file and read back.

A version is never changed. Saving names the version that was edited: where another is the current one by now, nothing
is overwritten and the saved one stands beside it, until a person makes it the current one.
"""

import logging
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from chains.documents.apart import Apart, apart
from chains.documents.document import Document
from chains.documents.keepable import check_keepable
from chains.files.chain_file import MAX_VERSIONS, ChainFile, FileVersion
from chains.outcomes import Outcome, Refused
from runs.errors import AboutMoved, HeadMoved, UnknownSaved
from runs.saved import About, Listed, Saved, SavedChain, Sought, Version, name_of
from runs.store import images
from runs.store import saved_rows as rows
from runs.store.tables import ChainTagRow, ChainVersionRow, SavedChainRow

MAX_SIZE = 20_000_000
"""Characters of all documents of a chain, as JSON without their images."""
MAX_IMAGES_SIZE = 100_000_000
"""Characters of the images of all versions of a chain, each counted once."""

_Begin = Callable[[], AbstractContextManager[Session]]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Written:
    """A document as it is kept: as JSON, its images apart; `size` is its bytes with them."""

    document: Document
    held: Apart
    size: int


_VERSION = tuple(getattr(ChainVersionRow, name) for name in Version.__slots__)


class Library:
    """The saved chains of a store. Every method is one transaction and may be called from any thread."""

    def __init__(self, reading: _Begin, writing: _Begin, clock: Callable[[], float] = time.time) -> None:
        self._reading, self._writing, self._clock = reading, writing, clock

    def begin(self, about: About, document: Document, message: str = "") -> Saved:
        """Keeps a new chain with its first version. Raises `Refused` for a document that cannot be kept."""
        written, now = _written(document), self._clock()
        chain, about = secrets.token_hex(16), about.cleaned()
        named = about if about.name else About(name_of(document), about.description, about.tags)
        with self._keeping() as session:
            rows.add_chain(session, SavedChainRow(id=chain, created=now, used=now, head=1), named)
            rows.add_version(session, chain, Version(1, 0, now, message, 0, written.size), document, written.held)
        return Saved(chain, number=1, head=1)

    def save(self, chain: str, document: Document, *, base: int, message: str = "") -> Saved:
        """Keeps a version of a chain, made from version `base`; the current one if `base` was, else beside it.

        What is in `base` or in the current version to the letter is not kept twice. Raises `UnknownSaved`, and
        `Refused` for a document that cannot be kept and a chain that is full.
        """
        written = _written(document)
        with self._keeping() as session:
            row = rows.chain_row(session, chain)
            for same in (base, row.head):
                if rows.document_of(session, chain, same) == document:
                    return Saved(chain, same, row.head, is_new=False)
            return self._add(session, row, written, parent=base, message=message)

    def restore(self, chain: str, number: int, *, instead_of: int) -> Saved:
        """Makes an old version's document the current one again, as a new version.

        Raises `UnknownSaved`, `HeadMoved` if `instead_of` is the current one no more, and `Refused` for a chain that is
        full.
        """
        with self._keeping() as session:
            row, document = rows.chain_row(session, chain), rows.document_of(session, chain, number)
            if row.head != instead_of:
                raise HeadMoved(chain)
            if document == rows.document_of(session, chain, row.head):
                return Saved(chain, row.head, row.head, is_new=False)
            return self._add(session, row, _written(document), parent=row.head, restored=number)

    def make_current(self, chain: str, number: int, *, instead_of: int) -> None:
        """Makes a version the current one. Raises `UnknownSaved`, and `HeadMoved` if `instead_of` is that no more."""
        with self._writing() as session:
            row = rows.chain_row(session, chain)
            if session.get(ChainVersionRow, (chain, number)) is None:
                raise UnknownSaved(chain)
            if row.head not in (instead_of, number):
                raise HeadMoved(chain)
            row.head, row.used = number, self._clock()

    def open(self, chain: str) -> SavedChain:
        """A chain with its versions, without their documents. Raises `UnknownSaved`."""
        with self._reading() as session:
            return _open(session, chain)

    def document(self, chain: str, number: int) -> Document:
        """The document of a version. Raises `UnknownSaved`."""
        with self._reading() as session:
            return rows.document_of(session, chain, number)

    def note_used(self, chain: str) -> None:
        """Takes note that a chain was opened. Raises `UnknownSaved`."""
        with self._writing() as session:
            rows.chain_row(session, chain).used = self._clock()

    def describe(self, chain: str, about: About, *, instead_of: About) -> None:
        """Gives a chain another name, description and tags; a blank name leaves the old one.

        Raises `UnknownSaved`, and `AboutMoved` if `instead_of` is what is said of it no more.
        """
        cleaned = about.cleaned()
        with self._writing() as session:
            row = rows.chain_row(session, chain)
            if rows.about(session, row) != instead_of:
                raise AboutMoved(chain)
            row.name, row.description = cleaned.name or row.name, cleaned.description
            session.execute(delete(ChainTagRow).where(ChainTagRow.chain == chain))
            rows.put_tags(session, chain, cleaned.tags)

    def delete(self, chain: str) -> None:
        """Forgets a chain with all its versions; runs stay. Raises `UnknownSaved`."""
        with self._writing() as session:
            rows.chain_row(session, chain)
            session.execute(delete(ChainTagRow).where(ChainTagRow.chain == chain))
            session.execute(delete(ChainVersionRow).where(ChainVersionRow.chain == chain))
            session.execute(delete(SavedChainRow).where(SavedChainRow.id == chain))
            images.forget(session)

    def tags(self) -> list[str]:
        """Every tag that a chain has."""
        with self._reading() as session:
            return list(session.scalars(select(ChainTagRow.tag).distinct().order_by(ChainTagRow.tag)))

    def find(self, wanted: Sought, *, limit: int, offset: int = 0) -> tuple[list[Listed], int]:
        """Those wanted, the last used first, and how many there are in all."""
        conditions = rows.conditions(wanted)
        count = select(func.count()).where(ChainVersionRow.chain == SavedChainRow.id).scalar_subquery()
        listed = select(SavedChainRow, count).where(*conditions).order_by(SavedChainRow.used.desc(), SavedChainRow.id)
        with self._reading() as session:
            found = session.execute(listed.limit(limit).offset(offset)).all()
            tags = rows.tags_of(session, [row.id for row, _count in found])
            listed_rows = [
                Listed(row.id, About(row.name, row.description, tags.get(row.id, ())), row.used, versions)
                for row, versions in found
            ]
            total = session.scalar(select(func.count()).select_from(SavedChainRow).where(*conditions))
        return listed_rows, total or 0

    def file(self, chain: str, *, every: bool) -> ChainFile:
        """A chain for a file, with its current version alone or with `every` one. Raises `UnknownSaved`."""
        with self._reading() as session:
            found = _open(session, chain)
            wanted = [version for version in found.versions if every or version.number == found.head]
            versions = [
                _to_file(version, rows.document_of(session, chain, version.number), every) for version in wanted
            ]
        about = found.about
        return ChainFile(
            name=about.name,
            description=about.description,
            tags=about.tags,
            current=found.head,
            versions=tuple(versions),
        )

    def take(self, file: ChainFile) -> str:
        """Keeps what a file holds as a chain of its own, and gives its id. Raises `Refused` as `begin` does."""
        chain, now = secrets.token_hex(16), self._clock()
        about = About(file.name, file.description, file.tags).cleaned()
        every = [_written(version.document) for version in file.versions]
        with self._keeping() as session:
            rows.add_chain(session, SavedChainRow(id=chain, created=now, used=now, head=file.current), about)
            for version, written in zip(file.versions, every, strict=True):
                rows.add_version(session, chain, _from_file(version, written.size), version.document, written.held)
            _check_room(session, chain)
        return chain

    @contextmanager
    def _keeping(self) -> Iterator[Session]:
        """A transaction that keeps documents. Raises `Refused` where the database does not take them."""
        try:
            with self._writing() as session:
                yield session
        except SQLAlchemyError as error:
            _log.error("a chain was not saved: %s", error)
            raise Refused(Outcome("not_saved")) from None

    def _add(
        self,
        session: Session,
        row: SavedChainRow,
        written: _Written,
        *,
        parent: int,
        message: str = "",
        restored: int = 0,
    ) -> Saved:
        """Adds a version after the last; it is the current one if it was made from that."""
        last = session.scalar(select(func.max(ChainVersionRow.number)).where(ChainVersionRow.chain == row.id)) or 0
        number, now = last + 1, self._clock()
        version = Version(number, parent, now, message, restored, written.size)
        rows.add_version(session, row.id, version, written.document, written.held)
        _check_room(session, row.id)
        row.used = now
        row.head = number if row.head == parent else row.head
        return Saved(row.id, number, row.head)


def _written(document: Document) -> _Written:
    """Raises `Refused` for a document that cannot be kept."""
    text = check_keepable(document)
    return _Written(document, apart(text), len(text.encode()))


def _open(session: Session, chain: str) -> SavedChain:
    row = rows.chain_row(session, chain)
    of_it = select(*_VERSION).where(ChainVersionRow.chain == chain).order_by(ChainVersionRow.number)
    versions = tuple(Version(*found) for found in session.execute(of_it))
    return SavedChain(chain, rows.about(session, row), row.created, row.used, row.head, versions)


def _check_room(session: Session, chain: str) -> None:
    """Raises `Refused` for a chain that holds more than it may by now; the transaction is to be given up then."""
    session.flush()
    held = select(func.count(), func.sum(func.length(ChainVersionRow.document)))
    count, size = session.execute(held.where(ChainVersionRow.chain == chain)).one()
    if count > MAX_VERSIONS or size > MAX_SIZE or images.size(session, "chain", [chain]) > MAX_IMAGES_SIZE:
        raise _full()


def _full() -> Refused:
    values = {"versions": str(MAX_VERSIONS), "size": f"{MAX_SIZE // 1_000_000} MB"}
    values["images"] = f"{MAX_IMAGES_SIZE // 1_000_000} MB"
    return Refused(Outcome("too_many_versions", values))


def _to_file(version: Version, document: Document, every: bool) -> FileVersion:
    return FileVersion(
        number=version.number,
        parent=(version.parent or None) if every else None,
        created=datetime.fromtimestamp(version.created, UTC),
        message=version.message,
        restores=(version.restored or None) if every else None,
        document=document,
    )


def _from_file(version: FileVersion, size: int) -> Version:
    made_from, restored = version.parent or 0, version.restores or 0
    return Version(version.number, made_from, version.created.timestamp(), version.message, restored, size)
