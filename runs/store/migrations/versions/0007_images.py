"""Images of drafts, snapshots and saved chains, each kept once."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


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
    op.drop_table("image_uses")
    op.drop_table("images")
