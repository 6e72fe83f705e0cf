"""The prompt as plain text, to be searched: the request's JSON holds names of fields, and escapes."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CHARACTERS = 20_000


def upgrade() -> None:
    op.add_column("runs", sa.Column("prompt", sa.Text(), nullable=False, server_default=""))
    runs = sa.table("runs", sa.column("id"), sa.column("request"), sa.column("prompt"), sa.column("size"))
    connection = op.get_bind()
    for run in connection.scalars(sa.select(runs.c.id)).all():
        request = str(connection.scalar(sa.select(runs.c.request).where(runs.c.id == run)))
        prompt = _prompt(json.loads(request))
        row = sa.update(runs).where(runs.c.id == run)
        connection.execute(row.values(prompt=prompt, size=runs.c.size + len(prompt)))


def downgrade() -> None:
    op.drop_column("runs", "prompt")


def _prompt(request: dict) -> str:  # type: ignore[type-arg]
    texts = [row["template"] for row in request["chain"]["messages"]]
    texts += [value for value in request["inputs"][0].values() if isinstance(value, str)]
    return "\n".join(texts).replace("\0", "")[:CHARACTERS]
