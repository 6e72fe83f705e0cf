"""Images in the database, read and written inside the transactions of what uses them.

One that stands in several versions, drafts and snapshots is kept once, and goes with the last of them.
"""

from collections.abc import Mapping
from typing import Literal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from chains.documents.apart import named_in, together
from runs.store.tables import DraftRow, ImageRow, ImageUseRow, SavedChainRow, SnapshotRow

Kind = Literal["draft", "snapshot", "chain"]

_HOLDERS: tuple[tuple[Kind, type[DraftRow] | type[SnapshotRow] | type[SavedChainRow]], ...] = (
    ("draft", DraftRow),
    ("snapshot", SnapshotRow),
    ("chain", SavedChainRow),
)


def add(session: Session, kind: Kind, holder: str, images: Mapping[str, str]) -> bool:
    """Keeps images, by digest, for a holder beside those that it has; says whether it had not all of them."""
    missing = images.keys() - _digests(session, kind, holder)
    known = {*session.scalars(select(ImageRow.digest).where(ImageRow.digest.in_(missing)))}
    session.add_all(ImageRow(digest=each, size=len(images[each]), uri=images[each]) for each in missing - known)
    session.flush()
    session.add_all(ImageUseRow(kind=kind, holder=holder, image=each) for each in missing)
    session.flush()
    return bool(missing)


def keep_only(session: Session, kind: Kind, holder: str, images: Mapping[str, str]) -> None:
    """Lets a holder's other images go."""
    if gone := _digests(session, kind, holder) - images.keys():
        of_it = ImageUseRow.kind == kind, ImageUseRow.holder == holder
        session.execute(delete(ImageUseRow).where(*of_it, ImageUseRow.image.in_(gone)))
        _sweep(session)


def filled(session: Session, kind: Kind, holder: str, text: str) -> str:
    """A text of a holder with the images that it names."""
    named = named_in(text)
    if not named:
        return text
    of_it = ImageUseRow.kind == kind, ImageUseRow.holder == holder, ImageUseRow.image.in_(named)
    found = select(ImageRow.digest, ImageRow.uri).join(ImageUseRow).where(*of_it)
    return together(text, {row.digest: row.uri for row in session.execute(found)})


def size(session: Session, kind: Kind, holder: str = "") -> int:
    """Characters of all images of a kind of holders, or of one of them, each counted once."""
    used = select(ImageUseRow.image).where(ImageUseRow.kind == kind)
    used = used.where(ImageUseRow.holder == holder) if holder else used
    return session.scalar(select(func.sum(ImageRow.size)).where(ImageRow.digest.in_(used))) or 0


def forget(session: Session) -> None:
    """Lets go what belongs to holders that are there no more."""
    for kind, table in _HOLDERS:
        gone = ImageUseRow.kind == kind, ImageUseRow.holder.not_in(select(table.id))
        session.execute(delete(ImageUseRow).where(*gone))
    _sweep(session)


def _sweep(session: Session) -> None:
    session.execute(delete(ImageRow).where(ImageRow.digest.not_in(select(ImageUseRow.image))))


def _digests(session: Session, kind: Kind, holder: str) -> set[str]:
    of_it = ImageUseRow.kind == kind, ImageUseRow.holder == holder
    return {*session.scalars(select(ImageUseRow.image).where(*of_it))}
