"""Calls on the collections of a catalogue."""

from __future__ import annotations

import uuid

from armoire.call import Call, call_of
from armoire.messages.collections import collection_from_proto, versions_in_use_from_proto
from armoire.messages.operations import operation_from_proto
from armoire.v1 import catalog_pb2
from armoire.values.collections import Collection, ReindexScope, VersionsInUse
from armoire.values.operations import Operation


def list_collections() -> Call[tuple[Collection, ...]]:
    return call_of(
        "armoire.v1.CatalogService/ListCollections",
        catalog_pb2.ListCollectionsRequest(),
        catalog_pb2.ListCollectionsResponse,
        lambda reply: tuple(map(collection_from_proto, reply.collections)),
    )


def start_backfill(
    embedder_version: str, photos_per_second: float, swap: bool, idempotency_key: str | None
) -> Call[Operation]:
    request = catalog_pb2.StartBackfillRequest(
        embedder_version=embedder_version,
        photos_per_second=photos_per_second,
        swap=swap,
        idempotency_key=idempotency_key or str(uuid.uuid4()),
    )
    return call_of(
        "armoire.v1.CatalogService/StartBackfill",
        request,
        catalog_pb2.StartBackfillResponse,
        lambda reply: operation_from_proto(reply.operation),
    )


def swap_collection(collection: str, allow_lacking: bool) -> Call[tuple[Collection, ...]]:
    return call_of(
        "armoire.v1.CatalogService/SwapCollection",
        catalog_pb2.SwapCollectionRequest(collection=collection, allow_lacking=allow_lacking),
        catalog_pb2.SwapCollectionResponse,
        lambda reply: tuple(map(collection_from_proto, reply.collections)),
    )


def drop_collection(collection: str) -> Call[None]:
    return call_of(
        "armoire.v1.CatalogService/DropCollection",
        catalog_pb2.DropCollectionRequest(collection=collection),
        catalog_pb2.DropCollectionResponse,
        lambda _: None,
    )


def list_item_versions(all_tenants: bool) -> Call[VersionsInUse]:
    return call_of(
        "armoire.v1.CatalogService/ListItemVersions",
        catalog_pb2.ListItemVersionsRequest(all_tenants=all_tenants),
        catalog_pb2.ListItemVersionsResponse,
        versions_in_use_from_proto,
    )


def start_reindex(
    scope: ReindexScope, photos_per_second: float, all_tenants: bool, idempotency_key: str | None
) -> Call[Operation]:
    request = catalog_pb2.StartReindexRequest(
        scope=f"REINDEX_SCOPE_{ReindexScope(scope).name}",
        photos_per_second=photos_per_second,
        all_tenants=all_tenants,
        idempotency_key=idempotency_key or str(uuid.uuid4()),
    )
    return call_of(
        "armoire.v1.CatalogService/StartReindex",
        request,
        catalog_pb2.StartReindexResponse,
        lambda reply: operation_from_proto(reply.operation),
    )
