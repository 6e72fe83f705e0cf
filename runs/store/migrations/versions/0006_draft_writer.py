"""Who made the last change of a draft."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("writer", sa.String(32), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("drafts", "writer")
