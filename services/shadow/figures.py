"""How far two embedders agree on the same photos."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from domain.types import AnalyzedItem, FloatArray, ModelVersion

NEIGHBOURS = 10
MIN_KEPT, MAX_KEPT = 100, 1000
"""Garments that neighbours are looked for among."""


@dataclass(frozen=True, slots=True)
class ShadowFigures:
    """Of a pair of embedders since a moment.

    Attributes:
        photos: how many were compared.
        garments: of them, those that both could have named.
        same_labels: those of which both say the same category.
        neighbourhoods: garments whose ten nearest of the garments before were compared.
        overlap: the mean share of these ten that both embedders name.
        dropped: photos of the sample that were not compared, because others waited.
        failed: photos that the candidate or the live models could not answer again.
    """

    live: ModelVersion
    candidate: ModelVersion
    since_us: int
    photos: int = 0
    garments: int = 0
    same_labels: int = 0
    neighbourhoods: int = 0
    overlap: float = 0.0
    dropped: int = 0
    failed: int = 0

    @property
    def label_agreement(self) -> float:
        """The share of garments with the same category; 0 where there is none."""
        return self.same_labels / self.garments if self.garments else 0.0


class Neighbourhoods:
    """The garments that came last, as both embedders see them.

    Source: overlap@k of nearest neighbours, as for comparing collections in a back-fill.
    """

    def __init__(self) -> None:
        self._live: deque[FloatArray] = deque(maxlen=MAX_KEPT)
        self._candidate: deque[FloatArray] = deque(maxlen=MAX_KEPT)

    def add(self, live: FloatArray, candidate: FloatArray) -> float | None:
        """Keep a garment; returns the share of its ten nearest that both name, None while there are few.

        Both are L2-normalised, and may have other widths.
        """
        found = None
        if len(self._live) >= MIN_KEPT:
            both = _nearest(self._live, live) & _nearest(self._candidate, candidate)
            found = len(both) / NEIGHBOURS
        self._live.append(live)
        self._candidate.append(candidate)
        return found


def _nearest(kept: deque[FloatArray], vector: FloatArray) -> set[int]:
    similarities = np.stack(kept) @ vector
    return set(np.argpartition(-similarities, NEIGHBOURS)[:NEIGHBOURS].tolist())


def same_label(live: AnalyzedItem, candidate: AnalyzedItem) -> bool:
    """Whether both embedders say the same category of a garment, or both that it is none."""
    return _category(live) == _category(candidate)


def _category(item: AnalyzedItem) -> str:
    category = item.attributes.get("category")
    return category.value if item.accepted and category is not None else ""
