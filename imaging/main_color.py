"""Main colours of garments, and how well two of them agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from domain.taxonomy import Taxonomy
from domain.types import ColorShare, FloatArray
from imaging.ciede2000 import ciede2000
from imaging.colors import lab_of

FAR = 50.0
"""A CIEDE2000 difference from which two colours have nothing in common; red and blue have some 50."""


@dataclass(frozen=True, slots=True, eq=False)
class MainColor:
    """A colour `lab` (3,), CIE L*a*b* (D65), and the family that it is named after."""

    family: str
    lab: FloatArray

    @classmethod
    def named(cls, name: str, taxonomy: Taxonomy) -> Self:
        """The centre of a colour of the taxonomy."""
        return cls(taxonomy.family_of(name), np.array(taxonomy.colors[name], np.float32))

    @classmethod
    def of(cls, color: ColorShare, taxonomy: Taxonomy) -> Self:
        """A colour of a garment; one of no share was not measured but named by a person."""
        if color.fraction == 0.0 and color.name in taxonomy.colors:
            return cls.named(color.name, taxonomy)
        return cls(taxonomy.family_of(color.name), lab_of(color.rgb))

    def agreement(self, other: MainColor) -> float:
        """0.5 to 1 for two colours of a family, 0 to 0.5 for others; the nearer by CIEDE2000, the more."""
        nearness = max(0.0, 1.0 - float(ciede2000(self.lab, other.lab)) / FAR)
        return (float(self.family == other.family) + nearness) / 2
