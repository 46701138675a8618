"""The table of audit records. Times are microseconds since 1970."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Index, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class AuditTable(DeclarativeBase):
    """Base of all tables; constraints get predictable names, which migrations need."""

    metadata = MetaData(
        naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
    )


class AuditRecordRow(AuditTable):
    """A record; see `AuditRecord`. Its key is in the order of time: rows come and go at the ends."""

    __tablename__ = "audit_record"
    __table_args__ = (Index(None, "tenant_id", "time_us"), {"sqlite_with_rowid": False})

    time_us: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(200))
    end_user: Mapped[str] = mapped_column(String(128))
    action: Mapped[str] = mapped_column(String(100))
    resource: Mapped[str] = mapped_column(String(300))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    request_id: Mapped[str] = mapped_column(String(64))
