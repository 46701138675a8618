"""The outbox: which items' vector rows have to follow SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import BigInteger, String, delete, insert, literal, select
from sqlalchemy.orm import Session

from services.catalog.tables import CollectionRow, EmbeddingRow, OutboxRow

Op = Literal["upsert", "delete"]
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class ItemKey:
    """An item of a tenant."""

    tenant_id: str
    item_id: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Outbox rows of one collection, oldest first."""

    collection: str
    sequences: tuple[int, ...]
    items: tuple[ItemKey, ...]


def enqueue(session: Session, tenant_id: str, item_ids: Sequence[str], op: Op, moment_us: int) -> None:
    """Let every collection that holds a vector of one of the items follow."""
    versions = (CollectionRow.model_version == EmbeddingRow.model_version) & (
        CollectionRow.preprocess_version == EmbeddingRow.preprocess_version
    )
    for start in range(0, len(item_ids), _CHUNK):
        rows = (
            select(
                EmbeddingRow.tenant_id,
                CollectionRow.name,
                EmbeddingRow.item_id,
                literal(op, String),
                literal(moment_us, BigInteger),
            )
            .join(CollectionRow, versions)
            .where(
                EmbeddingRow.tenant_id == tenant_id,
                EmbeddingRow.item_id.in_(item_ids[start : start + _CHUNK]),
            )
        )
        columns = ["tenant_id", "collection", "item_id", "op", "create_us"]
        session.execute(insert(OutboxRow).from_select(columns, rows))


def enqueue_for(session: Session, collection: str, items: Sequence[ItemKey], op: Op, moment_us: int) -> None:
    """Let one collection follow."""
    rows = [
        {
            "tenant_id": item.tenant_id,
            "collection": collection,
            "item_id": item.item_id,
            "op": op,
            "create_us": moment_us,
        }
        for item in items
    ]
    if rows:
        session.execute(insert(OutboxRow), rows)


def read_batch(session: Session, max_rows: int) -> Batch | None:
    """The oldest rows, all of the collection that the very oldest names; None where there are none."""
    oldest = session.scalar(select(OutboxRow).order_by(OutboxRow.sequence).limit(1))
    if oldest is None:
        return None
    query = select(OutboxRow).where(OutboxRow.collection == oldest.collection)
    rows = session.scalars(query.order_by(OutboxRow.sequence).limit(max_rows)).all()
    items = dict.fromkeys(ItemKey(row.tenant_id, row.item_id) for row in rows)
    return Batch(oldest.collection, tuple(row.sequence for row in rows), tuple(items))


def delete_batch(session: Session, batch: Batch) -> None:
    """Remove exactly the rows of the batch; rows added since stay."""
    for start in range(0, len(batch.sequences), _CHUNK):
        chunk = batch.sequences[start : start + _CHUNK]
        session.execute(delete(OutboxRow).where(OutboxRow.sequence.in_(chunk)))


def waiting_items(session: Session, tenant_id: str, item_ids: Sequence[str], collection: str) -> set[str]:
    """Those of the items that the collection does not reflect yet."""
    found: set[str] = set()
    for start in range(0, len(item_ids), _CHUNK):
        query = select(OutboxRow.item_id).where(
            OutboxRow.tenant_id == tenant_id,
            OutboxRow.item_id.in_(item_ids[start : start + _CHUNK]),
            OutboxRow.collection == collection,
        )
        found |= set(session.scalars(query))
    return found


def waiting_keys(session: Session, collection: str) -> set[ItemKey]:
    """All items that wait for one collection."""
    query = select(OutboxRow.tenant_id, OutboxRow.item_id).where(OutboxRow.collection == collection)
    return {ItemKey(tenant_id, item_id) for tenant_id, item_id in session.execute(query)}
