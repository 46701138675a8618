"""Uploads: photos that were announced, and may be used until they expire."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from domain.errors import NotFound
from services.catalog.sql.tables import UploadRow


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo that was announced; `sha256` is "" where it was not told."""

    id: str
    media_type: str
    size_bytes: int
    sha256: str
    expire_us: int


@dataclass(frozen=True, slots=True)
class OpenUploads:
    """How many uploads of a tenant may still be used, and the bytes that were announced for them."""

    count: int
    size_bytes: int


def insert_upload(session: Session, tenant_id: str, upload: Upload, moment_us: int) -> None:
    """Announce a photo."""
    session.add(
        UploadRow(
            tenant_id=tenant_id,
            id=upload.id,
            media_type=upload.media_type,
            size_bytes=upload.size_bytes,
            sha256=upload.sha256,
            create_us=moment_us,
            expire_us=upload.expire_us,
        )
    )


def read_upload(session: Session, tenant_id: str, upload_id: str, moment_us: int) -> Upload:
    """One upload.

    Raises:
        NotFound: this tenant has none of that id, or it has expired.
    """
    row = session.get(UploadRow, (tenant_id, upload_id))
    if row is None or row.expire_us <= moment_us:
        raise NotFound("upload", upload_id, "it was never announced, or has expired")
    return Upload(row.id, row.media_type, row.size_bytes, row.sha256, row.expire_us)


def read_open_uploads(session: Session, tenant_id: str, moment_us: int) -> OpenUploads:
    """The uploads of a tenant that have not expired."""
    query = select(func.count(), func.coalesce(func.sum(UploadRow.size_bytes), 0))
    count, size_bytes = session.execute(
        query.where(UploadRow.tenant_id == tenant_id, UploadRow.expire_us > moment_us)
    ).one()
    return OpenUploads(count, int(size_bytes))


def kept_uploads(session: Session, tenant_id: str, upload_ids: Collection[str]) -> set[str]:
    """The ids among these of uploads that have a row: their blobs are needed."""
    query = select(UploadRow.id).where(UploadRow.tenant_id == tenant_id, UploadRow.id.in_(upload_ids))
    return set(session.scalars(query))


def delete_expired_uploads(session: Session, moment_us: int) -> None:
    """Forget the uploads, of all tenants, that have expired."""
    session.execute(delete(UploadRow).where(UploadRow.expire_us <= moment_us))
