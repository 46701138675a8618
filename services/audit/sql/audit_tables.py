"""The tables of audit records, which are in each database whose changes are recorded."""

from __future__ import annotations

from pathlib import Path

from services.audit.sql.tables import AuditTable
from services.sql.migrations import Migrations

VERSION_TABLE = "audit_version"
"""Not that of the other tables in the same database."""
MIGRATIONS = Migrations(Path(__file__).parent / "migrations", AuditTable.metadata, VERSION_TABLE)
