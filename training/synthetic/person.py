"""Draws a person who wears several garments, with the box of what is seen of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np

from domain.types import Box, Pixels
from training.synthetic import anatomy
from training.synthetic.body import IN_POCKET, Body
from training.synthetic.canvas import Garment
from training.synthetic.fabric import as_pixels
from training.synthetic.outline import ellipse
from training.synthetic.painting import Painting
from training.synthetic.sketch import FIRST_GARMENT, PROP, Cloth, Sketch, cut_cloth
from training.synthetic.worn_accessories import (
    BAGS,
    HATS,
    SHOES,
    draw_bag_in_hand,
    draw_bag_strap,
    draw_hat,
    draw_scarf,
    draw_shoes,
)  # fmt: skip
from training.synthetic.worn_bottoms import (
    WAISTBAND_Y,
    draw_dress,
    draw_skirt,
    draw_trousers,
    dress_cuts,
    leg_cuts,
    skirt_cuts,
)  # fmt: skip
from training.synthetic.worn_tops import TopCut, draw_lining, draw_open, draw_sleeves, draw_top, top_cuts

HEAD = (0.0, 0.1)
"""How far the head is moved from its place, by heads."""
TALL = 7.6
"""Heads from the top of a hat to the soles, about."""


@dataclass(frozen=True, slots=True)
class Outfit:
    """What a person wears; each part is a garment or None. `kind` of a garment says how it is cut.

    `tucked` puts the top into the trousers or skirt, `bag_side` is 0 (left in the picture) or 1, `gap` is
    half the opening of the outerwear at its hem. A scarf is drawn, but is no garment of its own.
    """

    top: Garment | None = None
    outerwear: Garment | None = None
    bottom: Garment | None = None
    dress: Garment | None = None
    shoes: Garment | None = None
    hat: Garment | None = None
    bag: Garment | None = None
    scarf: Garment | None = None
    tucked: bool = False
    bag_side: int = 1
    gap: float = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPerson:
    """The picture (H, W, 3), and the box of what is seen of each part of the outfit, by its name."""

    picture: Pixels
    boxes: Mapping[str, Box] = field(default_factory=dict)


def worn_kinds() -> Mapping[str, tuple[str, ...]]:
    """The kinds of garments that can be drawn on a person, by part of the outfit."""
    outer = ("jacket", "blazer", "coat", "cardigan")
    return {
        "top": tuple(kind for kind in top_cuts() if kind not in outer),
        "outerwear": outer,
        "bottom": (*leg_cuts(), *skirt_cuts()),
        "dress": tuple(dress_cuts()),
        "shoes": SHOES,
        "hat": HATS,
        "bag": BAGS,
    }


def draw_person(
    background: Pixels,
    body: Body,
    outfit: Outfit,
    foot: tuple[float, float],
    scale: float,
    rng: np.random.Generator,
) -> DrawnPerson:
    """Draw a person on a background.

    `foot` is the pixel (x, y) between the soles, `scale` the height of a head in pixels.
    """
    low = max(float(body.legs[side][2][1]) for side in (0, 1)) + 0.45
    painting = Painting(background, scale, (foot[0] - scale * body.pose.sway, foot[1] - scale * low))
    sketch = Sketch(painting, body, rng)
    _ground_shadow(sketch, low)
    cloths = _cut(sketch, outfit)
    _Dressing(sketch, outfit, cloths).draw()
    boxes = {name: painting.box(cloth.owner) for name, cloth in cloths.items() if name != "scarf"}
    return DrawnPerson(
        as_pixels(painting.color), {name: box for name, box in boxes.items() if box is not None}
    )


def _ground_shadow(sketch: Sketch, low: float) -> None:
    painting = sketch.painting
    stencil = painting.polygon(ellipse(sketch.body.pose.sway + 0.25, low - 0.06, 1.25, 0.16))
    soft = cv2.GaussianBlur(stencil, (0, 0), 0.12 * painting.scale)
    painting.ink(soft, (36, 34, 38), 0.5)


def _cut(sketch: Sketch, outfit: Outfit) -> dict[str, Cloth]:
    tops = {
        "top": 1.3,
        "outerwear": 1.2,
        "bottom": WAISTBAND_Y,
        "dress": 1.5,
        "shoes": 6.6,
        "hat": -0.3,
        "bag": 3.3,
    }
    tops["scarf"] = 1.0
    cloths = {}
    for number, (name, top_y) in enumerate(tops.items(), FIRST_GARMENT):
        if (garment := getattr(outfit, name)) is not None:
            cloths[name] = cut_cloth(sketch, garment, PROP if name == "scarf" else number, top_y)
    return cloths


class _Dressing:
    """The order in which the parts are drawn, from back to front."""

    def __init__(self, sketch: Sketch, outfit: Outfit, cloths: Mapping[str, Cloth]) -> None:
        self._sketch, self._outfit, self._cloths = sketch, outfit, cloths
        self._bottom = cloths.get("bottom")

    def draw(self) -> None:
        self._draw_behind()
        anatomy.draw_legs(self._sketch)
        self._draw_shoes(early=True)
        anatomy.draw_trunk(self._sketch)
        if self._outfit.tucked:
            self._draw_top()
            self._draw_bottom()
        else:
            self._draw_bottom()
            self._draw_top()
        self._draw_shoes(early=False)
        if (outer := self._cloths.get("outerwear")) is not None:
            draw_open(self._sketch, outer, top_cuts()[outer.kind], self._outfit.gap)
        self._draw_head()
        self._draw_bag_and_arms()

    def _draw_behind(self) -> None:
        with self._sketch.painting.moved(*HEAD):
            anatomy.draw_hair_behind(self._sketch)
        if (outer := self._cloths.get("outerwear")) is not None:
            draw_lining(self._sketch, outer, top_cuts()[outer.kind])

    def _draw_shoes(self, early: bool) -> None:
        """High boots go over narrow trousers and bare legs; other shoes are below the hems."""
        shoes, bottom = self._cloths.get("shoes"), self._bottom
        wide = bottom is not None and bottom.kind in ("trousers", "wide trousers")
        if shoes is not None and (shoes.kind == "boots" and not wide) != early:
            draw_shoes(self._sketch, shoes)

    def _draw_bottom(self) -> None:
        if self._bottom is None:
            return
        if self._bottom.kind in leg_cuts():
            draw_trousers(self._sketch, self._bottom, leg_cuts()[self._bottom.kind])
        else:
            draw_skirt(self._sketch, self._bottom, skirt_cuts()[self._bottom.kind])

    def _draw_top(self) -> None:
        if (dress := self._cloths.get("dress")) is not None:
            draw_dress(self._sketch, dress)
        if (top := self._cloths.get("top")) is not None:
            draw_top(self._sketch, top, top_cuts()[top.kind])

    def _draw_head(self) -> None:
        if (scarf := self._cloths.get("scarf")) is not None:
            draw_scarf(self._sketch, scarf)
        with self._sketch.painting.moved(*HEAD):
            anatomy.draw_head(self._sketch)
            anatomy.draw_hair(self._sketch)
            if (hat := self._cloths.get("hat")) is not None:
                draw_hat(self._sketch, hat)

    def _draw_bag_and_arms(self) -> None:
        bag, side = self._cloths.get("bag"), self._outfit.bag_side
        if bag is not None and bag.kind in ("crossbody bag", "shoulder bag"):
            draw_bag_strap(self._sketch, bag, side)
        if bag is not None and bag.kind in ("tote bag", "handbag"):
            draw_bag_in_hand(self._sketch, bag, side)
        for each in (0, 1):
            self._draw_arm(each)

    def _draw_arm(self, side: int) -> None:
        anatomy.draw_arm(self._sketch, side)
        for cloth, cut in self._sleeves():
            draw_sleeves(self._sketch, cloth, cut, side)
        if self._sketch.body.pose.arms[side] != IN_POCKET:
            anatomy.draw_hand(self._sketch, side)

    def _sleeves(self) -> list[tuple[Cloth, TopCut]]:
        """The sleeves that are seen: those of the outermost garment."""
        if (outer := self._cloths.get("outerwear")) is not None:
            return [(outer, top_cuts()[outer.kind])]
        worn = [(top, top_cuts()[top.kind]) for name, top in self._cloths.items() if name == "top"]
        return worn + [
            (dress, dress_cuts()[dress.kind][0]) for name, dress in self._cloths.items() if name == "dress"
        ]
