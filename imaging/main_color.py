"""Main colours of garments, and how well two of them agree."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from domain.taxonomy import Taxonomy
from domain.types import ColorShare, FloatArray
from imaging.ciede2000 import ciede2000
from imaging.colors import lab_of

WIDTH = 20.0
"""The CIEDE2000 difference at which two colours agree by 0.61.

Source: measured on searches by text; docs/demo-models.md has the figures.
"""


@dataclass(frozen=True, slots=True, eq=False)
class MainColor:
    """A colour: any of `labs` (N, 3), CIE L*a*b* (D65). A name may have several, a measured colour one."""

    labs: FloatArray

    @classmethod
    def named(cls, name: str, taxonomy: Taxonomy) -> Self:
        """The centres of a colour of the taxonomy."""
        return cls(np.array(taxonomy.centers_of(name), np.float32))

    @classmethod
    def of(cls, color: ColorShare, taxonomy: Taxonomy) -> Self:
        """A colour of a garment; one of no share was not measured but named by a person."""
        if color.fraction == 0.0 and color.name in taxonomy.colors:
            return cls.named(color.name, taxonomy)
        return cls(lab_of(color.rgb)[None])

    def agreement(self, other: MainColor) -> float:
        """1 for the same colour, less along a Gaussian of the CIEDE2000 difference, nearly 0 from 60 on."""
        difference = float(ciede2000(self.labs[:, None], other.labs[None]).min())
        return math.exp(-0.5 * (difference / WIDTH) ** 2)
