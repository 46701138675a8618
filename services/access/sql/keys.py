"""Keys in SQL; every function runs in its caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select, text, tuple_, update
from sqlalchemy.orm import Session

from domain.types import Scope
from services.access.api_key import ApiKey
from services.access.sql.tables import ApiKeyRow


def lock_keys(session: Session) -> None:
    """Let nobody else add or change a key until the transaction ends; readers go on."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time
        session.execute(text("LOCK TABLE api_key IN SHARE ROW EXCLUSIVE MODE"))


def insert_key(session: Session, key: ApiKey) -> None:
    """Add a key."""
    session.add(
        ApiKeyRow(
            id=key.id,
            tenant_id=key.tenant_id,
            name=key.name,
            scopes=",".join(sorted(scope.value for scope in key.scopes)),
            digest=key.digest,
            create_us=key.create_us,
            expire_us=key.expire_us,
            revoke_us=key.revoke_us,
            last_use_us=key.last_use_us,
            old_digest=key.old_digest,
            old_until_us=key.old_until_us,
        )
    )


def read_all_keys(session: Session) -> list[ApiKey]:
    """All keys, revoked and expired ones, too."""
    return [_key(row) for row in session.scalars(select(ApiKeyRow))]


def read_key(session: Session, key_id: str, tenants: Sequence[str] | None) -> ApiKey | None:
    """A key of one of the tenants; `tenants` is None for those of all."""
    row = session.get(ApiKeyRow, key_id)
    return _key(row) if row is not None and (tenants is None or row.tenant_id in tenants) else None


def list_keys(
    session: Session, tenants: Sequence[str] | None, size: int, before: tuple[int, str] | None
) -> list[ApiKey]:
    """At most `size` keys, newest first, which were made before the key with this time and id."""
    wanted = select(ApiKeyRow).order_by(ApiKeyRow.create_us.desc(), ApiKeyRow.id.desc()).limit(size)
    if tenants is not None:
        wanted = wanted.where(ApiKeyRow.tenant_id.in_(tenants))
    if before is not None:
        wanted = wanted.where(tuple_(ApiKeyRow.create_us, ApiKeyRow.id) < tuple_(*before))
    return [_key(row) for row in session.scalars(wanted)]


def rotate_key(session: Session, key: ApiKey, digest: bytes, old_until_us: int) -> None:
    """Give a key another secret; the one of before works until `old_until_us`."""
    values = {"digest": digest, "old_digest": key.digest, "old_until_us": old_until_us}
    session.execute(update(ApiKeyRow).where(ApiKeyRow.id == key.id).values(values))


def revoke_key(session: Session, key_id: str, moment_us: int) -> None:
    """Revoke a key, unless it is revoked."""
    session.execute(
        update(ApiKeyRow)
        .where(ApiKeyRow.id == key_id, ApiKeyRow.revoke_us.is_(None))
        .values(revoke_us=moment_us)
    )


def write_last_uses(session: Session, uses: Mapping[str, int]) -> None:
    """Note when keys were used last."""
    for key_id, moment_us in uses.items():
        session.execute(update(ApiKeyRow).where(ApiKeyRow.id == key_id).values(last_use_us=moment_us))


def _key(row: ApiKeyRow) -> ApiKey:
    return ApiKey(
        row.id,
        row.tenant_id,
        row.name,
        _scopes(row.scopes.split(",")),
        row.digest,
        row.create_us,
        row.expire_us,
        row.revoke_us,
        row.last_use_us,
        row.old_digest,
        row.old_until_us,
    )


def _scopes(names: Iterable[str]) -> frozenset[Scope]:
    return frozenset(Scope(name) for name in names if name)
