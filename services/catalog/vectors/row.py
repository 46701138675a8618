"""Rows and hits of the vector store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.types import FloatArray


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a vector row beside its id, tenant, revision and vector.

    `shown` are those of the texts that come with every hit.
    """

    texts: tuple[str, ...]
    numbers: tuple[str, ...]
    flags: tuple[str, ...]
    shown: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.texts, *self.numbers, *self.flags)


@dataclass(frozen=True, slots=True, eq=False)
class VectorRow:
    """An item as search sees it; `values` fills the columns, the vector is (D,) float32 of length one."""

    id: str
    tenant_id: str
    revision: str
    values: Mapping[str, str | float | bool]
    vector: FloatArray


@dataclass(frozen=True, slots=True)
class VectorHit:
    """A found row; `score` is the cosine of the two vectors, `texts` are the columns that are shown."""

    item_id: str
    score: float
    texts: tuple[str, ...] = ()
