"""The flat index: exact search in memory, before the embedded Milvus Lite."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from threading import Lock

from domain.errors import Unavailable
from domain.types import FloatArray
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.flat_rows import FlatRows
from services.catalog.vectors.index import CollectionSource, Differences, StoredRows
from services.catalog.vectors.lite_mirror import LiteMirror
from services.catalog.vectors.milvus_index import MilvusIndex
from services.catalog.vectors.predicates import Predicate
from services.catalog.vectors.row import Columns, VectorHit, VectorRow
from services.catalog.vectors.value_counts import CountedColumns, ValueCount

_FILL_CHUNK = 1000


class FlatIndex:
    """A `VectorIndex` in memory, filled from the database, for the collections that are open.

    Milvus Lite is not searched, because it visits every row in Python. Rows are copied to it in the
    background; no search and no start waits for it. The rows of a collection are read from the database when
    it is opened.
    """

    shared = False

    def __init__(self, path: Path, columns: Columns) -> None:
        self._columns = columns
        self._lite = MilvusIndex(str(path), columns)
        self._mirror = LiteMirror(self._lite, path.with_name(f"{path.name}.synced"))
        self._rows: dict[str, FlatRows] = {}
        self._writing = Lock()

    def open(self) -> None:
        self._lite.open()
        self._mirror.start()

    def close(self) -> None:
        """Copy changed rows to Lite for up to a few seconds, and close its file."""
        self._mirror.stop()

    def open_collection(self, collection: Collection, source: CollectionSource) -> Differences:
        """See `VectorIndex`. The collection is filled from `source`, so there are no differences."""
        with self._writing:
            if collection.name not in self._rows:
                self._rows[collection.name] = self._filled(collection, source)
        self._mirror.follow(collection, self._rows[collection.name])
        return Differences()

    def drop_collection(self, collection: Collection) -> None:
        with self._writing:
            rows = self._rows.pop(collection.name, None)
        if rows is None:  # of another release: only Milvus Lite has it
            rows = FlatRows(collection.width, self._columns)
        self._mirror.drop(collection, rows)

    def compact(self, collection: Collection) -> None:
        """See `VectorIndex`. Milvus Lite marks rows as deleted only, so its copy is made anew."""
        self._mirror.rebuild(collection)

    def count(self, collection: Collection) -> int:
        rows = self._rows.get(collection.name)
        return 0 if rows is None else len(rows)

    def stored_rows(self, collection: Collection) -> list[StoredRows]:
        """The rows in memory, and those of Milvus Lite unless they are being copied."""
        held = self._rows.get(collection.name)
        copied = self._mirror.stored_rows(collection)
        in_memory: StoredRows = [] if held is None else list(held.revisions().items())
        return [in_memory] if copied is None else [in_memory, copied]

    def other_rows(self, _collection: Collection, _tenant_id: str) -> set[str]:
        """See `VectorIndex`. Its files belong to one process, which drops what it does not have."""
        return set()

    def delete_others(self, _collection: Collection, _item_ids: Sequence[str]) -> None:
        """See `other_rows`."""

    def upsert(self, collection: Collection, rows: Sequence[VectorRow]) -> None:
        with self._writing:
            if (held := self._rows.get(collection.name)) is not None:
                held.upsert(rows)
                self._mirror.copy(collection, [row.id for row in rows])

    def delete(self, collection: Collection, item_ids: Sequence[str]) -> None:
        with self._writing:
            if (held := self._rows.get(collection.name)) is not None:
                held.delete(item_ids)
                self._mirror.copy(collection, item_ids)

    def search(
        self,
        collection: Collection,
        vectors: Sequence[FloatArray],
        predicate: Predicate,
        max_hits: int,
        group_by: str = "",
    ) -> list[list[VectorHit]]:
        rows = self._opened(collection)
        return rows.search(vectors, predicate, max_hits, group_by) if vectors else []

    def count_values(
        self,
        collection: Collection,
        predicate: Predicate,
        counted: Sequence[CountedColumns],
        max_values: int,
    ) -> list[list[ValueCount]]:
        return self._opened(collection).count_values(predicate, counted, max_values)

    def _opened(self, collection: Collection) -> FlatRows:
        rows = self._rows.get(collection.name)
        if rows is None:
            raise Unavailable(
                f"the collection {collection.name} is not open", reason="VECTOR_STORE_UNAVAILABLE"
            )
        return rows

    def _filled(self, collection: Collection, source: CollectionSource) -> FlatRows:
        held = FlatRows(collection.width, self._columns, source.count())
        rows = iter(source.rows())
        while chunk := list(islice(rows, _FILL_CHUNK)):
            held.upsert(chunk)
        return held
