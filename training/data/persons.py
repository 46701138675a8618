"""Scenes of drawn persons with the category and box of each garment, for training and for the samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import cv2
import numpy as np

from domain.types import Box, Pixels
from training.data.backgrounds import background_view
from training.data.examples import ExampleMaker
from training.data.scenes import Scene
from training.synthetic.anatomy import HAIR_STYLES
from training.synthetic.body import HANGING, IN_POCKET, ON_HIP, RAISED, Body, Build, Pose
from training.synthetic.canvas import Garment
from training.synthetic.fabric import Rgb, as_pixels
from training.synthetic.garments import kinds
from training.synthetic.person import TALL, Outfit, draw_person, worn_kinds
from training.synthetic.places import draw_place
from training.synthetic.worn_bottoms import leg_cuts

T = TypeVar("T")
OVERSAMPLING = 2
MIN_BOX_PX = 6
SKIN_TONES: tuple[Rgb, ...] = (
    (240, 206, 182), (228, 184, 154), (208, 158, 124), (176, 124, 90), (134, 90, 64), (96, 64, 48),
)  # fmt: skip
HAIR_COLORS: tuple[Rgb, ...] = (
    (40, 30, 26), (70, 46, 32), (112, 74, 46), (176, 134, 80), (206, 176, 124),
    (140, 62, 36), (150, 146, 142),
)  # fmt: skip
PATTERN_SHARES = {
    "plain": 0.68,
    "striped": 0.08,
    "checked": 0.08,
    "dotted": 0.04,
    "floral": 0.06,
    "printed": 0.06,
}


class PersonMaker:
    """Draws persons of random build, pose and outfit in random places."""

    def __init__(self, maker: ExampleMaker, seed: int, backgrounds: Sequence[Pixels] = ()) -> None:
        """`backgrounds` are pictures without people, behind four persons in ten; the others' are drawn."""
        self._colors = maker.colors
        self._rng = np.random.default_rng(seed)
        self._backgrounds = backgrounds

    def scene(self, side: int) -> Scene:
        """A scene whose longer side is `side` pixels; the person may be cut off at the feet."""
        rng = self._rng
        height, width = side, round(side * rng.uniform(0.5, 0.8))
        tall = height * rng.uniform(0.72, 1.02 if rng.random() < 0.7 else 1.35)
        foot_y = height * rng.uniform(0.92, 0.98) if tall < 0.97 * height else 0.03 * height + tall
        large = (OVERSAMPLING * height, OVERSAMPLING * width)
        place = self._place(*large, round(OVERSAMPLING * min(foot_y, 0.97 * height)))
        body, outfit = Body(self._build(), self._pose()), self._outfit()
        foot = (OVERSAMPLING * width * rng.uniform(0.42, 0.58), OVERSAMPLING * foot_y)
        person = draw_person(place, body, outfit, foot, OVERSAMPLING * tall / (TALL + 0.35), rng)
        return self._photographed(person.picture, self._objects(outfit, person.boxes), (height, width))

    def _place(self, height: int, width: int, floor_y: int) -> Pixels:
        if self._backgrounds and self._rng.random() < 0.4:
            real = self._backgrounds[int(self._rng.integers(len(self._backgrounds)))]
            return background_view(real, height, width, self._rng)
        return draw_place(height, width, floor_y, self._rng)

    def _photographed(self, picture: Pixels, objects: list[tuple[str, Box]], size: tuple[int, int]) -> Scene:
        """The picture at its size, with a colour cast, some blur and noise; boxes shrink with it."""
        rng, (height, width) = self._rng, size
        small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
        small = cv2.GaussianBlur(small, (0, 0), rng.uniform(0.2, 0.8))
        tinted = small * rng.uniform(0.85, 1.1) * rng.uniform(0.95, 1.05, 3)
        noisy = tinted + rng.normal(0, rng.uniform(1, 5), (height, width, 3))
        boxes = [(name, shrunk(box, OVERSAMPLING)) for name, box in objects]
        return Scene(as_pixels(noisy), [(n, b) for n, b in boxes if min(b.width, b.height) >= MIN_BOX_PX])

    def _objects(self, outfit: Outfit, boxes: object) -> list[tuple[str, Box]]:
        assert isinstance(boxes, dict)
        return [(category_of(name, getattr(outfit, name).kind), box) for name, box in boxes.items()]

    def _build(self) -> Build:
        rng, woman = self._rng, self._rng.random() < 0.6
        return Build(
            shoulder=rng.uniform(0.8, 0.9) if woman else rng.uniform(0.9, 1.04),
            chest=rng.uniform(0.56, 0.66) if woman else rng.uniform(0.64, 0.74),
            waist=rng.uniform(0.44, 0.56) if woman else rng.uniform(0.54, 0.66),
            hip=rng.uniform(0.64, 0.76) if woman else rng.uniform(0.6, 0.7),
            limb=rng.uniform(0.88, 1.02) if woman else rng.uniform(0.98, 1.15),
            head=rng.uniform(0.96, 1.1),
            skin=_pick(SKIN_TONES, rng),
            hair=_pick(HAIR_COLORS, rng),
            hair_style=_pick(HAIR_STYLES[2:] if woman and rng.random() < 0.85 else HAIR_STYLES[:2], rng),
        )

    def _pose(self) -> Pose:
        rng = self._rng
        arms = [_pick((HANGING, HANGING, ON_HIP, IN_POCKET, RAISED), rng) for _ in range(2)]
        arms = [
            arm if arm == IN_POCKET else (arm[0] + rng.uniform(-6, 8), arm[1] + rng.uniform(-6, 8))
            for arm in arms
        ]
        legs = [(rng.uniform(-1, 7), rng.uniform(-3, 6)) for _ in range(2)]
        lengths = [1.0, 1.0]
        if rng.random() < 0.5:
            lengths[int(rng.integers(2))] = rng.uniform(0.92, 0.99)
        return Pose(rng.uniform(-0.14, 0.14), rng.uniform(-4, 4), (arms[0], arms[1]), (legs[0], legs[1]),
                    (lengths[0], lengths[1]))  # fmt: skip

    def _outfit(self) -> Outfit:
        rng, choices = self._rng, worn_kinds()
        parts = {}
        if rng.random() < 0.25:
            parts["dress"] = self._garment(choices["dress"])
        else:
            parts["top"] = self._garment(choices["top"])
            skirts = [kind for kind in choices["bottom"] if kind not in leg_cuts()]
            parts["bottom"] = self._garment(skirts if rng.random() < 0.3 else tuple(leg_cuts()))
        for name, chance in (
            ("outerwear", 0.5),
            ("shoes", 0.95),
            ("hat", 0.35),
            ("bag", 0.55),
            ("scarf", 0.08),
        ):
            if rng.random() < chance:
                parts[name] = self._garment(choices.get(name, ("scarf",)))
        tucked = bool(rng.random() < 0.4)
        return Outfit(
            **parts, tucked=tucked, bag_side=int(rng.integers(2)), gap=float(rng.uniform(0.08, 0.42))
        )

    def _garment(self, choices: Sequence[str]) -> Garment:
        rng = self._rng
        color, accent = (int(i) for i in rng.choice(len(self._colors.names), 2, replace=False))
        pattern = str(rng.choice([*PATTERN_SHARES], p=[*PATTERN_SHARES.values()]))
        return Garment(
            _pick(choices, rng), pattern, self._colors.near(color, rng), self._colors.near(accent, rng)
        )


def category_of(part: str, kind: str) -> str:
    """The category of a part of an outfit."""
    known = kinds()
    return known[kind].category if kind in known else part


def shrunk(box: Box, factor: int) -> Box:
    """The box in a picture that is smaller by a factor."""
    return Box(box.x1 / factor, box.y1 / factor, box.x2 / factor, box.y2 / factor)


def _pick(options: Sequence[T], rng: np.random.Generator) -> T:
    return options[int(rng.integers(len(options)))]
