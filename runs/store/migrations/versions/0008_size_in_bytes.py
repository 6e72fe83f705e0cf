"""What a run takes, in bytes in place of characters."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _recount("length(CAST({} AS BLOB))" if op.get_bind().dialect.name == "sqlite" else "octet_length({})")


def downgrade() -> None:
    _recount("length({})")


def _recount(size: str) -> None:
    lines = f"SELECT coalesce(sum({size.format('lines')}), 0) FROM segments WHERE segments.run = runs.id"
    op.execute(f"UPDATE runs SET size = {size.format('request')} + {size.format('prompt')} + ({lines})")
