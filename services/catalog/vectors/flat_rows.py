"""The rows of one collection in memory, searched exactly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from threading import Lock

import numpy as np

from domain.types import FloatArray
from services.catalog.vectors.flat_columns import FlatColumns
from services.catalog.vectors.predicates import Predicate
from services.catalog.vectors.row import Columns, RowKey, VectorHit, VectorRow
from services.catalog.vectors.text_codes import Codes
from services.catalog.vectors.value_counts import CountedColumns, ValueCount
from services.catalog.vectors.vector_blocks import Indices, VectorBlocks


class FlatRows:
    """Rows as arrays: a search multiplies all vectors and evaluates the predicate on all rows.

    Rows have the numbers 0 to `len - 1`, in no order. It is thread-safe; calls run one after the other.
    """

    def __init__(self, width: int, columns: Columns, capacity: int = 0) -> None:
        """`capacity`, the expected number of rows if known, saves memory and time."""
        self._lock = Lock()
        self._ids: list[str] = []
        self._revisions: list[str] = []
        self._indices: dict[str, int] = {}
        self._vectors = VectorBlocks(width, capacity)
        self._columns = FlatColumns(columns)

    def __len__(self) -> int:
        return len(self._ids)

    def upsert(self, rows: Sequence[VectorRow]) -> None:
        """Write rows by id; if several have the same id, the last one counts."""
        rows = list({row.id: row for row in rows}.values())
        if not rows:
            return
        vectors = np.stack([row.vector for row in rows])
        with self._lock:
            indices = np.array([self._index_of(row.id) for row in rows], np.intp)
            self._vectors.reserve(len(self._ids))
            self._columns.reserve(self._vectors.capacity)
            for index, row in zip(indices, rows, strict=True):
                self._revisions[index] = row.revision
            self._vectors.write(indices, vectors)
            self._columns.write(indices, rows)
            self._columns.drop_unused_texts(len(self._ids))

    def delete(self, item_ids: Iterable[str]) -> None:
        """Remove rows; unknown ids are no error."""
        with self._lock:
            for item_id in item_ids:
                if item_id in self._indices:
                    self._remove(item_id)
            self._columns.drop_unused_texts(len(self._ids))

    def revisions(self) -> dict[RowKey, str]:
        """Revision by tenant and item id."""
        with self._lock:
            tenants = [self._columns.text("tenant_id", index) for index in range(len(self._ids))]
            return dict(zip(zip(tenants, self._ids, strict=True), self._revisions, strict=True))

    def rows(self, item_ids: Iterable[str]) -> list[VectorRow]:
        """The rows with these ids that exist."""
        with self._lock:
            indices = [self._indices[item_id] for item_id in item_ids if item_id in self._indices]
            vectors = self._vectors.read(np.array(indices, np.intp))
            return [self._row(index, vector) for index, vector in zip(indices, vectors, strict=True)]

    def fingerprint(self) -> str:
        """A hash of all ids and revisions that does not depend on their order."""
        with self._lock:
            entries = sorted(zip(self._ids, self._revisions, strict=True))
        return hashlib.sha256("\n".join(f"{id} {revision}" for id, revision in entries).encode()).hexdigest()

    def search(
        self, vectors: Sequence[FloatArray], predicate: Predicate, max_hits: int, group_by: str = ""
    ) -> list[list[VectorHit]]:
        """The nearest rows that pass the predicate, best first, for each L2-normalised vector (D,) float32.

        Scores are cosines, -1 to 1. `group_by` is as in `VectorIndex.search`.
        """
        with self._lock:
            count = len(self._ids)
            indices = np.flatnonzero(self._columns.mask(predicate, count, self._indices))
            scores = self._vectors.scores(np.stack(vectors), count)
            if group_by:
                return [self._best_of_groups(row[indices], indices, max_hits, group_by) for row in scores]
            return [self._best(row[indices], indices, max_hits) for row in scores]

    def count_values(
        self, predicate: Predicate, counted: Sequence[CountedColumns], max_values: int
    ) -> list[list[ValueCount]]:
        """See `VectorIndex.count_values`."""
        with self._lock:
            rows = np.flatnonzero(self._columns.mask(predicate, len(self._ids), self._indices))
            return [self._columns.count_values(each, rows, self._ids, max_values) for each in counted]

    def _best_of_groups(
        self, scores: FloatArray, indices: Indices, max_hits: int, group_by: str
    ) -> list[VectorHit]:
        codes, ungrouped = self._columns.groups(group_by, indices)
        kept = _group_heads(scores, codes, ungrouped)
        return self._best(scores[kept], indices[kept], max_hits)

    def _best(self, scores: FloatArray, indices: Indices, max_hits: int) -> list[VectorHit]:
        if len(scores) > max_hits:
            nearest = np.argpartition(-scores, max_hits)[:max_hits]
            scores, indices = scores[nearest], indices[nearest]
        order = np.argsort(-scores, kind="stable")
        return [self._hit(int(indices[i]), float(scores[i])) for i in order]

    def _hit(self, index: int, score: float) -> VectorHit:
        texts = tuple(self._columns.text(name, index) for name in self._columns.output)
        return VectorHit(self._ids[index], score, texts)

    def _row(self, index: int, vector: FloatArray) -> VectorRow:
        values = self._columns.values(index)
        tenant_id = str(values.pop("tenant_id"))
        return VectorRow(self._ids[index], tenant_id, self._revisions[index], values, vector)

    def _index_of(self, item_id: str) -> int:
        """The number of a row; a new row is added at the end."""
        index = self._indices.get(item_id)
        if index is None:
            index = self._indices[item_id] = len(self._ids)
            self._ids.append(item_id)
            self._revisions.append("")
        return index

    def _remove(self, item_id: str) -> None:
        """Remove a row; the last row takes its number."""
        index, last = self._indices.pop(item_id), len(self._ids) - 1
        moved, revision = self._ids.pop(), self._revisions.pop()
        if index != last:
            self._ids[index], self._revisions[index], self._indices[moved] = moved, revision, index
            source, target = np.array([last]), np.array([index])
            self._vectors.write(target, self._vectors.read(source))
            self._columns.move(source, target)


def _group_heads(scores: FloatArray, codes: Codes, ungrouped: int) -> Indices:
    """The positions of the row with the best score of each code, and of all rows with the code `ungrouped`.

    If rows with the best score of a code tie, the first is taken.
    """
    size = int(codes.max(initial=0)) + 1
    best = np.full(size, -np.inf, np.float32)
    np.maximum.at(best, codes, scores)
    heads = np.flatnonzero(scores == best[codes])
    first = np.full(size, len(codes), np.intp)
    np.minimum.at(first, codes[heads], heads)
    kept = first[codes] == np.arange(len(codes))
    return np.flatnonzero(kept | (codes == ungrouped))
