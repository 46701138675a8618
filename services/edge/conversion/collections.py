"""Collections of vectors."""

from __future__ import annotations

from armoire.v1 import catalog_pb2
from services.catalog.resources.collections import CollectionRole, StoredCollection

_ROLES: dict[CollectionRole, catalog_pb2.CollectionRole] = {
    CollectionRole.LIVE: catalog_pb2.COLLECTION_ROLE_LIVE,
    CollectionRole.NEXT: catalog_pb2.COLLECTION_ROLE_NEXT,
    CollectionRole.PREVIOUS: catalog_pb2.COLLECTION_ROLE_PREVIOUS,
}


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
