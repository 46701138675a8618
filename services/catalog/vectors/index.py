"""The vector index: nearest neighbours among the rows of collections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.types import FloatArray
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.predicates import Predicate
from services.catalog.vectors.row import RowKey, VectorHit, VectorRow


class CollectionSource(Protocol):
    """What the database says of a collection, read when it is asked for."""

    def count(self) -> int:
        """About how many rows there are."""
        ...

    def rows(self) -> Iterable[VectorRow]: ...

    def revisions(self) -> Mapping[RowKey, str]:
        """The revision of every row."""
        ...


@dataclass(frozen=True, slots=True)
class Differences:
    """Rows that an index lacks or holds in another revision, and rows that it should not hold."""

    outdated: tuple[RowKey, ...] = ()
    surplus: tuple[RowKey, ...] = ()


class VectorIndex(Protocol):
    """Search by inner product over vectors of length one, so scores are cosines.

    Calls block: make them from a worker thread. Searches may run at the same time as each other and as one
    write; one thread at a time writes. Every method raises Unavailable where the index cannot answer.
    """

    def open(self) -> None:
        """Raises InvalidInput where the address names no index."""
        ...

    def close(self) -> None: ...

    def open_collection(self, collection: Collection, source: CollectionSource) -> Differences:
        """Make a collection ready to be searched; returns what has to be written for it to match `source`."""
        ...

    def upsert(self, collection: Collection, rows: Sequence[VectorRow]) -> None:
        """Write rows by id; a search that begins after this sees them."""
        ...

    def delete(self, collection: Collection, item_ids: Sequence[str]) -> None:
        """Remove rows; ids that are not there are no error."""
        ...

    def search(
        self, collection: Collection, vectors: Sequence[FloatArray], predicate: Predicate, max_hits: int
    ) -> list[list[VectorHit]]:
        """The nearest rows that pass, best first, for each of the vectors (D,) float32."""
        ...
