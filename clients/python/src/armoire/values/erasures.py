"""Erasures: what was removed for good."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErasedStore:
    """What an erasure has removed from a store, and how much a count at the end has found."""

    store: str
    removed: int
    remaining: int


@dataclass(frozen=True, slots=True)
class ErasureReport:
    """What was removed of a tenant or a product; the other of the two is "", both are for an end user."""

    tenant: str
    product_id: str
    stores: tuple[ErasedStore, ...]

    @property
    def remaining(self) -> int:
        """How much is left in all stores: 0."""
        return sum(store.remaining for store in self.stores)
