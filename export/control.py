"""How far the outputs for different inputs lie apart.

A network that answers the same to everything, as an untrained one may, passes every parity check. So parity
figures are read beside these.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray


def distances(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Euclidean distance (N,) of each row of `first` (N, D) to the same row of `second` (N, D)."""
    return np.asarray(np.linalg.norm(first.astype(np.float64) - second.astype(np.float64), axis=1))


def control_distance(rows: npt.NDArray[Any]) -> float:
    """Median Euclidean distance between different rows of (N, D)."""
    first, second = np.triu_indices(len(rows), k=1)
    return float(np.median(distances(rows[first], rows[second])))


def control_difference(outputs: FloatArray) -> float:
    """Median over pairs of inputs of the largest difference between their outputs (N, ...)."""
    first, second = np.triu_indices(len(outputs), k=1)
    pairs = zip(first, second, strict=True)
    return float(np.median([np.abs(outputs[i] - outputs[j]).max() for i, j in pairs]))


def to_control(difference: float, control: float) -> float:
    """A difference as a share of the control; infinite where the control is 0."""
    return difference / control if control else float("inf")
