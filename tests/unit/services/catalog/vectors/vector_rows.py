"""Rows for tests of the vector index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.types import FloatArray, ModelVersion
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.row import Columns, RowKey, Value, VectorRow

WIDTH = 8
COLUMNS = Columns(
    ("first", "second"), numbers=("price",), flags=("sale",), output=("second",), tokens=("tags",)
)
SHELF = Collection("shelf", ModelVersion("m", "p"), WIDTH)
WORDS = ["", "red", "blue", 'a"b\\', "grün"]


def direction(*values: float) -> FloatArray:
    """(WIDTH,) float32 of length one; values that are not given are 0."""
    made = np.zeros(WIDTH, np.float32)
    made[: len(values)] = values
    return (made / np.linalg.norm(made)).astype(np.float32)


def row(
    id: str, vector: FloatArray, second: str = "", *, revision: str = "1", tenant_id: str = "t"
) -> VectorRow:
    values: dict[str, Value] = {"first": "", "second": second, "price": 1.0, "sale": False, "tags": ()}
    return VectorRow(id, tenant_id, revision, values, vector)


def random_row(number: int, random: np.random.Generator) -> VectorRow:
    values: dict[str, Value] = {
        "first": str(random.choice(WORDS)),
        "second": str(random.choice(WORDS)),
        "price": float(random.integers(0, 5)),
        "sale": bool(random.integers(0, 2)),
        "tags": tuple(f"a={word}" for place, word in enumerate(WORDS) if number >> place & 1),
    }
    tenant = f"t{random.integers(0, 2)}"
    return VectorRow(f"r{number}", tenant, f"v{number}", values, direction(*random.normal(size=WIDTH)))


def random_rows(count: int, seed: int = 1) -> list[VectorRow]:
    random = np.random.default_rng(seed)
    return [random_row(number, random) for number in range(count)]


def nearest(rows: Iterable[VectorRow], vector: FloatArray) -> list[str]:
    """Ids by falling cosine."""
    return [row.id for row in sorted(rows, key=lambda row: -float(row.vector @ vector))]


@dataclass(frozen=True)
class ListSource:
    """A `CollectionSource` of rows at hand."""

    held: Sequence[VectorRow] = ()

    def count(self) -> int:
        return len(self.held)

    def rows(self) -> Iterable[VectorRow]:
        return self.held

    def revisions(self) -> Mapping[RowKey, str]:
        return {row.key: row.revision for row in self.held}
