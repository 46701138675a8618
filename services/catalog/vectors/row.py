"""Rows of the vector index, and the hits of a search in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from domain.types import FloatArray

RowKey: TypeAlias = tuple[str, str]
"""Tenant and item id."""

Value: TypeAlias = str | float | bool | tuple[str, ...]
"""A value of a column."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a row beside its id, tenant, revision and vector.

    Attributes:
        output: the text columns that come with every hit.
        tokens: the columns with a set of texts each.
    """

    texts: tuple[str, ...]
    numbers: tuple[str, ...]
    flags: tuple[str, ...]
    output: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.texts, *self.numbers, *self.flags, *self.tokens)


@dataclass(frozen=True, slots=True, eq=False)
class VectorRow:
    """A row of an item; `values` has the columns, the vector is (D,) float32, L2-normalised."""

    id: str
    tenant_id: str
    revision: str
    values: Mapping[str, Value]
    vector: FloatArray

    def tokens(self, name: str) -> tuple[str, ...]:
        """The value of a column of tokens."""
        value = self.values[name]
        return value if isinstance(value, tuple) else ()

    @property
    def key(self) -> RowKey:
        return self.tenant_id, self.id


@dataclass(frozen=True, slots=True)
class VectorHit:
    """A hit; `score` is the cosine of the two vectors, `texts` has the output columns."""

    item_id: str
    score: float
    texts: tuple[str, ...] = ()
