"""Which split of a dataset a photo belongs to."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import InvalidInput

_TOLERANCE = 1e-6


class DatasetSplit(StrEnum):
    """The names that training tools give them."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class DatasetShares:
    """The shares of the splits, which sum to 1."""

    train: float = 0.8
    val: float = 0.1
    test: float = 0.1

    def check(self) -> DatasetShares:
        """The shares, unchanged. Raises InvalidInput where they are none."""
        shares = (self.train, self.val, self.test)
        total = sum(shares)
        if not (all(math.isfinite(share) and share >= 0.0 for share in shares) and _is_one(total)):
            raise InvalidInput("shares", f"must be numbers from 0 that sum to 1, got {shares}")
        return self

    def split_of(self, image_id: str, product_id: str) -> DatasetSplit:
        """The split of a product's photos, or of a photo without one: it follows from the id alone.

        A hash spreads the ids evenly over 0 to 1, so what is there already stays where it is when more comes.
        """
        digest = hashlib.sha256((product_id or image_id).encode()).digest()
        place = int.from_bytes(digest[:8], "big") / 2**64
        # A share of 0 has no photos, whatever the sum of the others is rounded to.
        if place < self.train or not (self.val or self.test):
            return DatasetSplit.TRAIN
        before_test = place < self.train + self.val or not self.test
        return DatasetSplit.VAL if self.val and before_test else DatasetSplit.TEST


def _is_one(total: float) -> bool:
    return abs(total - 1.0) <= _TOLERANCE
