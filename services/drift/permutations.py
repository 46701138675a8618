"""Random exchanges of two windows, which tell how large a difference chance makes.

Whole units are exchanged, because the photos of one unit are alike.
Source: P. Good, "Permutation, Parametric, and Bootstrap Tests of Hypotheses" (2005), chapter 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Exchanges:
    """Which units count as the current window: (R, U) float32 of 0 and 1. Row 0 is what was observed."""

    current: FloatArray

    @classmethod
    def draw(cls, reference_units: int, current_units: int, count: int, seed: int) -> Exchanges:
        """`count` exchanges beside what was observed; the units of the reference come first."""
        observed = np.zeros(reference_units + current_units, np.float32)
        observed[reference_units:] = 1.0
        random = np.random.default_rng(seed)
        exchanged = random.permuted(np.tile(observed, (count, 1)), axis=1)
        return cls(np.vstack([observed[None], exchanged]))

    def p_value(self, statistics: npt.NDArray[np.float64]) -> float:
        """The share of the (R,) statistics that are as large as the first, which is among them."""
        least = statistics[0] - 1e-9 * max(1.0, abs(float(statistics[0])))
        return float(np.mean(statistics >= least))


def holm(p_values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """P-values for the family of all tests, each at most 1; a test with twice the weight has twice the level.

    Source: S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure" (1979), section 4.
    """
    adjusted, largest, left = [0.0] * len(p_values), 0.0, sum(weights)
    for index in sorted(range(len(p_values)), key=lambda index: p_values[index] / weights[index]):
        largest = max(largest, min(1.0, left * p_values[index] / weights[index]))
        adjusted[index] = largest
        left -= weights[index]
    return adjusted
