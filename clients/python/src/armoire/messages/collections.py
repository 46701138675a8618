"""Messages of collections, back-fills and re-indexing."""

from __future__ import annotations

from google.protobuf.any_pb2 import Any

from armoire.messages.items import item_versions_from_proto
from armoire.v1 import catalog_pb2, operations_pb2
from armoire.values.collections import (
    BackfillReport,
    Collection,
    CollectionRole,
    ReindexReport,
    VersionsInUse,
)
from armoire.values.items import CountedItemVersions

_ROLES = {
    catalog_pb2.COLLECTION_ROLE_LIVE: CollectionRole.LIVE,
    catalog_pb2.COLLECTION_ROLE_NEXT: CollectionRole.NEXT,
    catalog_pb2.COLLECTION_ROLE_PREVIOUS: CollectionRole.PREVIOUS,
}


def collection_from_proto(collection: catalog_pb2.Collection) -> Collection:
    return Collection(
        name=collection.name,
        role=_ROLES.get(collection.role, CollectionRole.UNKNOWN),
        model_version=collection.model_version,
        preprocess_version=collection.preprocess_version,
        embedding_width=collection.embedding_width,
        items=collection.items,
        lacking=collection.lacking,
        waiting=collection.waiting,
    )


def backfill_report_from_any(response: Any) -> BackfillReport:
    """What came of a back-fill."""
    report = operations_pb2.BackfillReport()
    response.Unpack(report)
    return BackfillReport(
        collection=report.collection,
        model_version=report.model_version,
        preprocess_version=report.preprocess_version,
        items=report.items,
        vectors=report.vectors,
        lacking=report.lacking,
        failed_photos=report.failed_photos,
        overlap=report.overlap,
        sampled=report.sampled,
        swapped=report.swapped,
    )


def versions_in_use_from_proto(reply: catalog_pb2.ListItemVersionsResponse) -> VersionsInUse:
    return VersionsInUse(
        item_versions_from_proto(reply.served),
        tuple(
            CountedItemVersions(item_versions_from_proto(each.versions), each.items, each.stale)
            for each in reply.versions
        ),
    )


def reindex_report_from_any(response: Any) -> ReindexReport:
    """What came of re-indexing."""
    report = operations_pb2.ReindexReport()
    response.Unpack(report)
    return ReindexReport(
        photos=report.photos,
        failed_photos=report.failed_photos,
        items=report.items,
        stale_items=report.stale_items,
        served=item_versions_from_proto(report.served),
    )
