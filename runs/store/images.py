"""Images in the database, read and written inside the transactions of what uses them.

One that stands in several versions, drafts and snapshots is kept once, and goes with the last of them. Whoever adds one
may meet another who adds or sweeps it at the same moment: SQLite lets one write after the other, PostgreSQL both.
"""

from collections.abc import Mapping, Sequence, Set
from typing import Literal

from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
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
    # In one order, or two who add the same ones wait for each other.
    new = sorted(missing - _known(session, missing))
    if new:
        rows = [{"digest": each, "size": len(images[each]), "uri": images[each]} for each in new]
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(insert(ImageRow).on_conflict_do_nothing(), rows)
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


def size(session: Session, kind: Kind, holders: Sequence[str] | Select[str] | None = None) -> int:
    """Characters of all images of a kind of holders, or of some of them, each counted once."""
    used = select(ImageUseRow.image).where(ImageUseRow.kind == kind)
    used = used if holders is None else used.where(ImageUseRow.holder.in_(holders))
    return session.scalar(select(func.sum(ImageRow.size)).where(ImageRow.digest.in_(used))) or 0


def holders(kind: Kind) -> Select[str]:
    """Those of a kind that have images."""
    return select(ImageUseRow.holder).where(ImageUseRow.kind == kind)


def forget(session: Session) -> None:
    """Lets go what belongs to holders that are there no more."""
    for kind, table in _HOLDERS:
        gone = ImageUseRow.kind == kind, ImageUseRow.holder.not_in(select(table.id))
        session.execute(delete(ImageUseRow).where(*gone))
    _sweep(session)


def _sweep(session: Session) -> None:
    try:
        with session.begin_nested():
            session.execute(delete(ImageRow).where(ImageRow.digest.not_in(select(ImageUseRow.image))))
    except IntegrityError:
        return  # Somebody else uses one of them since: the next sweep takes the others.


def _known(session: Session, digests: Set[str]) -> set[str]:
    """Those of them that are kept, which nobody sweeps before this transaction is over."""
    found = select(ImageRow.digest).where(ImageRow.digest.in_(digests)).order_by(ImageRow.digest)
    return {*session.scalars(found.with_for_update(read=True, key_share=True))}


def _digests(session: Session, kind: Kind, holder: str) -> set[str]:
    of_it = ImageUseRow.kind == kind, ImageUseRow.holder == holder
    return {*session.scalars(select(ImageUseRow.image).where(*of_it))}
