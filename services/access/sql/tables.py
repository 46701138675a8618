"""The tables of access. Times are microseconds since 1970."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class AccessTable(DeclarativeBase):
    """Base of all tables; constraints get predictable names, which migrations need."""

    metadata = MetaData(
        naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
    )


class ApiKeyRow(AccessTable):
    """A key; see `ApiKey`. `scopes` are names with commas between them."""

    __tablename__ = "api_key"
    __table_args__ = (Index(None, "tenant_id", "create_us"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100))
    scopes: Mapped[str] = mapped_column(String(200))
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    create_us: Mapped[int] = mapped_column(BigInteger)
    expire_us: Mapped[int | None] = mapped_column(BigInteger)
    revoke_us: Mapped[int | None] = mapped_column(BigInteger)
    last_use_us: Mapped[int | None] = mapped_column(BigInteger)
    old_digest: Mapped[bytes] = mapped_column(LargeBinary)
    old_until_us: Mapped[int] = mapped_column(BigInteger)


class TenantRow(AccessTable):
    """A tenant that was changed; see `Tenant`."""

    __tablename__ = "tenant"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    requests_per_minute: Mapped[int | None] = mapped_column(Integer)
    megapixels_per_minute: Mapped[int | None] = mapped_column(Integer)
    max_items: Mapped[int | None] = mapped_column(BigInteger)
    max_bytes: Mapped[int | None] = mapped_column(BigInteger)
