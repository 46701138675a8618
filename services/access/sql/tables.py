"""The tables of access. Times are microseconds since 1970."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class AccessTable(DeclarativeBase):
    """Base of all tables; constraints get predictable names, which migrations need."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        }
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
    """A tenant that was changed; see `Tenant`. `erase_us` is when its erasure began."""

    __tablename__ = "tenant"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    requests_per_minute: Mapped[int | None] = mapped_column(Integer)
    megapixels_per_minute: Mapped[int | None] = mapped_column(Integer)
    max_items: Mapped[int | None] = mapped_column(BigInteger)
    max_bytes: Mapped[int | None] = mapped_column(BigInteger)
    log_predictions: Mapped[bool | None] = mapped_column(Boolean)
    erase_us: Mapped[int | None] = mapped_column(BigInteger)


class TenantSettingsRow(AccessTable):
    """The settings of a tenant, as JSON; see `TenantSettings`."""

    __tablename__ = "tenant_settings"

    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    etag: Mapped[str] = mapped_column(String(16))
    settings: Mapped[str] = mapped_column(Text)


class UserRow(AccessTable):
    """A user; see `User`. `email_key` is what spellings of the address have in common."""

    __tablename__ = "user_account"
    __table_args__ = (
        Index(None, "email_key", unique=True),
        Index(None, "tenant_id", "create_us"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(800))
    display_name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    create_us: Mapped[int] = mapped_column(BigInteger)
    password_hash: Mapped[str] = mapped_column(Text)
    disable_us: Mapped[int | None] = mapped_column(BigInteger)
    last_sign_in_us: Mapped[int | None] = mapped_column(BigInteger)


class SessionRow(AccessTable):
    """A session of a user; see `services.access.session.Session`."""

    __tablename__ = "user_session"
    __table_args__ = (Index(None, "user_id"), Index(None, "expire_us"))

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey(UserRow.id))
    create_us: Mapped[int] = mapped_column(BigInteger)
    last_use_us: Mapped[int] = mapped_column(BigInteger)
    expire_us: Mapped[int] = mapped_column(BigInteger)


class UserTokenRow(AccessTable):
    """A token with which a user gets a password: an invitation or a reset, one of both at a time."""

    __tablename__ = "user_token"
    __table_args__ = (Index(None, "user_id"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey(UserRow.id))
    purpose: Mapped[str] = mapped_column(String(10))
    expire_us: Mapped[int] = mapped_column(BigInteger)
