"""Which photos have thumbnails: `ImageRow.thumbnail_us` is when they were made, or None.

It is negative while a process makes them: minus the moment at which another one may.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select, tuple_, update
from sqlalchemy.orm import Session

from services.catalog.sql.tables import ImageRow

_KEY = tuple_(ImageRow.tenant_id, ImageRow.id)


def has_due_photos(session: Session, moment_us: int) -> bool:
    """Whether there are photos without thumbnails that no process is making."""
    return session.scalar(select(ImageRow.id).where(_due(moment_us)).limit(1)) is not None


def claim_photos(session: Session, moment_us: int, until_us: int, most: int) -> list[tuple[str, str]]:
    """Take at most so many of them until a moment; (tenant, id) of each."""
    some = select(ImageRow.tenant_id, ImageRow.id).where(_due(moment_us)).limit(most)
    photos = [
        (tenant_id, image_id)
        for tenant_id, image_id in session.execute(some.with_for_update(skip_locked=True))
    ]
    session.execute(update(ImageRow).where(_KEY.in_(photos)).values(thumbnail_us=-until_us))
    return photos


def note_thumbnails(session: Session, photos: Sequence[tuple[str, str]], moment_us: int) -> None:
    """Note that the thumbnails of photos were made."""
    session.execute(update(ImageRow).where(_KEY.in_(photos)).values(thumbnail_us=moment_us))


def _due(moment_us: int) -> ColumnElement[bool]:
    left = and_(ImageRow.thumbnail_us < 0, ImageRow.thumbnail_us > -moment_us)
    return and_(ImageRow.delete_us.is_(None), or_(ImageRow.thumbnail_us.is_(None), left))
