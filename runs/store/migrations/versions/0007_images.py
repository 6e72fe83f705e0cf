"""Images of drafts, snapshots and saved chains, each kept once."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NAMED = re.compile(r'\{"image": "([0-9a-f]{64})"\}')
_HOLDERS = (
    ("draft", "drafts", ("id",), "content"),
    ("snapshot", "snapshots", ("id",), "content"),
    ("chain", "chain_versions", ("chain", "number"), "document"),
)


def upgrade() -> None:
    op.create_table(
        "images",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
    )
    op.create_table(
        "image_uses",
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("holder", sa.String(32), primary_key=True),
        sa.Column("image", sa.String(64), sa.ForeignKey("images.digest"), primary_key=True),
    )
    op.create_index("ix_image_uses_image", "image_uses", ["image"])


def downgrade() -> None:
    for kind, table, key, text in _HOLDERS:
        _put_together(kind, sa.table(table, *map(sa.column, (*key, text))), key, text)
    for table in ("drafts", "snapshots"):
        op.execute(f"UPDATE {table} SET size = length(content)")
    op.drop_table("image_uses")
    op.drop_table("images")


def _put_together(kind: str, table: sa.TableClause, key: tuple[str, ...], text: str) -> None:
    """Puts the images of a kind of holders back into their texts, one text at a time."""
    database = op.get_bind()
    uses = sa.table("image_uses", *map(sa.column, ("kind", "holder", "image")))
    images = sa.table("images", *map(sa.column, ("digest", "uri")))
    holder, columns = table.c[key[0]], [table.c[name] for name in key]
    holding = sa.select(uses.c.holder).where(uses.c.kind == kind)
    for found in database.execute(sa.select(*columns).where(holder.in_(holding))).all():
        is_it = sa.and_(*(column == value for column, value in zip(columns, found, strict=True)))
        of_it = sa.select(images.c.digest, images.c.uri).join(uses, uses.c.image == images.c.digest)
        uris = {row[0]: row[1] for row in database.execute(of_it.where(uses.c.kind == kind, uses.c.holder == found[0]))}
        written = str(database.scalar(sa.select(table.c[text]).where(is_it)))
        database.execute(sa.update(table).where(is_it).values({text: _together(written, uris)}))


def _together(text: str, uris: dict[str, str]) -> str:
    return _NAMED.sub(lambda named: f'"{uris[named[1]]}"' if named[1] in uris else named[0], text)
