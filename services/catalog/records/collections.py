"""The collections that SQL knows: which of them is searched, and which other one is written."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Mapping

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from domain.errors import FailedPrecondition, NotFound
from domain.types import ModelVersion
from services.catalog.records.facet_values import drop_facet_values
from services.catalog.sql.tables import CollectionRow, EmbeddingRow, PredictionRow
from services.catalog.sql.upsert import AnyRow, table_of
from services.catalog.vectors.collection import Collection, describe_version

SHARED = "*"
"""The tenant of a collection that all tenants share; every vector row in it still names its own."""

CURRENT = "items"
"""The alias of the collection that is searched."""

NEXT = "next"
"""The alias of the collection that is being filled for another embedder."""

PREVIOUS = "previous"
"""The alias of the collection that was searched before a swap."""

IS_CURRENT = (CollectionRow.tenant_id == SHARED) & (CollectionRow.alias == CURRENT)
"""True for the row of the collection that is searched."""

_EMBEDDING, _PREDICTION = table_of(EmbeddingRow), table_of(PredictionRow)
_COLLECTION = table_of(CollectionRow)
_ALIASES = select(_COLLECTION).where(_COLLECTION.c.tenant_id == SHARED, _COLLECTION.c.alias.is_not(None))


def register_collection(session: Session, collection: Collection, moment_us: int) -> None:
    """Add the collection where it is new or retired; later writes of its version are queued for it."""
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
    row.retire_us = None
    session.flush()


def read_collection(session: Session, name: str) -> Collection | None:
    """The collection of that name, unless it is retired."""
    in_use = (CollectionRow.name == name, CollectionRow.retire_us.is_(None))
    row = session.scalar(select(CollectionRow).where(*in_use))
    return None if row is None else _collection(row)


def read_collections(session: Session) -> list[Collection]:
    """All collections that are not retired, also those that only processes of another release write."""
    in_use = select(CollectionRow).where(CollectionRow.retire_us.is_(None))
    rows = session.scalars(in_use.order_by(CollectionRow.name))
    return [_collection(row) for row in rows]


def is_retired(session: Session, name: str) -> bool:
    """Whether a collection is written no more, but may still be in the vector store."""
    retired = (CollectionRow.name == name, CollectionRow.retire_us.is_not(None))
    return session.scalar(select(CollectionRow.name).where(*retired)) is not None


def read_retired(session: Session, before_us: int) -> list[Collection]:
    """The collections that were retired before a moment."""
    retired = select(CollectionRow).where(CollectionRow.retire_us < before_us)
    rows = session.scalars(retired.order_by(CollectionRow.name))
    return [_collection(row) for row in rows]


def read_aliases(session: Session) -> Mapping[str, Collection]:
    """The collections that are searched or written, by alias."""
    session.flush()  # queries of tables do not see what the session has not written yet
    return {row.alias: _collection(row) for row in session.execute(_ALIASES)}


def point_alias(session: Session, alias: str, collection: Collection) -> None:
    """Let an alias point to a registered collection, and to no other."""
    _move(session, {alias: collection.name})


def check_backfill(session: Session, version: ModelVersion) -> None:
    """Check that a collection of that version may be filled.

    Raises:
        FailedPrecondition: it is searched, or there is another one beside the one that is searched.
    """
    aliases = read_aliases(session)
    if aliases[CURRENT].version == version:
        raise FailedPrecondition(
            f"the catalogue searches with {describe_version(version)} already", reason="COLLECTION_LIVE"
        )
    other = _other(aliases)
    if other is not None and other[1].version != version:
        raise FailedPrecondition(
            f"there is a collection {other[1].name!r} of {describe_version(other[1].version)} beside the one "
            "that is searched: drop it first",
            reason="COLLECTION_EXISTS",
            metadata={"collection": other[1].name},
        )


def begin_collection(session: Session, collection: Collection) -> None:
    """Let new photos be written to a registered collection, too. Raises as `check_backfill`."""
    check_backfill(session, collection.version)
    if not is_written(session, collection.version):
        point_alias(session, NEXT, collection)


def is_written(session: Session, version: ModelVersion) -> bool:
    """Whether new photos are written to a collection of that version."""
    return any(found.version == version for found in read_aliases(session).values())


def swap_collections(session: Session, name: str) -> Collection | None:
    """Let searches go to the other collection, and keep the one before.

    Returns the collection that was searched before; None where that of this name is searched already.

    Raises:
        NotFound: there is no such collection beside the one that is searched.
    """
    aliases = read_aliases(session)
    current = aliases[CURRENT]
    if current.name == name:
        return None
    other = _other(aliases)
    if other is None or other[1].name != name:
        raise NotFound("collection", name)
    alias, _ = other
    _move(session, {CURRENT: name, (PREVIOUS if alias == NEXT else NEXT): current.name})
    return current


def drop_collection(session: Session, name: str, moment_us: int) -> Collection:
    """Retire the collection beside the one that is searched, with those of its version in other columns.

    Raises:
        NotFound: there is none of that name.
        FailedPrecondition: it is searched.
    """
    aliases = read_aliases(session)
    if aliases[CURRENT].name == name:
        raise FailedPrecondition(f"collection {name!r} is the one that is searched", reason="COLLECTION_LIVE")
    other = _other(aliases)
    if other is None or other[1].name != name:
        raise NotFound("collection", name)
    version = other[1].version
    session.execute(update(CollectionRow).where(*_of(version)).values(alias=None, retire_us=moment_us))
    return other[1]


def delete_version(session: Session, version: ModelVersion, max_rows: int) -> int:
    """Delete some embeddings of a version with their predictions, unless a collection is written with them.

    Returns how many.
    """
    written = (*_of(version), CollectionRow.retire_us.is_(None))
    if session.scalar(select(CollectionRow.name).where(*written).limit(1)) is not None:
        return 0
    query = (
        select(EmbeddingRow.tenant_id, EmbeddingRow.item_id)
        .where(
            EmbeddingRow.model_version == version.model_version,
            EmbeddingRow.preprocess_version == version.preprocess_version,
        )
        .limit(max_rows)
    )
    keys = session.execute(query).all()
    for tenant_id in {key.tenant_id for key in keys}:
        ids = [key.item_id for key in keys if key.tenant_id == tenant_id]
        for table in (_EMBEDDING, _PREDICTION):
            session.execute(
                delete(table).where(
                    table.c.tenant_id == tenant_id,
                    table.c.item_id.in_(ids),
                    table.c.model_version == version.model_version,
                    table.c.preprocess_version == version.preprocess_version,
                )
            )
    return len(keys)


def retire_collection(session: Session, name: str, moment_us: int) -> None:
    """Retire the collection of that name, unless an alias points to it."""
    _retire(session, CollectionRow.name == name, moment_us)


def retire_others(session: Session, names: Names[str], moment_us: int) -> None:
    """Retire all collections but those of some names, and those that an alias points to."""
    _retire(session, CollectionRow.name.not_in(names), moment_us)


def forget_collection(session: Session, name: str) -> None:
    """Remove a retired collection, which the vector store has dropped, with its facet values."""
    retired = (CollectionRow.name == name, CollectionRow.retire_us.is_not(None))
    gone = delete(CollectionRow).where(*retired).returning(CollectionRow.name)
    for forgotten in session.scalars(gone).all():
        drop_facet_values(session, forgotten)


def _retire(session: Session, which: ColumnElement[bool], moment_us: int) -> None:
    in_use = (CollectionRow.alias.is_(None), CollectionRow.retire_us.is_(None))
    session.execute(update(CollectionRow).where(which, *in_use).values(retire_us=moment_us))


def _of(version: ModelVersion) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        CollectionRow.model_version == version.model_version,
        CollectionRow.preprocess_version == version.preprocess_version,
    )


def _other(aliases: Mapping[str, Collection]) -> tuple[str, Collection] | None:
    """The collection that is written but not searched, with its alias."""
    return next(((alias, found) for alias, found in aliases.items() if alias != CURRENT), None)


def _move(session: Session, names: Mapping[str, str]) -> None:
    """Let each alias point to the collection of its name; an alias is unique at every moment."""
    rows = {row.name: row for row in session.scalars(select(CollectionRow).with_for_update())}
    for row in rows.values():
        if row.alias in names or row.name in names.values():
            row.alias = None
    session.flush()
    for alias, name in names.items():
        rows[name].alias, rows[name].retire_us = alias, None
    session.flush()


def _collection(row: CollectionRow | AnyRow) -> Collection:
    return Collection(row.name, ModelVersion(row.model_version, row.preprocess_version), row.width)
