"""Collections of vectors."""

from __future__ import annotations

from armoire.v1 import catalog_pb2
from domain.errors import InvalidInput
from services.catalog.operations.reindex import ReindexScope
from services.catalog.resources.collections import CollectionRole, StoredCollection
from services.catalog.resources.reindexing import VersionsInUse
from services.edge.conversion.items import versions_to_proto

_ROLES: dict[CollectionRole, catalog_pb2.CollectionRole] = {
    CollectionRole.LIVE: catalog_pb2.COLLECTION_ROLE_LIVE,
    CollectionRole.NEXT: catalog_pb2.COLLECTION_ROLE_NEXT,
    CollectionRole.PREVIOUS: catalog_pb2.COLLECTION_ROLE_PREVIOUS,
}


_SCOPES: dict[catalog_pb2.ReindexScope, ReindexScope] = {
    catalog_pb2.REINDEX_SCOPE_UNSPECIFIED: ReindexScope.STALE,
    catalog_pb2.REINDEX_SCOPE_STALE: ReindexScope.STALE,
    catalog_pb2.REINDEX_SCOPE_ALL: ReindexScope.ALL,
    catalog_pb2.REINDEX_SCOPE_PRIMARY_ITEMS: ReindexScope.PRIMARY_ITEMS,
    catalog_pb2.REINDEX_SCOPE_PHOTO_HASHES: ReindexScope.PHOTO_HASHES,
}


def reindex_scope_from_proto(scope: catalog_pb2.ReindexScope) -> ReindexScope:
    """Raises InvalidInput where it is none."""
    if scope not in _SCOPES:
        raise InvalidInput("scope", "must be STALE, ALL, PRIMARY_ITEMS or PHOTO_HASHES")
    return _SCOPES[scope]


def versions_in_use_to_proto(versions: VersionsInUse) -> catalog_pb2.ListItemVersionsResponse:
    counted = [
        catalog_pb2.CountedItemVersions(
            versions=versions_to_proto(each.versions), items=each.items, stale=each.stale
        )
        for each in versions.counted
    ]
    return catalog_pb2.ListItemVersionsResponse(served=versions_to_proto(versions.served), versions=counted)


def collection_to_proto(collection: StoredCollection) -> catalog_pb2.Collection:
    return catalog_pb2.Collection(
        name=collection.name,
        role=_ROLES[collection.role],
        model_version=collection.version.model_version,
        preprocess_version=collection.version.preprocess_version,
        embedding_width=collection.width,
        items=collection.items,
        lacking=collection.lacking,
        waiting=collection.waiting,
    )
