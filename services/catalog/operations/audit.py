"""Audits: what the database, the vector store and the blob store hold, and where they differ."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import Unavailable
from services.catalog.blobs.store import BlobStore, crop_key, is_thumbnail, original_key, owner_of
from services.catalog.operations.run import OperationRun
from services.catalog.records import outbox
from services.catalog.records.audited import (
    audited_tenants,
    deleted_pictures,
    index_again,
    live_pictures,
)
from services.catalog.records.items import live_revisions
from services.catalog.records.operations import OperationProgress
from services.catalog.sync.open_collections import OpenCollections
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.index import VectorIndex
from services.catalog.vectors.row import RowKey
from services.sql.database import Database

_LOG = logging.getLogger(__name__)
_LOOKS = 5
_PAUSE_S = 1.0
_SHOWN = 100
PROBLEMS = ("lost", "doubled", "stale", "orphaned")

AuditObserver: TypeAlias = Callable[[Mapping[str, int]], None]
"""Called after an audit of all tenants, with the number of differences by problem."""


def observe_nothing(_counts: Mapping[str, int]) -> None:
    """An `AuditObserver` that does nothing."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A difference.

    Attributes:
        problem: "lost", "doubled", "stale" or "orphaned".
        store: "vectors" or "blobs".
        id: the item's, or the picture's key.
        collection: the name of that of the vector; "" of a picture.
    """

    problem: str
    store: str
    tenant: str
    id: str
    collection: str = ""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What the stores hold, and how many differences there are of each kind."""

    items: int = 0
    vectors: int = 0
    blobs: int = 0
    findings: tuple[Finding, ...] = ()
    repaired: int = 0

    def count(self, problem: str) -> int:
        return sum(finding.problem == problem for finding in self.findings)

    def response(self) -> dict[str, Any]:
        """The report in the fields of the message `AuditReport`."""
        problems = Counter(finding.problem for finding in self.findings)
        shown = [asdict(finding) for finding in self.findings[:_SHOWN]]
        counts = {name: problems[name] for name in PROBLEMS}
        held = {"items": self.items, "vectors": self.vectors, "blobs": self.blobs}
        return {**held, **counts, "repaired": self.repaired, "findings": shown}


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at the stores."""

    items: int = 0
    vectors: int = 0
    blobs: int = 0
    findings: frozenset[Finding] = field(default=frozenset())


class Audit:
    """Compares the stores. It does not stop the writers, so it looks again until what differs stays.

    Blobs without a row count once they are older than `grace_s`, because rows are written after their blobs.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        index: VectorIndex,
        collections: OpenCollections,
        wake_workers: Callable[[], None],
        grace_s: float,
        observe: AuditObserver,
        pause_s: float = _PAUSE_S,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._index = index
        self._collections = collections
        self._wake_workers = wake_workers
        self._observe = observe
        self._grace = timedelta(seconds=grace_s)
        self._pause_s = pause_s

    async def run(self, run: OperationRun) -> Mapping[str, Any]:
        """Audit the tenant of the operation, or all; see `OperationWork`."""
        await run.save(OperationProgress(message="comparing the stores"))
        tenant_id = None if run.request.get("all_tenants") else run.tenant_id
        report = await self.audit(tenant_id, repair=bool(run.request.get("repair")))
        if tenant_id is None:
            self._tell(report)
        held = report.items
        await run.save(OperationProgress("items", held, 0, held, f"{len(report.findings)} differences"))
        return report.response()

    def _tell(self, report: AuditReport) -> None:
        counts = {problem: report.count(problem) for problem in PROBLEMS}
        self._observe(counts)
        if report.findings:
            told = ", ".join(f"{count} {problem}" for problem, count in counts.items() if count)
            _LOG.warning("the stores differ: %s; `armoire audit --repair` mends what can be", told)

    async def audit(self, tenant_id: str | None, *, repair: bool = False) -> AuditReport:
        """Compare the stores of a tenant, or of all tenants for None.

        Raises:
            Unavailable: a store does not answer.
        """
        look = await self._settled_look(tenant_id)
        repaired = await self._repair(look.findings) if repair else 0
        return AuditReport(look.items, look.vectors, look.blobs, tuple(sorted(look.findings)), repaired)

    async def _settled_look(self, tenant_id: str | None) -> _Look:
        """The last of several looks, with what all of them found."""
        look = await self._look(tenant_id)
        for _ in range(_LOOKS - 1):
            if not look.findings:
                break
            await asyncio.sleep(self._pause_s)
            again = await self._look(tenant_id)
            kept = look.findings & again.findings
            settled = kept == look.findings
            look = _Look(again.items, again.vectors, again.blobs, kept)
            if settled:
                break
        return look

    async def _look(self, tenant_id: str | None) -> _Look:
        tenants = [tenant_id] if tenant_id is not None else await self._database.read(audited_tenants)
        vectors, vector_findings = await self._vectors(tenants)
        pictures = [await self._pictures(tenant) for tenant in tenants]
        items, blobs = sum(each.items for each in pictures), sum(each.blobs for each in pictures)
        findings = vector_findings.union(*(each.findings for each in pictures))
        return _Look(items, vectors, blobs, frozenset(findings))

    # Vectors

    async def _vectors(self, tenants: Sequence[str]) -> tuple[int, set[Finding]]:
        """The number of rows in the collection that is searched, and the differences to SQL of all that are
        written.
        """
        searched = self._collections.current
        if searched is None:
            raise Unavailable("no model has answered yet, so there is no collection to compare")
        count, findings = await self._compared(searched, tenants)
        written, _ = await self._collections.registered()
        for collection in written:
            if collection != searched:
                findings |= (await self._compared(collection, tenants))[1]
        return count, findings

    async def _compared(self, collection: Collection, tenants: Sequence[str]) -> tuple[int, set[Finding]]:
        """The number of rows of a collection, and the differences of each copy of them to SQL."""
        copies = await asyncio.to_thread(self._index.stored_rows, collection)
        wanted, waiting = await self._wanted(collection, tenants)
        findings: set[Finding] = set()
        for rows in copies:
            of_tenants = [(key, revision) for key, revision in rows if key[0] in tenants]
            findings |= _compare(collection, of_tenants, wanted, waiting)
        return sum(key[0] in tenants for key, _ in copies[0]), findings

    async def _wanted(
        self, collection: Collection, tenants: Sequence[str]
    ) -> tuple[dict[RowKey, str], set[RowKey]]:
        """The revisions that SQL has, and the rows that are about to be written, in one state of SQL."""
        revisions, waiting = await self._database.read(
            lambda session: (
                live_revisions(session, collection.version),
                outbox.waiting_keys(session, collection.name),
            )
        )
        wanted = {key: revision for key, revision in revisions.items() if key[0] in tenants}
        return wanted, {(key.tenant_id, key.item_id) for key in waiting}

    # Blobs

    async def _pictures(self, tenant_id: str) -> _Look:
        """The items of a tenant, and its stored pictures with their differences to SQL."""
        stored: dict[str, datetime] = {}
        async for chunk in self._blobs.list(f"{tenant_id}/"):
            stored |= {blob.key: blob.last_modified for blob in chunk if _is_picture(blob.key)}
        (images, items), deleted = await self._database.read(
            lambda session: (live_pictures(session, tenant_id), deleted_pictures(session, tenant_id))
        )
        wanted = {original_key(tenant_id, image_id) for image_id in images}
        wanted |= {crop_key(tenant_id, item_id) for item_id in items}
        lost = {Finding("lost", "blobs", tenant_id, key) for key in wanted - stored.keys()}
        oldest = datetime.now(UTC) - self._grace
        old = (key for key, written in stored.items() if written < oldest)
        kept = {"images": images | deleted[0], "items": items | deleted[1]}
        left = (key for key in old if not _is_kept(key, kept))
        orphaned = {Finding("orphaned", "blobs", tenant_id, key) for key in left}
        pictures = sum(not is_thumbnail(key) for key in stored)
        return _Look(len(items), 0, pictures, frozenset(lost | orphaned))

    # Repair

    async def _repair(self, findings: Iterable[Finding]) -> int:
        """Mend what can be; returns how many differences that concerns."""
        of_vectors = [finding for finding in findings if finding.store == "vectors"]
        of_blobs = [finding for finding in findings if finding.store == "blobs"]
        await self._queue_rows(of_vectors)
        orphans = [finding.id for finding in of_blobs if finding.problem == "orphaned"]
        await self._blobs.delete(orphans)
        return len(of_vectors) + len(orphans) + await self._index_again(of_blobs)

    async def _queue_rows(self, findings: Sequence[Finding]) -> None:
        """Let the drainer write the rows anew; rows without an item are removed by it."""
        by_collection: dict[str, list[outbox.ItemKey]] = {}
        for finding in findings:
            by_collection.setdefault(finding.collection, []).append(
                outbox.ItemKey(finding.tenant, finding.id)
            )

        def enqueue(session: Session) -> None:
            for name, keys in by_collection.items():
                outbox.enqueue_for(session, name, keys, "upsert", now_us())

        if by_collection:
            await self._database.write(enqueue)
            self._collections.wake_drainer()

    async def _index_again(self, of_blobs: Iterable[Finding]) -> int:
        """Queue the photos whose crops are missing, where their originals are there."""
        lost = [owner_of(finding.id) for finding in of_blobs if finding.problem == "lost"]
        owners = [owner for owner in lost if owner is not None]
        mended = 0
        for tenant_id in {owner.tenant_id for owner in owners}:
            of_tenant = [owner for owner in owners if owner.tenant_id == tenant_id]
            queue = partial(
                index_again,
                tenant_id=tenant_id,
                item_ids=[owner.id for owner in of_tenant if owner.kind == "items"],
                gone={owner.id for owner in of_tenant if owner.kind == "images"},
                moment_us=now_us(),
            )
            mended += await self._database.write(queue)
        self._wake_workers()
        return mended


def _is_kept(key: str, kept: Mapping[str, set[str]]) -> bool:
    """Whether the owner of a blob is among those that are kept, by kind."""
    owner = owner_of(key)
    return owner is not None and owner.id in kept[owner.kind]


def _is_picture(key: str) -> bool:
    owner = owner_of(key)
    return owner is not None and owner.kind in ("images", "items")


def _compare(
    collection: Collection,
    rows: Sequence[tuple[RowKey, str]],
    wanted: Mapping[RowKey, str],
    waiting: set[RowKey],
) -> set[Finding]:
    """The differences of stored rows to SQL, apart from rows that are about to be written."""
    stored = dict(rows)
    doubled = {key for key, count in Counter(key for key, _ in rows).items() if count > 1}
    problems = {
        "lost": wanted.keys() - stored.keys(),
        "doubled": doubled,
        "stale": {key for key, revision in wanted.items() if stored.get(key, revision) != revision},
        "orphaned": stored.keys() - wanted.keys(),
    }
    return {
        Finding(problem, "vectors", tenant_id, item_id, collection.name)
        for problem, keys in problems.items()
        for tenant_id, item_id in keys - waiting
    }
