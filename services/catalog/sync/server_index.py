"""The vector index on a Milvus server, with the filterable values in SQL."""

from __future__ import annotations

from collections.abc import Sequence

from domain.types import FloatArray
from services.catalog.records import facet_values
from services.catalog.records.facet_counts import FacetCounts
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.index import CollectionSource, Differences, StoredRows, differences
from services.catalog.vectors.milvus_index import MilvusIndex
from services.catalog.vectors.predicates import Predicate
from services.catalog.vectors.row import Columns, VectorHit, VectorRow
from services.catalog.vectors.value_counts import CountedColumns, ValueCount
from services.sql.database import Database


class ServerIndex:
    """A `VectorIndex` of a Milvus server, which does not count by value: SQL has the values, and counts.

    Whoever writes rows writes their values, too, so they are as old as those of the server. Calls need
    threads on which the database may block: see `Database.read_blocking`.
    """

    shared = True

    def __init__(self, uri: str, columns: Columns, database: Database) -> None:
        self._milvus = MilvusIndex(uri, columns)
        self._counts = FacetCounts(columns)
        self._database = database

    def open(self) -> None:
        self._milvus.open()

    def close(self) -> None:
        self._milvus.close()

    def open_collection(self, collection: Collection, source: CollectionSource) -> Differences:
        """See `VectorIndex`. Rows count that differ on the server, or whose values do."""
        wanted = source.revisions()
        of_server = differences(self._milvus.revisions(collection), wanted)
        of_values = differences(self._facet_revisions(collection), wanted)
        return Differences(
            tuple(dict.fromkeys((*of_server.outdated, *of_values.outdated))),
            tuple(dict.fromkeys((*of_server.surplus, *of_values.surplus))),
        )

    def drop_collection(self, collection: Collection) -> None:
        self._milvus.drop_collection(collection)
        self._database.write_blocking(
            lambda session: facet_values.drop_facet_values(session, collection.name)
        )

    def compact(self, collection: Collection) -> None:
        self._milvus.compact(collection)

    def count(self, collection: Collection) -> int:
        return self._milvus.count(collection)

    def stored_rows(self, collection: Collection) -> list[StoredRows]:
        """The rows of the server, and those whose values are in SQL."""
        return [*self._milvus.stored_rows(collection), list(self._facet_revisions(collection).items())]

    def other_rows(self, collection: Collection, tenant_id: str) -> set[str]:
        """See `VectorIndex`; also rows of which only the values are left."""
        values = {item_id for tenant, item_id in self._facet_revisions(collection) if tenant == tenant_id}
        return self._milvus.other_rows(collection, tenant_id) | values

    def delete_others(self, collection: Collection, item_ids: Sequence[str]) -> None:
        self._milvus.delete_others(collection, item_ids)
        self._database.write_blocking(
            lambda session: facet_values.delete_facet_values(session, collection.name, item_ids)
        )

    def upsert(self, collection: Collection, rows: Sequence[VectorRow]) -> None:
        self._milvus.upsert(collection, rows)
        self._database.write_blocking(
            lambda session: facet_values.write_facet_values(session, collection.name, rows)
        )

    def delete(self, collection: Collection, item_ids: Sequence[str]) -> None:
        self._milvus.delete(collection, item_ids)
        self._database.write_blocking(
            lambda session: facet_values.delete_facet_values(session, collection.name, item_ids)
        )

    def search(
        self,
        collection: Collection,
        vectors: Sequence[FloatArray],
        predicate: Predicate,
        max_hits: int,
        group_by: str = "",
    ) -> list[list[VectorHit]]:
        return self._milvus.search(collection, vectors, predicate, max_hits, group_by)

    def count_values(
        self,
        collection: Collection,
        predicate: Predicate,
        counted: Sequence[CountedColumns],
        max_values: int,
    ) -> list[list[ValueCount]]:
        return self._database.read_blocking(
            lambda session: self._counts.read(session, collection.name, predicate, counted, max_values)
        )

    def _facet_revisions(self, collection: Collection) -> dict[tuple[str, str], str]:
        return self._database.read_blocking(
            lambda session: facet_values.read_facet_revisions(session, collection.name)
        )
