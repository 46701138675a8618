"""The `VectorIndex` protocol: nearest-neighbour search in collections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from domain.errors import Unavailable
from domain.types import FloatArray
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.predicates import Predicate
from services.catalog.vectors.row import RowKey, VectorHit, VectorRow
from services.catalog.vectors.value_counts import CountedColumns, ValueCount

StoredRows: TypeAlias = Sequence[tuple[RowKey, str]]
"""Keys with their revisions. A row that is stored twice is there twice."""


class CollectionSource(Protocol):
    """The rows of a collection in the database, read on demand."""

    def count(self) -> int:
        """The approximate number of rows."""
        ...

    def rows(self) -> Iterable[VectorRow]: ...

    def revisions(self) -> Mapping[RowKey, str]:
        """The revision of every row."""
        ...


@dataclass(frozen=True, slots=True)
class Differences:
    """The differences of an index to the database: missing or outdated rows, and superfluous ones."""

    outdated: tuple[RowKey, ...] = ()
    surplus: tuple[RowKey, ...] = ()


def differences(stored: Mapping[RowKey, str], wanted: Mapping[RowKey, str]) -> Differences:
    """How stored rows differ from those that are wanted, both as revisions by key."""
    outdated = tuple(key for key, revision in wanted.items() if stored.get(key) != revision)
    return Differences(outdated, tuple(stored.keys() - wanted.keys()))


class CollectionLost(Unavailable):
    """Somebody else dropped or changed the collection of this name; it must be compared with SQL."""

    reason = "VECTOR_STORE_UNAVAILABLE"

    def __init__(self, name: str) -> None:
        super().__init__("the vector store cannot answer")
        self.name = name


class VectorIndex(Protocol):
    """Search by inner product of L2-normalised vectors, so scores are cosines.

    Calls block, so they belong on a worker thread. Searches may run concurrently with each other and with one
    write. Every method raises Unavailable if the index does not answer, and CollectionLost if it has noticed
    that. `shared` says whether other processes can change it.
    """

    shared: bool

    def open(self) -> None:
        """Open the index. Raises InvalidInput if its address is invalid."""
        ...

    def close(self) -> None: ...

    def open_collection(self, collection: Collection, source: CollectionSource) -> Differences:
        """Open a collection for searches; returns its differences to `source`, which must be written."""
        ...

    def drop_collection(self, collection: Collection) -> None:
        """Remove a collection with its rows; one that is not there is no error."""
        ...

    def compact(self, collection: Collection) -> None:
        """Take rows that were deleted out of the files, as far as the index can; it may take long."""
        ...

    def count(self, collection: Collection) -> int:
        """The number of rows."""
        ...

    def stored_rows(self, collection: Collection) -> Sequence[StoredRows]:
        """Every row of each copy of the collection; the first copy is the one that is searched."""
        ...

    def other_rows(self, collection: Collection, tenant_id: str) -> set[str]:
        """The ids of a tenant's rows in a collection that may have the columns of another release."""
        ...

    def delete_others(self, collection: Collection, item_ids: Sequence[str]) -> None:
        """Remove rows of such a collection, also from its files as far as the index can."""
        ...

    def upsert(self, collection: Collection, rows: Sequence[VectorRow]) -> None:
        """Write rows by id; searches that start afterwards find them."""
        ...

    def delete(self, collection: Collection, item_ids: Sequence[str]) -> None:
        """Remove rows; unknown ids are no error."""
        ...

    def search(
        self,
        collection: Collection,
        vectors: Sequence[FloatArray],
        predicate: Predicate,
        max_hits: int,
        group_by: str = "",
    ) -> list[list[VectorHit]]:
        """The nearest rows that pass the predicate, best first, for each of the vectors (D,) float32.

        With `group_by`, a text column of the output, only the nearest row of those with the same text; rows
        without a text are not grouped.
        """
        ...

    def count_values(
        self,
        collection: Collection,
        predicate: Predicate,
        counted: Sequence[CountedColumns],
        max_values: int,
    ) -> list[list[ValueCount]]:
        """The values of each of `counted` among the rows that pass the predicate, most frequent first."""
        ...
