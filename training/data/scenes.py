"""Detector pictures with boxes: photos of one garment, and scenes composed of several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from domain.types import Box, Pixels
from training.data.backgrounds import background_view, without_garment
from training.data.cutout import Mask, bounds
from training.data.examples import ExampleMaker, balanced_chances, paste
from training.data.photos import Photo
from training.data.thumbnails import Thumbnails, read_picture, shrink
from training.synthetic.canvas import Rgba, trim
from training.synthetic.clutter import IGNORED, draw_clutter
from training.synthetic.fabric import background
from training.synthetic.garments import draw, kinds


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A garment on a transparent background, and its category."""

    picture: Rgba
    category: str


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture with the category and box of each garment."""

    picture: Pixels
    objects: list[tuple[str, Box]]


class SceneMaker:
    """Composes scenes: up to four garments and clutter on a background, with little overlap."""

    def __init__(
        self,
        maker: ExampleMaker | None,
        layers: Sequence[Layer],
        drawn_share: float,
        seed: int,
        backgrounds: Sequence[Pixels] = (),
        clutter_chance: float = 0.45,
        drawn_grounds: float = 0.2,
        empty_share: float = 0.0,
        relight: bool = False,
    ) -> None:
        """`layers` are the cut-outs; the share `drawn_share` of the garments is drawn by `maker` instead.

        `backgrounds` are real backgrounds; the share `drawn_grounds` of the scenes has a drawn one, and all
        scenes if there is no real one. The share `empty_share` of the scenes has clutter only, which may be
        as large as the picture. `relight` changes the brightness of each garment, and the hue of some.
        """
        self._backgrounds = backgrounds
        self._drawn_grounds = drawn_grounds
        self._clutter_chance = clutter_chance
        self._empty_share = empty_share
        self._relight = relight
        self._maker = maker
        self._rng = np.random.default_rng(seed)
        self._drawn_share = (drawn_share if layers else 1.0) if maker else 0.0
        self._layers = layers
        self._chances = balanced_chances([layer.category for layer in layers])
        self._kinds = list(kinds())

    def scene(self, side: int) -> Scene:
        """A scene whose longer side is `side` pixels."""
        shape = [side, int(side * self._rng.uniform(0.68, 1.0))]
        height, width = shape if self._rng.random() < 0.6 else shape[::-1]
        picture = self._ground(height, width)
        objects: list[tuple[str, Box]] = []
        if self._empty_share and self._rng.random() < self._empty_share:
            picture = self._add(picture, objects, Layer(draw_clutter(300, self._rng), IGNORED))
        else:
            for _ in range(int(self._rng.choice([1, 2, 3, 4], p=[0.3, 0.35, 0.25, 0.1]))):
                picture = self._add(picture, objects, self._layer())
        while self._rng.random() < self._clutter_chance:
            picture = self._add(picture, objects, Layer(draw_clutter(200, self._rng), IGNORED))
        return Scene(picture, objects)

    def _ground(self, height: int, width: int) -> Pixels:
        if not self._backgrounds or self._rng.random() < self._drawn_grounds:
            return background(height, width, self._rng)
        real = self._backgrounds[int(self._rng.integers(len(self._backgrounds)))]
        return background_view(real, height, width, self._rng)

    def _add(self, picture: Pixels, objects: list[tuple[str, Box]], layer: Layer) -> Pixels:
        for _ in range(8):
            scaled = self._scaled(layer.picture, picture.shape[:2], len(objects))
            height, width = scaled.shape[:2]
            x = int(self._rng.integers(0, picture.shape[1] - width + 1))
            y = int(self._rng.integers(0, picture.shape[0] - height + 1))
            box = Box(x, y, x + width, y + height)
            if all(shared_area(box, other) < 0.12 * area(other) for _, other in objects):
                objects.append((layer.category, box))
                return paste(picture, scaled, x, y)[0]
        return picture

    def _scaled(self, picture: Rgba, room: tuple[int, ...], neighbours: int) -> Rgba:
        largest = (0.95, 0.7, 0.55, 0.45)[min(neighbours, 3)]
        turned = _turned(picture, float(self._rng.normal(0, 8)))
        fraction = self._rng.uniform(0.3, largest)
        scale = fraction * min(room[0] / turned.shape[0], room[1] / turned.shape[1])
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        return trim(np.asarray(cv2.resize(turned, None, fx=scale, fy=scale, interpolation=method), np.uint8))

    def _layer(self) -> Layer:
        if self._maker and self._rng.random() < self._drawn_share:
            name = self._kinds[int(self._rng.integers(len(self._kinds)))]
            garment, _, _ = self._maker.garment(name)
            return Layer(draw(garment, 224, self._rng), kinds()[name].category)
        layer = self._layers[int(self._rng.choice(len(self._layers), p=self._chances))]
        if self._rng.random() < 0.5:
            layer = Layer(np.ascontiguousarray(layer.picture[:, ::-1]), layer.category)
        return Layer(relit(layer.picture, self._rng), layer.category) if self._relight else layer


def relit(layer: Rgba, rng: np.random.Generator) -> Rgba:
    """Change the brightness, and for one in four the hue, neither of which changes the category."""
    pixels = layer[..., :3]
    if rng.random() < 0.25:
        hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV).astype(np.float32)
        hsv[..., 0] = (hsv[..., 0] + rng.uniform(0, 180)) % 180
        hsv[..., 1] *= rng.uniform(0.4, 1.4)
        pixels = cv2.cvtColor(hsv.clip(0, 255).astype(np.uint8), cv2.COLOR_HSV2RGB)
    gain = rng.uniform(0.7, 1.2) * rng.uniform(0.94, 1.06, 3)
    return np.dstack([(pixels * gain).clip(0, 255).astype(np.uint8), layer[..., 3]])


def compose(
    photos: Sequence[Photo], thumbnails: Thumbnails, count: int, seed: int, side: int = 320
) -> Iterator[Scene]:
    """Compose scenes of one to four garments of these photos on their backgrounds; nothing is drawn.

    `thumbnails` are those of the photos, in the same order; photos without a cut-out are not used. Scenes are
    made lazily; their longer side is `side` pixels.
    """
    layers, grounds = [], []
    for index, photo in enumerate(photos):
        mask = thumbnails.mask(index)
        if mask is not None:
            picture = shrink(read_picture(photo.path), side)
            layers.append(photo_layer(picture, mask, photo.category))
            grounds += [without_garment(picture, mask)] if shows_background(mask) else []
    maker = SceneMaker(None, layers, 0.0, seed, grounds, clutter_chance=0.0, drawn_grounds=0.0)
    for _ in range(count if layers else 0):
        yield maker.scene(side)


def shows_background(mask: Mask, most: float = 0.5) -> bool:
    """Whether the photo shows enough beside the garment to serve as a background."""
    return float((mask > 0).mean()) < most


def photo_layer(picture: Pixels, mask: Pixels, category: str) -> Layer:
    """The garment of a photo on a transparent background; the mask may be smaller than the picture."""
    height, width = picture.shape[:2]
    large = cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR)
    soft = cv2.GaussianBlur(cv2.erode(large, np.ones((3, 3), np.uint8)), (0, 0), 1.0)
    return Layer(trim(np.dstack([picture, soft])), category)


def photo_scene(picture: Pixels, mask: Pixels, category: str) -> Scene:
    """The photo as a scene; its box is that of the mask, which may be smaller than the picture."""
    scale_x, scale_y = picture.shape[1] / mask.shape[1], picture.shape[0] / mask.shape[0]
    x1, y1, x2, y2 = bounds(mask)
    return Scene(picture, [(category, Box(x1 * scale_x, y1 * scale_y, x2 * scale_x, y2 * scale_y))])


def area(box: Box) -> float:
    """Area in square pixels."""
    return box.width * box.height


def shared_area(first: Box, second: Box) -> float:
    """Area of the intersection in square pixels."""
    width = min(first.x2, second.x2) - max(first.x1, second.x1)
    height = min(first.y2, second.y2) - max(first.y1, second.y1)
    return max(0.0, width) * max(0.0, height)


def _turned(picture: Rgba, angle_deg: float) -> Rgba:
    height, width = picture.shape[:2]
    margin = int(0.2 * max(height, width))
    padded = cv2.copyMakeBorder(picture, margin, margin, margin, margin, cv2.BORDER_CONSTANT)
    center = (width / 2 + margin, height / 2 + margin)
    matrix = cv2.getRotationMatrix2D(center, angle_deg, 1.0)
    return trim(np.asarray(cv2.warpAffine(padded, matrix, padded.shape[1::-1]), np.uint8))
