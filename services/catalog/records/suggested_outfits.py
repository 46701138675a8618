"""The outfits that end users were shown lately, as hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.catalog.sql.tables import SuggestedOutfitRow
from services.catalog.sql.upsert import table_of, upsert_rows

MAX_OUTFITS = 500
"""Of an end user; the oldest go first."""
_SUGGESTED = table_of(SuggestedOutfitRow)


def outfit_digest(item_ids: Iterable[str]) -> str:
    """A hash of a set of items, in whatever order."""
    return hashlib.sha256(" ".join(sorted(item_ids)).encode()).hexdigest()[:32]


def remember_outfits(
    session: Session, tenant_id: str, end_user: str, digests: Collection[str], moment_us: int
) -> None:
    """An end user was shown these outfits at a moment."""
    key = {"tenant_id": tenant_id, "end_user": end_user, "suggest_us": moment_us}
    # always in this order, or two transactions could wait for each other
    upsert_rows(session, SuggestedOutfitRow, [key | {"digest": digest} for digest in sorted(set(digests))])
    of_user = (_SUGGESTED.c.tenant_id == tenant_id, _SUGGESTED.c.end_user == end_user)
    newest = select(_SUGGESTED.c.suggest_us, _SUGGESTED.c.digest).where(*of_user)
    order = (_SUGGESTED.c.suggest_us.desc(), _SUGGESTED.c.digest)
    kept_from = newest.order_by(*order).offset(MAX_OUTFITS).with_only_columns(_SUGGESTED.c.digest)
    too_many = session.scalars(kept_from).all()
    session.execute(delete(_SUGGESTED).where(*of_user, _SUGGESTED.c.digest.in_(too_many)))


def recent_outfits(session: Session, tenant_id: str, end_user: str, since_us: int) -> frozenset[str]:
    """The digests of the outfits that an end user was shown since a moment."""
    query = select(SuggestedOutfitRow.digest).where(
        SuggestedOutfitRow.tenant_id == tenant_id,
        SuggestedOutfitRow.end_user == end_user,
        SuggestedOutfitRow.suggest_us >= since_us,
    )
    return frozenset(session.scalars(query))


def forget_outfits(session: Session, tenant_id: str, end_user: str) -> None:
    """An end user may be shown every outfit again."""
    of_user = (_SUGGESTED.c.tenant_id == tenant_id, _SUGGESTED.c.end_user == end_user)
    session.execute(delete(_SUGGESTED).where(*of_user))


def purge_outfits(session: Session, before_us: int, most: int) -> int:
    """Remove at most so many that end users of all tenants were shown before a moment; returns how many."""
    columns = tuple(_SUGGESTED.primary_key.columns)
    keys = session.execute(select(*columns).where(_SUGGESTED.c.suggest_us < before_us).limit(most)).all()
    for key in keys:
        of_row = [column == value for column, value in zip(columns, key, strict=True)]
        result: Any = delete(_SUGGESTED).where(*of_row)
        session.execute(result)
    return len(keys)
