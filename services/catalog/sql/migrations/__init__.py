"""Alembic migrations of the tables; a change of `tables.py` needs a new one in `versions/`."""
