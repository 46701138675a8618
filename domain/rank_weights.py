"""The weights of the terms by which hits of a search are ranked."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TypeAlias

from domain.errors import InvalidInput

_MAX_WEIGHT = 10.0


@dataclass(frozen=True, slots=True)
class RankWeights:
    """What a full agreement adds to the cosine, 0 to 10; `category` of None is the server's bonus."""

    category: float | None = None
    attributes: float = 0.0
    color: float = 0.0
    shape: float = 0.0
    brand: float = 0.0
    price: float = 0.0

    def check(self, field: str = "rank_weights") -> None:
        """Raises InvalidInput if a weight is not from 0 to 10."""
        for each in fields(self):
            weight = getattr(self, each.name)
            if weight is not None and not (math.isfinite(weight) and 0.0 <= weight <= _MAX_WEIGHT):
                text = f"must be from 0 to {_MAX_WEIGHT:g}, got {weight:g}"
                raise InvalidInput(f"{field}.{each.name}", text)


WeightsOf: TypeAlias = Callable[[str], "RankWeights | None"]
"""The weights of a tenant's searches that give none; None for the server's."""


def no_weights(_tenant_id: str) -> None:
    """A `WeightsOf` where no tenant has weights of its own."""
