"""What people call a garment, from how much of each name it shows: the family, and the shade."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np

from domain.types import FloatArray

FAMILIES = Path(__file__).with_name("family_weights.json")
SHADES = Path(__file__).with_name("shade_weights.json")
"""Written by `python -m training color-weights`, from garments that people annotated."""
_SPREAD = 6.0
"""The CIEDE2000 difference at which a centre counts 0.61 for a colour beside one that it hits."""
_TINY = 0.01
_LAB_UNIT = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class ColorWeights:
    """A linear layer over what a garment shows (F,): `factors` (N, F) and `offsets` (N,) for the `names`.

    It knows that much grey with a little blue is called blue, and that grey in the shade is called white.
    """

    names: tuple[str, ...]
    factors: FloatArray
    offsets: FloatArray

    @classmethod
    def fitted_for(cls, file: Path, names: Sequence[str]) -> Self | None:
        """The weights of a file for these names; None if they were fitted for others."""
        content = _read(file)
        if content["names"] != sorted(set(names)):
            return None
        factors, offsets = (np.array(content[key], np.float32) for key in ("factors", "offsets"))
        return cls(tuple(content["names"]), factors, offsets)

    def likeliest(self, shown: FloatArray) -> str:
        """The name that people would most likely say for (F,)."""
        return self.names[int(self._scores(shown).argmax())]

    def probabilities(self, shown: FloatArray) -> FloatArray:
        """How likely people say each of the names: (M, N) for (M, F)."""
        scores = self._scores(shown)
        raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
        likely: FloatArray = raised / raised.sum(axis=-1, keepdims=True)
        return likely

    def _scores(self, shown: FloatArray) -> FloatArray:
        scores: FloatArray = shown @ self.factors.T + self.offsets
        return scores


def name_shares(differences: FloatArray, names: Sequence[str]) -> FloatArray:
    """How much of each name, sorted, colours show: (..., N), which sums to 1.

    `differences` (..., C) are from the centres that have the `names` (C,). A colour between two centres is
    shared by them.
    """
    near = np.exp(-0.5 * ((differences - differences.min(axis=-1, keepdims=True)) / _SPREAD) ** 2)
    columns = np.array([[name == each for each in sorted(set(names))] for name in names], np.float32)
    shares: FloatArray = near / near.sum(axis=-1, keepdims=True) @ columns
    return shares


def seen_shares(shares: FloatArray) -> FloatArray:
    """What the layer of shades sees of shares (..., N)."""
    logarithms: FloatArray = np.log(shares + _TINY)
    return logarithms


def seen_families(shares: FloatArray, of_all: FloatArray, largest: FloatArray) -> FloatArray:
    """What the layer of families sees: (2 N + 3,).

    Its shares (N,), those `of_all` pixels (N,), the ground's too, and CIE L*a*b* (3,) of the largest colour.
    """
    return np.concatenate([seen_shares(shares), seen_shares(of_all), largest / _LAB_UNIT])


@cache
def _read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content
