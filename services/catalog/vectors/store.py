"""The vector store: Milvus Lite in a file, or a Milvus server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import grpc
import numpy as np
from pymilvus import DataType, MilvusClient, MilvusException
from pymilvus.exceptions import ConnectionConfigException, ErrorCode

from domain.errors import InvalidInput, Unavailable
from domain.types import FloatArray
from services.catalog.addresses import MILVUS_URI, driver_message, host_of
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.flat_index import FlatIndex
from services.catalog.vectors.predicates import RowFilter, milvus_expression
from services.catalog.vectors.row import Columns, VectorHit, VectorRow

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_MAX_TEXT_BYTES = 4096
_MAX_ID_BYTES = 64
_READ_CHUNK = 1000
_WRITE_CHUNK = 1000
_SEARCHES = 4
"""That a server gets at a time."""
_TIMEOUT_S = 30.0


class VectorStore:
    """Exact search by inner product over vectors of length one.

    A server searches by itself. Milvus Lite is this process' own file, and visits every row in Python at each
    search; so the rows of a collection that is searched are read into a `FlatIndex` when it is opened. Every
    write goes to both, and the flat index is what is searched.

    Writes run one after the other on one thread, as Lite wants it. Searches do not wait for Milvus to write;
    a scan takes rows in and answers by turns.

    Every method raises Unavailable where the store cannot answer.
    """

    def __init__(self, uri: str, columns: Columns) -> None:
        self._uri = uri.removeprefix("file://")
        self._columns = columns
        self.embedded = "://" not in self._uri
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix="milvus")
        self._search_threads = ThreadPoolExecutor(_SEARCHES, thread_name_prefix="search")
        self._scans: dict[str, FlatIndex | None] = {}
        """Of Lite's open collections by name; None for those that are only written."""
        self._opened: MilvusClient | None = None

    async def open(self) -> None:
        """Connect; a file belongs to one process at a time."""
        hint = "opened; another process may hold it" if self.embedded else "reached"
        try:
            await self._run(self._open)
        except (Unavailable, OSError) as error:
            raise Unavailable(
                f"the vector store at {host_of(self._uri)} ({MILVUS_URI}) cannot be {hint}",
                reason="VECTOR_STORE_UNAVAILABLE",
            ) from error
        except ValueError:  # its text may hold the URI
            raise InvalidInput(MILVUS_URI, "must be a file or a URI such as http://host:19530") from None

    async def close(self) -> None:
        """Let go of the file or the connection."""
        if self._opened is not None:
            await self._run(self._close)
        await asyncio.to_thread(self._search_threads.shutdown)
        await asyncio.to_thread(self._write_thread.shutdown)

    async def ensure(self, collection: Collection, *, searched: bool = True) -> None:
        """Create the collection where it is not there, and load it; if not `searched`, only to be written."""
        await self._run(self._ensure, collection, searched)

    async def upsert(self, collection: Collection, rows: Sequence[VectorRow]) -> None:
        """Write rows by id; searches that begin after this see them."""
        for start in range(0, len(rows), _WRITE_CHUNK):
            await self._run(self._upsert, collection.name, rows[start : start + _WRITE_CHUNK])

    async def delete(self, collection: Collection, item_ids: Sequence[str]) -> None:
        """Remove rows; ids that are not there are no error."""
        for start in range(0, len(item_ids), _WRITE_CHUNK):
            ids = list(item_ids[start : start + _WRITE_CHUNK])
            await self._run(self._delete, collection.name, ids)

    async def search(
        self, collection: Collection, vectors: Sequence[FloatArray], tests: RowFilter, max_hits: int
    ) -> list[list[VectorHit]]:
        """The nearest rows that pass the tests, best first, for each of the vectors (D,) float32."""
        if not vectors:
            return []
        if self.embedded:
            return await asyncio.to_thread(self.search_here, collection, vectors, tests, max_hits)
        return await self._run(
            self._search, collection.name, vectors, tests, max_hits, threads=self._search_threads
        )

    def search_here(
        self, collection: Collection, vectors: Sequence[FloatArray], tests: RowFilter, max_hits: int
    ) -> list[list[VectorHit]]:
        """As `search`, on the caller's thread; only where the store is embedded.

        Raises:
            Unavailable: the collection is not open, or not to be searched.
        """
        return self._scan(collection.name).search(vectors, tests, max_hits) if vectors else []

    async def revisions(self, name: str) -> dict[tuple[str, str], str]:
        """Revision by (tenant, item id) of every row of a collection."""
        return await self._run(self._revisions, name)

    async def names(self) -> list[str]:
        """Of all collections."""
        return await self._run(self._names)

    @property
    def _client(self) -> MilvusClient:
        if self._opened is None:
            raise Unavailable("the vector store is not open", reason="VECTOR_STORE_UNAVAILABLE")
        return self._opened

    def _scan(self, name: str) -> FlatIndex:
        scan = self._scans.get(name)
        if scan is None:
            raise Unavailable(f"the collection {name} is not open", reason="VECTOR_STORE_UNAVAILABLE")
        return scan

    async def _run(self, call: Callable[..., T], *args: Any, threads: ThreadPoolExecutor | None = None) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(
                threads or self._write_thread, call, *args
            )
        except (MilvusException, grpc.RpcError) as error:  # a call that times out raises the latter
            _LOG.warning("the vector store failed: %s", driver_message(error))
            raise Unavailable("the vector store cannot answer", reason="VECTOR_STORE_UNAVAILABLE") from error

    def _open(self) -> None:
        if self.embedded:
            Path(self._uri).parent.mkdir(parents=True, exist_ok=True)
        # Lite serves this process over a local port, and hangs up on a client that pings it.
        quiet = {"grpc.keepalive_time_ms": 2**31 - 1} if self.embedded else {}
        try:
            self._opened = MilvusClient(self._uri, timeout=_TIMEOUT_S, grpc_options=quiet)
        except ConnectionConfigException as error:
            if self.embedded:
                raise
            raise ValueError from error

    def _close(self) -> None:
        """What lies in Lite's log is sealed, so that the next start need not replay it."""
        try:
            for name in self._scans:
                self._client.flush(name, timeout=_TIMEOUT_S)
        except MilvusException as error:
            _LOG.warning("the vector store was closed without being sealed: %s", driver_message(error))
        self._client.close()

    def _ensure(self, collection: Collection, searched: bool) -> None:
        """Make the collection ready; one that a crash has damaged is made anew, empty, for SQL to fill.

        Lite writes its files in place: a process killed in the middle leaves half a file, which cannot be
        loaded, and calls that an unexpected error. Of other errors, such as a call that did not reach it, the
        rows know nothing.
        """
        try:
            self._make_ready(collection, searched)
        except MilvusException as error:
            if not self.embedded or error.code != ErrorCode.UNEXPECTED_ERROR:
                raise
            _LOG.warning(
                "%s is damaged and is made anew from SQL: %s", collection.name, driver_message(error)
            )
            self._client.drop_collection(collection.name)
            self._scans.pop(collection.name, None)
            self._make_ready(collection, searched)

    def _make_ready(self, collection: Collection, searched: bool) -> None:
        """Step by step, so that a crash in between is made good the next time."""
        name = collection.name
        if not self._client.has_collection(name):
            schema = self._schema(collection.width)
            self._client.create_collection(name, schema=schema, consistency_level="Strong")
        if not self.embedded and not self._client.list_indexes(name):
            index = self._client.prepare_index_params()
            index.add_index("vector", index_type="FLAT", metric_type="IP")
            self._client.create_index(name, index, sync=False)  # waiting would poll every 0.5 s
        self._client.load_collection(name)
        if self.embedded and self._scans.get(name) is None:
            self._scans[name] = self._read(collection) if searched else None

    def _read(self, collection: Collection) -> FlatIndex:
        """All rows of a collection of Lite's."""
        scan = FlatIndex(collection.width, self._columns)
        ids = [item_id for _, item_id in self._stored_revisions(collection.name)]
        for start in range(0, len(ids), _READ_CHUNK):
            chunk = ids[start : start + _READ_CHUNK]
            found = self._client.query(collection.name, ids=chunk, output_fields=["*"])
            scan.upsert(map(self._row, found))
        return scan

    def _schema(self, width: int) -> Any:
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, max_length=_MAX_ID_BYTES, is_primary=True)
        for name in ("tenant_id", "revision", *self._columns.texts):
            schema.add_field(name, DataType.VARCHAR, max_length=_MAX_TEXT_BYTES)
        for name in self._columns.numbers:
            schema.add_field(name, DataType.DOUBLE)
        for name in self._columns.flags:
            schema.add_field(name, DataType.BOOL)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=width)
        return schema

    def _entity(self, row: VectorRow) -> dict[str, Any]:
        fixed = {"id": row.id, "tenant_id": row.tenant_id, "revision": row.revision, "vector": row.vector}
        return fixed | {name: row.values[name] for name in self._columns.names}

    def _row(self, entity: dict[str, Any]) -> VectorRow:
        values = {name: entity[name] for name in self._columns.names}
        vector = np.array(entity["vector"], np.float32)
        return VectorRow(entity["id"], entity["tenant_id"], entity["revision"], values, vector)

    def _delete(self, name: str, item_ids: list[str]) -> None:
        self._client.delete(name, ids=item_ids, timeout=_TIMEOUT_S)
        if (scan := self._scans.get(name)) is not None:
            scan.delete(item_ids)

    def _upsert(self, name: str, rows: Sequence[VectorRow]) -> None:
        self._client.upsert(name, [self._entity(row) for row in rows], timeout=_TIMEOUT_S)
        if (scan := self._scans.get(name)) is not None:
            scan.upsert(rows)

    def _search(
        self, name: str, vectors: Sequence[FloatArray], tests: RowFilter, max_hits: int
    ) -> list[list[VectorHit]]:
        found: Any = self._client.search(
            name,
            list(vectors),
            filter=milvus_expression(tests),
            limit=max_hits,
            output_fields=["id", *self._columns.shown],
            search_params={"metric_type": "IP"},
            timeout=_TIMEOUT_S,
        )
        return [[self._hit(hit["entity"], float(hit["distance"])) for hit in hits] for hits in found]

    def _hit(self, entity: dict[str, Any], score: float) -> VectorHit:
        return VectorHit(entity["id"], score, tuple(entity[name] for name in self._columns.shown))

    def _names(self) -> list[str]:
        return sorted(self._client.list_collections())

    def _revisions(self, name: str) -> dict[tuple[str, str], str]:
        scan = self._scans.get(name)
        return self._stored_revisions(name) if scan is None else scan.revisions()

    def _stored_revisions(self, name: str) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for chunk in self._chunks(name, 'id != ""', ["id", "tenant_id", "revision"]):
            found |= {(row["tenant_id"], row["id"]): row["revision"] for row in chunk}
        return found

    def _chunks(self, name: str, expression: str, columns: list[str]) -> Iterator[list[dict[str, Any]]]:
        """All rows. Lite takes unbounded queries, and logs an error over the iterator that a server needs."""
        if self.embedded:
            yield self._client.query(name, filter=expression, output_fields=columns)
            return
        rows = self._client.query_iterator(
            name, batch_size=_READ_CHUNK, filter=expression, output_fields=columns
        )
        while chunk := rows.next():
            yield chunk
        rows.close()
