"""What is kept of runs: SQLite by default, through SQLAlchemy, migrated when it opens."""
