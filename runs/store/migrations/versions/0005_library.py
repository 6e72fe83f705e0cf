"""Saved chains, their versions and their tags."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_chains",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("used", sa.Float(), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
    )
    op.create_index("saved_chains_used", "saved_chains", ["used"])
    op.create_table(
        "chain_tags",
        sa.Column("chain", sa.String(32), sa.ForeignKey("saved_chains.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("tag", sa.String(40), primary_key=True),
    )
    op.create_index("ix_chain_tags_tag", "chain_tags", ["tag"])
    op.create_table(
        "chain_versions",
        sa.Column("chain", sa.String(32), sa.ForeignKey("saved_chains.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("parent", sa.Integer(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("message", sa.String(500), nullable=False),
        sa.Column("restored", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("templates", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("chain_versions")
    op.drop_index("ix_chain_tags_tag", "chain_tags")
    op.drop_table("chain_tags")
    op.drop_index("saved_chains_used", "saved_chains")
    op.drop_table("saved_chains")
