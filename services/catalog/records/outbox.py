"""The outbox: items whose vector rows must be updated."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import BigInteger, String, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from services.catalog.sql.tables import CollectionRow, EmbeddingRow, OutboxRow
from services.catalog.sql.upsert import table_of

Op = Literal["upsert", "delete"]
_CHUNK = 500
_OUTBOX, _EMBEDDING, _COLLECTION = table_of(OutboxRow), table_of(EmbeddingRow), table_of(CollectionRow)
_ENQUEUE = insert(_OUTBOX).from_select(
    ["tenant_id", "collection", "item_id", "op", "create_us"],
    select(
        *(_EMBEDDING.c.tenant_id, _COLLECTION.c.name, _EMBEDDING.c.item_id),
        *(bindparam("op", type_=String), bindparam("moment_us", type_=BigInteger)),
    )
    .join_from(
        _EMBEDDING,
        _COLLECTION,
        (_COLLECTION.c.model_version == _EMBEDDING.c.model_version)
        & (_COLLECTION.c.preprocess_version == _EMBEDDING.c.preprocess_version)
        & _COLLECTION.c.retire_us.is_(None),
    )
    .where(
        _EMBEDDING.c.tenant_id == bindparam("tenant_id"),
        _EMBEDDING.c.item_id.in_(bindparam("item_ids", expanding=True)),
    ),
)
_OLDEST = (
    select(_OUTBOX)
    .where(
        _OUTBOX.c.collection
        == select(_OUTBOX.c.collection)
        .where(_OUTBOX.c.collection.not_in(bindparam("except_of", expanding=True)))
        .order_by(_OUTBOX.c.sequence)
        .limit(1)
        .scalar_subquery()
    )
    .order_by(_OUTBOX.c.sequence)
    .limit(bindparam("max_rows"))
)
_DELETE = delete(_OUTBOX).where(_OUTBOX.c.sequence.in_(bindparam("sequences", expanding=True)))


@dataclass(frozen=True, slots=True)
class ItemKey:
    """An item of a tenant."""

    tenant_id: str
    item_id: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Outbox rows of one collection, oldest first; the oldest was queued at `create_us`."""

    collection: str
    create_us: int
    sequences: tuple[int, ...]
    items: tuple[ItemKey, ...]


def enqueue(session: Session, tenant_id: str, item_ids: Sequence[str], op: Op, moment_us: int) -> None:
    """Queue the items for every collection that has a vector of them."""
    for start in range(0, len(item_ids), _CHUNK):
        chunk = item_ids[start : start + _CHUNK]
        values = {"tenant_id": tenant_id, "item_ids": chunk, "op": op, "moment_us": moment_us}
        session.execute(_ENQUEUE, values)


def enqueue_for(session: Session, collection: str, items: Sequence[ItemKey], op: Op, moment_us: int) -> None:
    """Queue items for one collection."""
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


def read_batch(session: Session, max_rows: int, except_of: Collection[str] = ()) -> Batch | None:
    """The oldest rows, all of the collection that the very oldest names; None where there are none.

    Rows of the collections `except_of` are passed over.
    """
    rows = session.execute(_OLDEST, {"max_rows": max_rows, "except_of": list(except_of)}).all()
    if not rows:
        return None
    items = dict.fromkeys(ItemKey(row.tenant_id, row.item_id) for row in rows)
    return Batch(rows[0].collection, rows[0].create_us, tuple(row.sequence for row in rows), tuple(items))


def delete_batch(session: Session, batch: Batch) -> None:
    """Remove exactly the rows of the batch; rows added since stay."""
    for start in range(0, len(batch.sequences), _CHUNK):
        chunk = batch.sequences[start : start + _CHUNK]
        session.execute(_DELETE, {"sequences": chunk})


def waiting_keys(session: Session, collection: str) -> set[ItemKey]:
    """All items that wait for one collection."""
    query = select(OutboxRow.tenant_id, OutboxRow.item_id).where(OutboxRow.collection == collection)
    return {ItemKey(tenant_id, item_id) for tenant_id, item_id in session.execute(query)}


def count_waiting(session: Session, collection: str) -> int:
    """How many rows wait for one collection."""
    query = select(func.count()).where(OutboxRow.collection == collection)
    return session.scalar(query) or 0


def oldest_us(session: Session, collection: str) -> int | None:
    """When the oldest row that waits for a collection was queued; None where none waits."""
    return session.scalar(select(func.min(OutboxRow.create_us)).where(OutboxRow.collection == collection))


def last_sequence(session: Session, collection: str) -> int:
    """The sequence of the newest row that waits for a collection; 0 where none waits."""
    query = select(func.max(OutboxRow.sequence)).where(OutboxRow.collection == collection)
    return session.scalar(query) or 0


def waits(session: Session, collection: str, sequence: int) -> bool:
    """Whether a row up to that sequence still waits for a collection."""
    of_collection = (OutboxRow.collection == collection, OutboxRow.sequence <= sequence)
    return session.scalar(select(OutboxRow.sequence).where(*of_collection).limit(1)) is not None


def is_empty(session: Session) -> bool:
    """Whether nothing waits for any collection."""
    return session.scalar(select(OutboxRow.sequence).limit(1)) is None
