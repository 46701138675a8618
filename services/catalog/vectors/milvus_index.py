"""Milvus: a server, or Milvus Lite in a file of this process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import grpc
from pymilvus import DataType, MilvusClient, MilvusException
from pymilvus.exceptions import ConnectionConfigException, DataNotMatchException, ErrorCode

from domain.addresses import driver_message, host_of
from domain.errors import FailedPrecondition, InvalidInput, Unavailable
from domain.types import FloatArray
from services.background.log_throttle import LogThrottle
from services.catalog.addresses import MILVUS_URI
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.index import (
    CollectionLost,
    CollectionSource,
    Differences,
    StoredRows,
    differences,
)
from services.catalog.vectors.predicates import AllOf, NoneOf, Predicate, TextIn, milvus_expression
from services.catalog.vectors.row import Columns, RowKey, VectorHit, VectorRow

if TYPE_CHECKING:
    from services.catalog.vectors.lite_server import LiteServer

_LOG = logging.getLogger(__name__)
_MAX_TEXT_BYTES = 4096
_MAX_ID_BYTES = 64
_READ_CHUNK = 1000
_EVERY_ROW = 'id != ""'
_WRITE_CHUNK = 1000
_GROUP_OVERFETCH = 4
"""How many rows to ask for, for each group that is wanted."""
_MAX_TOKENS = 64
_TIMEOUT_S = 30.0
_NOT_LOADED = 101
_LOST = (ErrorCode.COLLECTION_NOT_FOUND, _NOT_LOADED)

_Result = TypeVar("_Result")


class MilvusIndex:
    """A `VectorIndex` with pymilvus, but for the counts of values. Its index is FLAT, hence exact.

    Collections are created on first use.

    Milvus Lite differs from a server in its errors, its limits and the reading of all rows; only this class
    knows the differences.

    Raises:
        FailedPrecondition: the URI names a file, but Milvus Lite is not installed.
    """

    shared = True

    def __init__(self, uri: str, columns: Columns) -> None:
        self._uri = uri.removeprefix("file://")
        self._columns = columns
        self._lite = None if "://" in self._uri else _lite_server(Path(self._uri))
        self._opened: MilvusClient | None = None
        self._loaded: set[str] = set()
        self._loading = Lock()
        self._throttle = LogThrottle()

    def open(self) -> None:
        """Connect; a file can be open in one process only."""
        hint = "opened; another process may hold it" if self._lite is not None else "reached"
        try:
            with self._translated():
                self._opened = self._connect()
        except (Unavailable, OSError, RuntimeError) as error:
            self.close()
            raise Unavailable(
                f"the vector store at {host_of(self._uri)} ({MILVUS_URI}) cannot be {hint}",
                reason="VECTOR_STORE_UNAVAILABLE",
            ) from error
        except ValueError:  # its text may contain the URI
            raise InvalidInput(
                MILVUS_URI, "must be a file with the ending .db or a URI such as http://host:19530"
            ) from None

    def close(self) -> None:
        """Close the file or the connection. Lite is flushed first, so that no start replays its log.

        A server flushes by itself; each flush would leave it with another small segment.
        """
        if self._opened is not None:
            if self._lite is not None:
                self._flush(self._opened)
            self._opened.close()
            self._opened = None
        if self._lite is not None:
            self._lite.stop()

    def _flush(self, client: MilvusClient) -> None:
        try:
            for name in self._loaded:
                client.flush(name, timeout=_TIMEOUT_S)
        except MilvusException as error:
            _LOG.warning("the vector store was closed without a flush: %s", driver_message(error))

    def open_collection(self, collection: Collection, source: CollectionSource) -> Differences:
        """See `VectorIndex`. The collection has the rows written to it, so it may differ from `source`."""
        return differences(self.revisions(collection), source.revisions())

    def load(self, collection: Collection) -> bool:
        """Create the collection if it does not exist, and load it; returns whether it is new and empty."""
        with self._loading:
            if collection.name in self._loaded:
                return False
            with self._translated():
                is_new = self._load(collection)
            self._loaded.add(collection.name)
            return is_new

    def drop_collection(self, collection: Collection) -> None:
        with self._loading, self._translated():
            self._loaded.discard(collection.name)
            if self._client.has_collection(collection.name, timeout=_TIMEOUT_S):
                self._client.drop_collection(collection.name, timeout=_TIMEOUT_S)

    def compact(self, collection: Collection) -> None:
        """See `VectorIndex`. A server compacts in the background, and removes old segments later still."""
        with self._serving(collection):
            self._client.flush(collection.name, timeout=_TIMEOUT_S)
            try:
                self._client.compact(collection.name, timeout=_TIMEOUT_S)
            except grpc.RpcError as error:
                if error.code() is not grpc.StatusCode.UNIMPLEMENTED:
                    raise
                _LOG.warning(
                    "the vector store cannot compact %s, so old rows stay in its files", collection.name
                )

    def count(self, collection: Collection) -> int:
        with self._serving(collection):
            (row,) = self._client.query(collection.name, output_fields=["count(*)"], timeout=_TIMEOUT_S)
        return int(row["count(*)"])

    def upsert(self, collection: Collection, rows: Sequence[VectorRow]) -> None:
        self.load(collection)
        for start in range(0, len(rows), _WRITE_CHUNK):
            entities = [self._entity(row) for row in rows[start : start + _WRITE_CHUNK]]
            with self._serving(collection):
                self._client.upsert(collection.name, entities, timeout=_TIMEOUT_S)

    def delete(self, collection: Collection, item_ids: Sequence[str]) -> None:
        self.load(collection)
        for start in range(0, len(item_ids), _WRITE_CHUNK):
            ids = list(item_ids[start : start + _WRITE_CHUNK])
            with self._serving(collection):
                self._client.delete(collection.name, ids=ids, timeout=_TIMEOUT_S)

    def search(
        self,
        collection: Collection,
        vectors: Sequence[FloatArray],
        predicate: Predicate,
        max_hits: int,
        group_by: str = "",
    ) -> list[list[VectorHit]]:
        if not vectors:
            return []
        return self._reloading(
            collection, lambda: self._search(collection, vectors, predicate, max_hits, group_by)
        )

    def _reloading(self, collection: Collection, read: Callable[[], _Result]) -> _Result:
        """Read, again where the server has the collection but not in memory."""
        try:
            return read()
        except CollectionLost as error:
            if not self._is_unloaded(collection, error):
                raise
            with self._translated():
                self._client.load_collection(collection.name)
            return read()

    def _is_unloaded(self, collection: Collection, lost: CollectionLost) -> bool:
        """Whether the server has the collection but not in memory, as it may be after a restart."""
        error = lost.__cause__ and lost.__cause__.__cause__
        if getattr(error, "code", None) != _NOT_LOADED:
            return False
        with self._translated():
            return bool(self._client.has_collection(collection.name))

    def _search(
        self,
        collection: Collection,
        vectors: Sequence[FloatArray],
        predicate: Predicate,
        max_hits: int,
        group_by: str,
    ) -> list[list[VectorHit]]:
        if group_by:
            return [
                self._nearest_of_groups(collection, vector, predicate, max_hits, group_by)
                for vector in vectors
            ]
        return self._nearest(collection, vectors, predicate, max_hits)

    def _nearest_of_groups(
        self, collection: Collection, vector: FloatArray, predicate: Predicate, max_hits: int, group_by: str
    ) -> list[VectorHit]:
        """Search until there are rows of enough groups; each search leaves out the groups found before.

        The server's own grouping search would take all rows without a text for one group.
        """
        place = self._columns.output.index(group_by)
        heads: dict[str, VectorHit] = {}
        singles: dict[str, VectorHit] = {}
        while True:
            limit = _GROUP_OVERFETCH * max_hits + len(singles)
            known = NoneOf((TextIn((group_by,), tuple(heads)),) if heads else ())
            (hits,) = self._nearest(collection, [vector], AllOf((predicate, known)), limit)
            for hit in hits:
                text = hit.texts[place]
                (heads if text else singles).setdefault(text or hit.item_id, hit)
            found = [*heads.values(), *singles.values()]
            if len(hits) < limit or len(found) >= max_hits:
                return sorted(found, key=lambda hit: -hit.score)[:max_hits]

    def _nearest(
        self, collection: Collection, vectors: Sequence[FloatArray], predicate: Predicate, max_hits: int
    ) -> list[list[VectorHit]]:
        with self._serving(collection):
            found: Any = self._client.search(
                collection.name,
                list(vectors),
                filter=milvus_expression(predicate),
                limit=max_hits,
                output_fields=["id", *self._columns.output],
                search_params={"metric_type": "IP"},
                timeout=_TIMEOUT_S,
            )
        return [[self._hit(hit["entity"], float(hit["distance"])) for hit in hits] for hits in found]

    def stored_rows(self, collection: Collection) -> list[StoredRows]:
        self.load(collection)
        with self._serving(collection):
            chunks = self._chunks(collection.name, ["id", "tenant_id", "revision"])
            return [[((row["tenant_id"], row["id"]), row["revision"]) for chunk in chunks for row in chunk]]

    def other_rows(self, collection: Collection, tenant_id: str) -> set[str]:
        """See `VectorIndex`. Every release has the columns that this needs."""
        with self._translated():
            if not self._is_filled(collection.name):
                return set()
            self._client.load_collection(collection.name)
            of_tenant = milvus_expression(TextIn(("tenant_id",), (tenant_id,)))
            chunks = self._chunks(collection.name, ["id"], of_tenant)
            return {row["id"] for chunk in chunks for row in chunk}

    def _is_filled(self, name: str) -> bool:
        """Whether the collection may have rows: a server's has its index before the first one."""
        exists = bool(self._client.has_collection(name, timeout=_TIMEOUT_S))
        return exists and (self._lite is not None or bool(self._client.list_indexes(name)))

    def delete_others(self, collection: Collection, item_ids: Sequence[str]) -> None:
        """See `VectorIndex`, after `other_rows`."""
        for start in range(0, len(item_ids), _WRITE_CHUNK):
            ids = list(item_ids[start : start + _WRITE_CHUNK])
            with self._translated():
                self._client.delete(collection.name, ids=ids, timeout=_TIMEOUT_S)
        if item_ids:
            self.compact(collection)

    def revisions(self, collection: Collection) -> dict[RowKey, str]:
        """The revision of every row."""
        return dict(self.stored_rows(collection)[0])

    @property
    def _client(self) -> MilvusClient:
        if self._opened is None:
            raise Unavailable("the vector store is not open", reason="VECTOR_STORE_UNAVAILABLE")
        return self._opened

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Translate errors of pymilvus, and those of gRPC after a timeout, to `Unavailable`."""
        try:
            yield
        except (MilvusException, grpc.RpcError) as error:
            self._throttle.warn(_LOG, "the vector store failed: %s", driver_message(error))
            raise Unavailable("the vector store cannot answer", reason="VECTOR_STORE_UNAVAILABLE") from error

    @contextmanager
    def _serving(self, collection: Collection) -> Iterator[None]:
        """Translate errors; a collection that was dropped or changed is loaded anew when it is opened."""
        try:
            with self._translated():
                yield
        except Unavailable as error:
            if not _means_lost(error.__cause__):
                raise
            self._loaded.discard(collection.name)
            raise CollectionLost(collection.name) from error

    def _connect(self) -> MilvusClient:
        if self._lite is None:
            return _client(self._uri, {})
        if not self._uri.endswith(".db"):
            raise ValueError
        # Lite disconnects a client that pings it.
        return _client(self._lite.start(), {"grpc.keepalive_time_ms": 2**31 - 1})

    def _load(self, collection: Collection) -> bool:
        """Load the collection; if a crash has damaged it in Lite, it is created again without rows.

        Lite writes its files in place, so a process that is killed meanwhile leaves half a file. Loading that
        fails with an unexpected error. Other errors, such as a failed connection, do not mean damage.
        """
        try:
            return self._make_ready(collection)
        except MilvusException as error:
            if self._lite is None or error.code != ErrorCode.UNEXPECTED_ERROR:
                raise
            _LOG.warning(
                "%s is damaged and is filled again from SQL: %s", collection.name, driver_message(error)
            )
            self._client.drop_collection(collection.name)
            self._lite.remove_remains(collection.name)
            return self._make_ready(collection)

    def _make_ready(self, collection: Collection) -> bool:
        """Create, index and load the collection in steps that can be repeated after a crash."""
        name, schema = collection.name, self._schema(collection.width)
        if is_changed := self._client.has_collection(name) and not self._has_fields(name, schema):
            _LOG.error("%s has other fields than it was made with; it is filled again from SQL", name)
            self._client.drop_collection(name)
        is_new = is_changed or not self._client.has_collection(name)
        if is_new:
            self._client.create_collection(name, schema=schema, consistency_level="Strong")
        if self._lite is None and not self._client.list_indexes(name):
            index = self._client.prepare_index_params()
            index.add_index("vector", index_type="FLAT", metric_type="IP")
            self._client.create_index(name, index, sync=False)  # waiting in pymilvus polls every 0.5 s
        self._client.load_collection(name)
        return is_new

    def _has_fields(self, name: str, schema: Any) -> bool:
        """Whether the stored collection has exactly the fields of the schema."""
        stored = self._client.describe_collection(name)["fields"]
        return _fields(stored) == _fields(schema.to_dict()["fields"])

    def _schema(self, width: int) -> Any:
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, max_length=_MAX_ID_BYTES, is_primary=True)
        for name in ("tenant_id", "revision", *self._columns.texts):
            schema.add_field(name, DataType.VARCHAR, max_length=_MAX_TEXT_BYTES)
        for name in self._columns.numbers:
            schema.add_field(name, DataType.DOUBLE)
        for name in self._columns.flags:
            schema.add_field(name, DataType.BOOL)
        for name in self._columns.tokens:
            schema.add_field(
                name,
                DataType.ARRAY,
                element_type=DataType.VARCHAR,
                max_capacity=_MAX_TOKENS,
                max_length=_MAX_TEXT_BYTES,
            )
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=width)
        return schema

    def _entity(self, row: VectorRow) -> dict[str, Any]:
        fixed = {"id": row.id, "tenant_id": row.tenant_id, "revision": row.revision, "vector": row.vector}
        tokens = {name: list(row.tokens(name)) for name in self._columns.tokens}
        return fixed | {name: row.values[name] for name in self._columns.names} | tokens

    def _hit(self, entity: dict[str, Any], score: float) -> VectorHit:
        return VectorHit(entity["id"], score, tuple(entity[name] for name in self._columns.output))

    def _chunks(
        self, name: str, columns: list[str], which: str = _EVERY_ROW
    ) -> Iterator[list[dict[str, Any]]]:
        """Read rows in chunks: from a server by iterator, from Lite by one unbounded query."""
        if self._lite is not None:
            yield self._client.query(name, filter=which, output_fields=columns)
            return
        rows = self._client.query_iterator(name, batch_size=_READ_CHUNK, filter=which, output_fields=columns)
        while chunk := rows.next():
            yield chunk
        rows.close()


def _lite_server(folder: Path) -> LiteServer:
    """Import Milvus Lite, which a catalogue on servers runs without; raises as `MilvusIndex`."""
    try:
        from services.catalog.vectors.lite_server import LiteServer
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "milvus_lite":
            raise
        raise FailedPrecondition(
            f"{MILVUS_URI} names no server, and Milvus Lite is not installed here: set it to that of a "
            "Milvus server, such as http://milvus:19530, or install Milvus Lite (the group embedded of "
            "pyproject.toml; the image all-in-one has it)",
            reason="MILVUS_LITE_NOT_INSTALLED",
        ) from error
    return LiteServer(folder)


def _client(address: str, grpc_options: dict[str, Any]) -> MilvusClient:
    """Connect. Raises ValueError if the address is none."""
    try:
        return MilvusClient(address, timeout=_TIMEOUT_S, grpc_options=grpc_options)
    except ConnectionConfigException as error:
        raise ValueError from error


def _means_lost(error: BaseException | None) -> bool:
    """Whether a driver's error tells that the collection is not there, not loaded, or has other fields."""
    return isinstance(error, DataNotMatchException) or getattr(error, "code", None) in _LOST


def _fields(described: Sequence[Any]) -> dict[str, tuple[int, object]]:
    """Type and dimension of fields, by name."""
    return {field["name"]: (int(field["type"]), field.get("params", {}).get("dim")) for field in described}
