"""Alembic runs these steps."""
