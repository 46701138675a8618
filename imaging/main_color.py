"""Main colours of garments, and how well two of them agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from domain.taxonomy import Taxonomy
from domain.types import ColorShare, FloatArray
from imaging.ciede2000 import ciede2000
from imaging.color_weights import SHADES, ColorWeights, name_shares, seen_shares
from imaging.colors import Palette, lab_of

WIDTH = 20.0
"""The CIEDE2000 difference at which two colours agree by 0.61.

Source: measured on searches by text; docs/demo-models.md has the figures.
"""
_SAID = 0.5
"""How much it counts whether people would call a garment by the name that a text says.

Source: as above.
"""
_TINY = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class ColorName:
    """A name of the palette; `weights` tell how likely people call a garment so."""

    name: str
    palette: Palette
    weights: ColorWeights

    @classmethod
    def of(cls, name: str, taxonomy: Taxonomy) -> Self | None:
        """None where no weights were fitted for the colours of the taxonomy."""
        weights = ColorWeights.fitted_for(SHADES, list(taxonomy.colors))
        return None if weights is None else cls(name, Palette.of(taxonomy), weights)

    def likely(self, garments: Sequence[Sequence[ColorShare]]) -> FloatArray:
        """The probabilities (M,) that people call garments so that have these colours, at least one each."""
        shown = shown_shades(garments, self.palette)
        likely: FloatArray = self.weights.probabilities(shown)[:, self.weights.names.index(self.name)]
        return likely


@dataclass(frozen=True, slots=True, eq=False)
class MainColor:
    """A colour: any of `labs` (N, 3), CIE L*a*b* (D65). A name may have several, a measured colour one.

    `name` is that of a named colour, `measured` are all colours of a garment whose main one this is.
    """

    labs: FloatArray
    name: ColorName | None = None
    measured: tuple[ColorShare, ...] = ()

    @classmethod
    def named(cls, name: str, taxonomy: Taxonomy) -> Self:
        """The centres of a colour of the taxonomy."""
        return cls(np.array(taxonomy.centers_of(name), np.float32), ColorName.of(name, taxonomy))

    @classmethod
    def of(cls, colors: Sequence[ColorShare], taxonomy: Taxonomy) -> Self:
        """The first colour of a garment; one of no share was not measured but named by a person."""
        main = colors[0]
        if main.fraction == 0.0 and main.name in taxonomy.colors:
            return cls(np.array(taxonomy.centers_of(main.name), np.float32))
        return cls(lab_of(main.rgb)[None], measured=tuple(colors))

    def agreement(self, other: MainColor) -> float:
        """How well two colours agree, 0 to 1: see `agreements`."""
        return float(self.agreements([other])[0])

    def agreements(self, others: Sequence[MainColor]) -> FloatArray:
        """(M,): 1 for the same, less along a Gaussian of the CIEDE2000 difference, nearly 0 from 60 on.

        Between a named colour and measured ones this is the mean of that and of the square root of the
        probability that people call the garment so.
        """
        labs = np.concatenate([other.labs for other in others])
        starts = np.cumsum([0, *(len(other.labs) for other in others[:-1])])
        nearest = ciede2000(self.labs[:, None], labs[None]).min(axis=0)
        agreed = np.exp(-0.5 * (np.minimum.reduceat(nearest, starts) / WIDTH) ** 2).astype(np.float32)
        measured = [index for index, other in enumerate(others) if other.measured]
        if self.name is not None and measured:
            likely = self.name.likely([others[index].measured for index in measured])
            agreed[measured] = (1 - _SAID) * agreed[measured] + _SAID * np.sqrt(likely)
        return np.asarray(agreed, np.float32)


def shown_shades(garments: Sequence[Sequence[ColorShare]], palette: Palette) -> FloatArray:
    """What the weights of the shades see of garments that have these colours, at least one each: (M, N)."""
    colors = [color for garment in garments for color in garment]
    starts = np.cumsum([0, *(len(garment) for garment in garments[:-1])])
    masses = np.array([max(color.fraction, _TINY) for color in colors], np.float32)[:, None]
    labs = np.stack([lab_of(color.rgb) for color in colors])
    shares = name_shares(palette.differences(labs), palette.names) * masses
    shown = np.add.reduceat(shares, starts) / np.add.reduceat(masses, starts)
    return seen_shares(np.asarray(shown, np.float32))
