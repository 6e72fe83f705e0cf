"""Alembic's entry: migrates over the connection that `runs/store/database.py` hands it; logging stays as it is."""

from alembic import context

from runs.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
