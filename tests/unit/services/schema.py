"""Compares the tables of a database with those that the code describes."""

from __future__ import annotations

import warnings
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData
from sqlalchemy.orm import Session

AUDIT = "audit_"
"""The beginning of the tables of audit records, which are in each database."""


def differences(session: Session, metadata: MetaData, version_table: str = "alembic_version") -> list[Any]:
    """What a database lacks, or has too much; tables of audit records count only where described."""
    audit = any(name.startswith(AUDIT) for name in metadata.tables)

    def include(name: str | None, kind: str, _parents: Any) -> bool:
        return kind != "table" or name is None or name.startswith(AUDIT) == audit

    options: dict[str, Any] = {"compare_type": True, "version_table": version_table, "include_name": include}
    context = MigrationContext.configure(session.connection(), opts=options)
    with warnings.catch_warnings():  # SQLite does not tell what an index of expressions holds
        warnings.filterwarnings("ignore", ".*expression-based index")
        return list(compare_metadata(context, metadata))
