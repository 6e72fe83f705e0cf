"""Saved chains in the database: begun, saved, found, described, restored, deleted, written to a file and read back.

A version is never changed. Saving names the version that was edited: where another is the current one by now, nothing
is overwritten and the saved one stands beside it, until a person makes it the current one.
"""

import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from chains.document import Document
from chains.files.chain_file import MAX_VERSIONS, ChainFile, FileVersion
from chains.keepable import check_keepable
from chains.outcomes import Outcome, Refused
from runs.errors import HeadMoved, UnknownSaved
from runs.saved import About, Listed, Saved, SavedChain, Sought, Version, name_of
from runs.store import saved_rows as rows
from runs.store.tables import ChainTagRow, ChainVersionRow, SavedChainRow

MAX_SIZE = 20_000_000
"""Bytes of all documents of a chain, as JSON."""

_Begin = Callable[[], AbstractContextManager[Session]]
_VERSION = tuple(getattr(ChainVersionRow, name) for name in Version.__slots__)


class Library:
    """The saved chains of a store. Every method is one transaction and may be called from any thread."""

    def __init__(self, reading: _Begin, writing: _Begin, clock: Callable[[], float] = time.time) -> None:
        self._reading, self._writing, self._clock = reading, writing, clock

    def begin(self, about: About, document: Document, message: str = "") -> Saved:
        """Keeps a new chain with its first version. Raises `Refused` for a document that cannot be kept."""
        text, now = check_keepable(document), self._clock()
        chain, about = secrets.token_hex(16), about.cleaned()
        named = about if about.name else About(name_of(document), about.description, about.tags)
        with self._writing() as session:
            rows.add_chain(session, SavedChainRow(id=chain, created=now, used=now, head=1), named)
            rows.add_version(session, chain, Version(1, 0, now, message, 0, len(text.encode())), document, text)
        return Saved(chain, number=1, head=1)

    def save(self, chain: str, document: Document, *, base: int, message: str = "") -> Saved:
        """Keeps a version of a chain, made from version `base`; the current one if `base` was, else beside it.

        What is in `base` or in the current version to the letter is not kept twice. Raises `UnknownSaved`, and
        `Refused` for a document that cannot be kept and a chain that is full.
        """
        check_keepable(document)
        with self._writing() as session:
            row = rows.chain_row(session, chain)
            for same in (base, row.head):
                if rows.document_of(session, chain, same) == document:
                    return Saved(chain, same, row.head, is_new=False)
            return self._add(session, row, document, parent=base, message=message)

    def restore(self, chain: str, number: int) -> Saved:
        """Makes an old version's document the current one again, as a new version.

        Raises `UnknownSaved`, and `Refused` for a chain that is full.
        """
        with self._writing() as session:
            row, document = rows.chain_row(session, chain), rows.document_of(session, chain, number)
            if document == rows.document_of(session, chain, row.head):
                return Saved(chain, row.head, row.head, is_new=False)
            return self._add(session, row, document, parent=row.head, restored=number)

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
            row = rows.chain_row(session, chain)
            of_it = select(*_VERSION).where(ChainVersionRow.chain == chain).order_by(ChainVersionRow.number)
            versions = tuple(Version(*found) for found in session.execute(of_it))
            about = About(row.name, row.description, rows.tags_of(session, [chain]).get(chain, ()))
            return SavedChain(chain, about, row.created, row.used, row.head, versions)

    def document(self, chain: str, number: int) -> Document:
        """The document of a version. Raises `UnknownSaved`."""
        with self._reading() as session:
            return rows.document_of(session, chain, number)

    def note_used(self, chain: str) -> None:
        """Takes note that a chain was opened. Raises `UnknownSaved`."""
        with self._writing() as session:
            rows.chain_row(session, chain).used = self._clock()

    def describe(self, chain: str, about: About) -> None:
        """Gives a chain another name, description and tags; a blank name leaves the old one. Raises `UnknownSaved`."""
        cleaned = about.cleaned()
        with self._writing() as session:
            row = rows.chain_row(session, chain)
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
        found = self.open(chain)
        wanted = [version for version in found.versions if every or version.number == found.head]
        with self._reading() as session:
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
        texts = [check_keepable(version.document) for version in file.versions]
        if sum(len(text.encode()) for text in texts) > MAX_SIZE:
            raise _full()
        with self._writing() as session:
            rows.add_chain(session, SavedChainRow(id=chain, created=now, used=now, head=file.current), about)
            for version, text in zip(file.versions, texts, strict=True):
                rows.add_version(session, chain, _from_file(version, len(text.encode())), version.document, text)
        return chain

    def _add(
        self,
        session: Session,
        row: SavedChainRow,
        document: Document,
        *,
        parent: int,
        message: str = "",
        restored: int = 0,
    ) -> Saved:
        """Adds a version after the last; it is the current one if it was made from that."""
        text, now = check_keepable(document), self._clock()
        size = len(text.encode())
        of_it = select(func.count(), func.max(ChainVersionRow.number), func.sum(ChainVersionRow.size))
        count, last, kept = session.execute(of_it.where(ChainVersionRow.chain == row.id)).one()
        if count >= MAX_VERSIONS or kept + size > MAX_SIZE:
            raise _full()
        number = last + 1
        rows.add_version(session, row.id, Version(number, parent, now, message, restored, size), document, text)
        row.used = now
        row.head = number if row.head == parent else row.head
        return Saved(row.id, number, row.head)


def _full() -> Refused:
    values = {"versions": str(MAX_VERSIONS), "size": f"{MAX_SIZE // 1_000_000} MB"}
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
