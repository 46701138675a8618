"""The collections that SQL knows, and which of them is searched."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from domain.types import ModelVersion
from services.catalog.sql.tables import CollectionRow
from services.catalog.vectors.collection import Collection

SHARED = "*"
"""The tenant of a collection that all tenants share; every vector row in it still names its own."""

CURRENT = "items"
"""The alias of the collection that the served model searches."""

IS_CURRENT = (CollectionRow.tenant_id == SHARED) & (CollectionRow.alias == CURRENT)
"""True for the row of that collection, which the first model adds."""


def register_collection(session: Session, collection: Collection, moment_us: int) -> None:
    """Add the collection where it is new, and let the alias point to it."""
    current = (CollectionRow.tenant_id == SHARED, CollectionRow.alias == CURRENT)
    session.execute(
        update(CollectionRow).where(*current, CollectionRow.name != collection.name).values(alias=None)
    )
    row = session.get(CollectionRow, (SHARED, collection.name))
    if row is None:
        row = CollectionRow(
            tenant_id=SHARED,
            name=collection.name,
            model_version=collection.version.model_version,
            preprocess_version=collection.version.preprocess_version,
            width=collection.width,
            create_us=moment_us,
        )
        session.add(row)
    row.alias = CURRENT


def read_collection(session: Session, name: str) -> Collection | None:
    """The collection of that name."""
    row = session.scalar(select(CollectionRow).where(CollectionRow.name == name))
    return None if row is None else _collection(row)


def forget_collection(session: Session, name: str) -> None:
    """Remove the collection of that name, unless the alias points to it."""
    not_current = CollectionRow.alias.is_distinct_from(CURRENT)
    session.execute(delete(CollectionRow).where(CollectionRow.name == name, not_current))


def _collection(row: CollectionRow) -> Collection:
    return Collection(row.name, ModelVersion(row.model_version, row.preprocess_version), row.width)
