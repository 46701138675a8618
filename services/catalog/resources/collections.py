"""The collections of a catalogue: listed, filled for another embedder, swapped and dropped by operators."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from domain.clock import MICROSECONDS, now_us
from domain.errors import FailedPrecondition
from domain.types import ModelVersion, Principal
from services.audit.record import Change
from services.audit.trail import AuditTrail, Changed
from services.catalog.analyzer import Analyzer
from services.catalog.limits import check_rate, check_text
from services.catalog.records import collections as records
from services.catalog.records import outbox
from services.catalog.records.backfill import count_lacking
from services.catalog.records.operations import Operation, OperationKind, unfinished_operation
from services.catalog.records.searchable import count_live
from services.catalog.resources.operations import Operations
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection, describe_version
from services.sql.database import Database

_MAX_NAME_CHARS = 255
_WRITTEN_S = 10.0
_LIVE = "collections"


class CollectionRole(StrEnum):
    """What a collection is for. The names are its aliases in the database."""

    LIVE = records.CURRENT
    NEXT = records.NEXT
    PREVIOUS = records.PREVIOUS


@dataclass(frozen=True, slots=True)
class StoredCollection:
    """A collection as operators see it.

    Attributes:
        items: live items with an embedding of its version.
        lacking: live items of the searched collection that it has not.
        waiting: changes that are about to be written to it.
    """

    name: str
    role: CollectionRole
    version: ModelVersion
    width: int
    items: int
    lacking: int
    waiting: int


class Collections:
    """The calls on collections. They concern all tenants, so they are for those who run the server."""

    def __init__(
        self,
        database: Database,
        trail: AuditTrail,
        collections: OpenCollections,
        analyzer: Analyzer,
        operations: Operations,
    ) -> None:
        self._database = database
        self._trail = trail
        self._collections = collections
        self._analyzer = analyzer
        self._operations = operations

    async def list(self) -> list[StoredCollection]:
        """The collection that is searched, and the one beside it. Raises Unavailable."""
        await self._collections.searched()
        return await self._database.read(_read_all)

    async def start_backfill(
        self,
        principal: Principal,
        embedder: str = "",
        photos_per_s: float = 0.0,
        idempotency_key: str = "",
        *,
        swap: bool = False,
    ) -> Operation:
        """Fill a collection for a loaded embedder, by version or alias; "" is the default.

        Raises:
            InvalidInput: a field is invalid.
            FailedPrecondition: the embedder is not loaded, its collection is searched already, another
                collection is beside that one, or a back-fill is under way.
        """
        name = check_text("embedder_version", embedder, _MAX_NAME_CHARS)
        rate = check_rate("photos_per_second", photos_per_s)
        target = await self._analyzer.embedder(name or None, refresh=True)
        await self._collections.searched()
        await self._database.read(lambda session: records.check_backfill(session, target.version))
        running = await self._database.read(
            lambda session: unfinished_operation(
                session, principal.tenant_id, OperationKind.BACKFILL, idempotency_key
            )
        )
        if running:
            raise FailedPrecondition(
                f"operation {running!r} fills a collection already; watch it or cancel it",
                reason="BACKFILL_RUNNING",
                metadata={"operation_id": running},
            )
        request = {
            "model_version": target.version.model_version,
            "preprocess_version": target.version.preprocess_version,
            "width": target.width,
            "photos_per_s": rate,
            "swap": swap,
        }
        return await self._operations.start(principal, OperationKind.BACKFILL, request, idempotency_key)

    async def swap(
        self, principal: Principal, name: str, *, allow_lacking: bool = False
    ) -> Sequence[StoredCollection]:
        """Search the collection of that name from now on; the one before is still written.

        Where it is searched already, nothing changes.

        Raises:
            InvalidInput, NotFound: there is no such collection.
            FailedPrecondition: it lacks items, or rows have not been written for a while.
        """
        wanted = check_text("collection", name, _MAX_NAME_CHARS, required=True)
        await self._collections.searched()
        with suppress(TimeoutError):  # so that searches still find what was written just now
            async with asyncio.timeout(_WRITTEN_S):
                await self._collections.until_written(wanted)

        def swap(session: Session) -> Changed[None]:
            before = records.swap_collections(session, wanted)
            if before is None:
                return None, None
            after = records.read_aliases(session)[records.CURRENT]
            if not allow_lacking:
                _check_complete(session, after, before)
            change = Change(_LIVE, {"live": before.name}, {"live": after.name})
            return None, change

        await self._trail.write(principal, swap)
        await self._collections.follow()
        return await self.list()

    async def drop(self, principal: Principal, name: str) -> None:
        """Remove a collection that is not searched, with its embeddings.

        Raises:
            InvalidInput, NotFound: there is no such collection.
            FailedPrecondition: it is searched.
        """
        wanted = check_text("collection", name, _MAX_NAME_CHARS, required=True)
        await self._collections.searched()

        def drop(session: Session) -> Changed[None]:
            dropped = records.drop_collection(session, wanted, now_us())
            version = describe_version(dropped.version)
            return None, Change(f"collections/{dropped.name}", {"version": version}, {})

        await self._trail.write(principal, drop)
        await self._collections.follow()
        await asyncio.sleep(2 * self._collections.follow_s)  # until no process searches or writes it
        await self._collections.drop_retired()


def _check_complete(session: Session, wanted: Collection, searched: Collection) -> None:
    """Raises FailedPrecondition if searches would miss items after a swap."""
    lacking = count_lacking(session, wanted.version, searched.version)
    oldest_us = outbox.oldest_us(session, wanted.name)
    if lacking or (oldest_us is not None and now_us() - oldest_us > _WRITTEN_S * MICROSECONDS):
        what = f"{lacking} items of the collection that is searched" if lacking else "rows that wait"
        raise FailedPrecondition(
            f"collection {wanted.name!r} lacks {what}",
            reason="COLLECTION_INCOMPLETE",
            metadata={"lacking": str(lacking)},
        )


def _read_all(session: Session) -> list[StoredCollection]:
    aliases = records.read_aliases(session)
    searched = aliases[records.CURRENT].version
    return [
        StoredCollection(
            each.name,
            CollectionRole(alias),
            each.version,
            each.width,
            count_live(session, each.version, each.width),
            count_lacking(session, each.version, searched),
            outbox.count_waiting(session, each.name),
        )
        for alias, each in sorted(aliases.items(), key=lambda entry: entry[0] != records.CURRENT)
    ]
