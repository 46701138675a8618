"""Which colour family people call a garment, from how much of each family it shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np

from domain.types import FloatArray

FILE = Path(__file__).with_suffix(".json")
"""Written by `python -m training family-weights`, from garments that people annotated."""
_SPREAD = 6.0
"""The CIEDE2000 difference at which a centre counts 0.61 for a colour beside one that it hits."""
_TINY = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class FamilyWeights:
    """A linear layer over logarithms of shares: `factors` (F, F), `offsets` (F,), in the order of `families`.

    It knows that much grey with a little blue is called blue, and that grey in the shade is called white.
    """

    families: tuple[str, ...]
    factors: FloatArray
    offsets: FloatArray

    @classmethod
    def fitted_for(cls, families: Sequence[str]) -> Self | None:
        """The weights for a palette of these families; None if they were fitted for others."""
        content = _read()
        if content["families"] != sorted(set(families)):
            return None
        factors, offsets = (np.array(content[key], np.float32) for key in ("factors", "offsets"))
        return cls(tuple(content["families"]), factors, offsets)

    def likeliest(self, shares: FloatArray) -> str:
        """The family that people would most likely say, from how much of each is shown (F,)."""
        scores = self.factors @ log_shares(shares) + self.offsets
        return self.families[int(scores.argmax())]


def family_shares(differences: FloatArray, families: Sequence[str], masses: FloatArray) -> FloatArray:
    """How much of each family, sorted by name, K colours show: (K, F), which sums to 1.

    `differences` (K, N) are from the centres of the `families` (N,); `masses` (K,) say how much a colour
    counts. A colour between two centres is shared by them.
    """
    near = np.exp(-0.5 * ((differences - differences.min(axis=1, keepdims=True)) / _SPREAD) ** 2)
    columns = np.array([[family == name for name in sorted(set(families))] for family in families])
    shares: FloatArray = near / near.sum(axis=1, keepdims=True) @ columns * masses[:, None] / masses.sum()
    return shares


def log_shares(shares: FloatArray) -> FloatArray:
    """What the layer sees of shares."""
    logarithms: FloatArray = np.log(shares + _TINY)
    return logarithms


@cache
def _read() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content
