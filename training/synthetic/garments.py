"""Drawn garments: all kinds, and how one is drawn on a transparent background."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from training.synthetic.accessories import accessories
from training.synthetic.bottoms import bottoms
from training.synthetic.canvas import Canvas, Garment, Kind, Rgba, trim
from training.synthetic.fabric import weave
from training.synthetic.tops import tops


def kinds() -> Mapping[str, Kind]:
    """All kinds of garments that can be drawn, by name."""
    return MappingProxyType({**tops(), **bottoms(), **accessories()})


def draw(garment: Garment, side: int, rng: np.random.Generator) -> Rgba:
    """Draw a garment on a transparent background, cropped to its outline; at most `side` pixels a side."""
    kind = kinds()[garment.kind]
    canvas = Canvas(side, kind.origin_y)
    fabric = weave(side, garment.pattern, garment.base, garment.accent, rng)
    kind.draw(canvas, fabric, garment, rng)
    return trim(canvas.finish(rng))
