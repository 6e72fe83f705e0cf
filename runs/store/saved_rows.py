"""The rows of saved chains, read and written inside a transaction of `runs/store/library.py`."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from chains.documents.apart import Apart
from chains.documents.document import Document
from chains.files.chain_file import MAX_MESSAGE
from runs.errors import UnknownSaved
from runs.saved import About, Sought, Version
from runs.store import images
from runs.store.tables import ChainTagRow, ChainVersionRow, SavedChainRow


def chain_row(session: Session, chain: str) -> SavedChainRow:
    """Raises `UnknownSaved`."""
    row = session.get(SavedChainRow, chain)
    if row is None:
        raise UnknownSaved(chain)
    return row


def about(session: Session, row: SavedChainRow) -> About:
    """What is said of a chain."""
    return About(row.name, row.description, tags_of(session, [row.id]).get(row.id, ()))


def document_of(session: Session, chain: str, number: int) -> Document:
    """Raises `UnknownSaved`."""
    row = session.get(ChainVersionRow, (chain, number))
    if row is None:
        raise UnknownSaved(chain)
    return Document.model_validate_json(images.filled(session, "chain", chain, row.document))


def add_chain(session: Session, row: SavedChainRow, about: About) -> None:
    """Adds a chain that has yet to get its versions."""
    row.name, row.description = about.name, about.description
    session.add(row)
    session.flush()
    put_tags(session, row.id, about.tags)


def put_tags(session: Session, chain: str, tags: Sequence[str]) -> None:
    """Adds tags to a chain that has none."""
    session.add_all(ChainTagRow(chain=chain, tag=tag) for tag in tags)


def add_version(session: Session, chain: str, version: Version, document: Document, held: Apart) -> None:
    """Adds a version; `held` is its document as JSON, its images apart."""
    images.add(session, "chain", chain, held.images)
    session.add(
        ChainVersionRow(
            chain=chain,
            number=version.number,
            parent=version.parent,
            created=version.created,
            message=" ".join(version.message.replace("\0", "").split())[:MAX_MESSAGE],
            restored=version.restored,
            document=held.text,
            templates=_templates(document),
            size=version.size,
        )
    )


def tags_of(session: Session, chains: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The tags of chains, by chain; of one that has none nothing."""
    of_them = select(ChainTagRow.chain, ChainTagRow.tag).where(ChainTagRow.chain.in_(chains))
    found: dict[str, list[str]] = {}
    for chain, tag in session.execute(of_them):
        found.setdefault(chain, []).append(tag)
    return {chain: tuple(sorted(tags, key=str.casefold)) for chain, tags in found.items()}


def conditions(wanted: Sought) -> list[ColumnElement[bool]]:
    """What a row of `saved_chains` must be to be among those wanted."""
    of_chain = ChainTagRow.chain == SavedChainRow.id
    found: list[ColumnElement[bool]] = [exists().where(of_chain, ChainTagRow.tag == tag) for tag in wanted.tags]
    if wanted.text:
        texts = (SavedChainRow.name, SavedChainRow.description)
        said = [column.icontains(wanted.text, autoescape=True) for column in texts]
        tagged = exists().where(of_chain, ChainTagRow.tag.icontains(wanted.text, autoescape=True))
        at_head = and_(ChainVersionRow.chain == SavedChainRow.id, ChainVersionRow.number == SavedChainRow.head)
        written = exists().where(at_head, ChainVersionRow.templates.icontains(wanted.text, autoescape=True))
        found.append(or_(*said, tagged, written))
    return found


def _templates(document: Document) -> str:
    """The texts that a person wrote, also those of sections that are off; PostgreSQL takes no NUL."""
    written = [*(row.template for row in document.chain.rows), *(section.text for section in document.off)]
    return "\n".join(written).replace("\0", "")
