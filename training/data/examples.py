"""Training examples of the embedder: pictures with masks and labels, from three sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from domain.taxonomy import Taxonomy
from domain.types import FloatArray, Pixels
from training.data.backgrounds import background_view
from training.data.color_names import ColorNames, dominant_lab, lab_to_rgb
from training.data.cutout import Mask
from training.data.photos import Photo
from training.data.street import WornCrop, words_by_street_label
from training.data.thumbnails import Thumbnails, shrink
from training.synthetic.canvas import Garment, Rgba
from training.synthetic.fabric import as_pixels, background, patterns
from training.synthetic.garments import draw, kinds


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A picture and its labels.

    `color`, `pattern` and `style` are distributions that sum to 1, or None if unknown. A pattern may be
    printed on a `plain` garment.
    """

    picture: Pixels
    mask: Mask | None
    category: int
    words: tuple[str, ...]
    color: FloatArray | None
    pattern: FloatArray | None
    style: FloatArray | None
    plain: bool = False


class ExampleMaker:
    """Makes examples with the labels of a taxonomy."""

    def __init__(self, taxonomy: Taxonomy, seed: int) -> None:
        self.colors = ColorNames(taxonomy.colors)
        self._categories = tuple(category.name for category in taxonomy.categories)
        self._patterns = taxonomy.attribute("pattern").values
        self._styles = taxonomy.attribute("style").values
        self._rng = np.random.default_rng(seed)

    def from_photos(self, photos: Sequence[Photo], thumbnails: Thumbnails) -> list[Example]:
        """One example for each photo; the colour is measured, the pattern is known only if it is plain."""
        rows = enumerate(tqdm(photos, desc="colours"))
        return [self._from_photo(p, thumbnails.picture(i), thumbnails.mask(i)) for i, p in rows]

    def from_drawings(self, count: int, side: int) -> list[Example]:
        """Drawn garments on drawn backgrounds, each category equally often."""
        by_category: dict[str, list[str]] = {}
        for name, kind in kinds().items():
            by_category.setdefault(kind.category, []).append(name)
        groups = list(by_category.values())
        return [self._drawn(groups[i % len(groups)], side) for i in tqdm(range(count), desc="drawings")]

    def from_fashion_mnist(
        self, pictures: npt.NDArray[np.uint8], categories: Sequence[str], count: int, side: int
    ) -> list[Example]:
        """Garments of Fashion-MNIST, tinted and pasted on drawn backgrounds."""
        chosen = self._rng.choice(len(pictures), count, replace=False)
        return [self._tinted(pictures[i], categories[i], side) for i in tqdm(chosen, desc="fashion-mnist")]

    def from_street(self, crops: Iterable[WornCrop], side: int) -> list[Example]:
        """One example for each worn garment, with what is known as of photos."""
        return [self._worn(crop, side) for crop in tqdm(crops, desc="worn garments")]

    def from_pictures(self, pictures: Iterable[tuple[Pixels, Mask, str]]) -> list[Example]:
        """One example for each picture with the mask and the category of its garment, as of photos."""
        return [self._measured(picture, mask, category, (), None) for picture, mask, category in pictures]

    def garment(self, kind: str) -> tuple[Garment, int, int]:
        """A random garment of a kind, with the index of its colour name and of its pattern."""
        color, accent = (int(i) for i in self._rng.choice(len(self.colors.names), 2, replace=False))
        pattern = int(self._rng.choice(len(self._patterns), p=_pattern_shares(len(self._patterns))))
        base = self.colors.near(color, self._rng)
        drawn = Garment(kind, self._patterns[pattern], base, self.colors.near(accent, self._rng))
        return drawn, color, pattern

    def pattern_index(self, name: str) -> int:
        """The index of a pattern in the taxonomy."""
        return self._patterns.index(name)

    def _from_photo(self, photo: Photo, picture: Pixels, mask: Mask | None) -> Example:
        style = self._shares(self._styles, styles_by_label().get(photo.label, ()))
        words = words_by_label().get(photo.label, ())
        return self._measured(picture, mask, photo.category, words, style)

    def _worn(self, crop: WornCrop, side: int) -> Example:
        picture = shrink(crop.picture, side)
        mask = cv2.resize(crop.mask, picture.shape[1::-1], interpolation=cv2.INTER_NEAREST)
        mask = np.asarray(mask, np.uint8)
        label = crop.garment.label
        words = words_by_street_label().get(label, (label,))
        return self._measured(picture, mask if mask.any() else None, crop.garment.category, words, None)

    def _measured(
        self,
        picture: Pixels,
        mask: Mask | None,
        category: str,
        words: tuple[str, ...],
        style: FloatArray | None,
    ) -> Example:
        """An example whose colour, and whether it is plain, are measured inside the mask, if there is one."""
        index = self._categories.index(category)
        if mask is None:
            return Example(picture, None, index, words, None, None, style)
        color = self.colors.shares(dominant_lab(picture, mask, self._rng))
        plain = is_plain(picture, mask)
        pattern = self._shares(self._patterns, ("plain",)) if plain else None
        return Example(picture, mask, index, words, color, pattern, style, plain)

    def _drawn(self, names: Sequence[str], side: int) -> Example:
        name = names[int(self._rng.integers(len(names)))]
        garment, color, pattern = self.garment(name)
        layer = draw(garment, side, self._rng)
        picture, mask = self._on_background(layer, side)
        return self.known(picture, mask, name, color, pattern)

    def known(self, picture: Pixels, mask: Mask | None, kind: str, color: int, pattern: int) -> Example:
        """An example of a drawn garment, with all labels known."""
        drawn = kinds()[kind]
        return Example(
            picture,
            mask,
            self._categories.index(drawn.category),
            drawn.words,
            self.colors.shares(self.colors.lab(color)),
            self._shares(self._patterns, (self._patterns[pattern],)),
            self._shares(self._styles, drawn.styles),
        )

    def _tinted(self, picture: npt.NDArray[np.uint8], category: str, side: int) -> Example:
        size = round(side * self._rng.uniform(0.6, 0.85))
        large = cv2.resize(picture, (size, size), interpolation=cv2.INTER_CUBIC)
        alpha = cv2.GaussianBlur(np.where(large > 12, 255, 0).astype(np.uint8), (0, 0), 1.5)
        color, pattern = (
            int(self._rng.integers(len(self.colors.names))),
            int(self._rng.integers(len(self._patterns))),
        )
        base, accent = (
            np.asarray(self.colors.near(i, self._rng), np.float32) for i in (color, (color + 7) % 27)
        )
        share = patterns()[self._patterns[pattern]](size, self._rng)[..., None]
        light = (0.55 + 0.6 * large / max(1, int(large.max())))[..., None]
        tinted = as_pixels((base * (1 - share) + accent * share) * light)
        scene, mask = self._on_background(np.dstack([tinted, alpha]), side)
        shares = self._shares(self._patterns, (self._patterns[pattern],))
        target = self.colors.shares(self.colors.lab(color))
        return Example(scene, mask, self._categories.index(category), (), target, shares, None)

    def _on_background(self, layer: Rgba, side: int) -> tuple[Pixels, Mask]:
        height, width = layer.shape[:2]
        scale = side * self._rng.uniform(0.6, 0.95) / max(height, width)
        layer = np.asarray(
            cv2.resize(layer, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
        )
        height, width = layer.shape[:2]
        room = self._rng.integers(4, 50, 2)
        scene = background(min(side, height + room[0]), min(side, width + room[1]), self._rng)
        y, x = (int(self._rng.integers(0, scene.shape[i] - layer.shape[i] + 1)) for i in (0, 1))
        return paste(scene, layer, x, y)

    def _shares(self, values: Sequence[str], chosen: Sequence[str]) -> FloatArray | None:
        if not chosen:
            return None
        return np.asarray([1 / len(chosen) if value in chosen else 0 for value in values], np.float32)


def paste(scene: Pixels, layer: Rgba, x: int, y: int) -> tuple[Pixels, Mask]:
    """Paste a layer on a scene, its upper left corner at x, y; returns the scene and the layer's mask."""
    height, width = layer.shape[:2]
    result, mask = scene.copy(), np.zeros(scene.shape[:2], np.uint8)
    share = layer[..., 3:] / np.float32(255)
    part = result[y : y + height, x : x + width]
    result[y : y + height, x : x + width] = (part * (1 - share) + layer[..., :3] * share).astype(np.uint8)
    mask[y : y + height, x : x + width] = np.where(layer[..., 3] > 127, 255, 0)
    return result, mask


def is_plain(picture: Pixels, mask: Mask, limit: float = 10.0) -> bool:
    """Whether three quarters of the garment differ from the local mean by at most `limit` grey levels."""
    inner = cv2.erode(mask, np.ones((7, 7), np.uint8)) > 0
    if inner.sum() < 200:
        return False
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    contrast = np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 4))[inner]
    return bool(np.quantile(contrast, 0.75) < limit)


def moved(example: Example, backgrounds: Sequence[Pixels], rng: np.random.Generator) -> Example:
    """Paste the garment on a random background; one in five, or all if none is given, on a drawn one."""
    if example.mask is None:
        return example
    height, width = example.picture.shape[:2]
    if backgrounds and rng.random() < 0.8:
        scene = background_view(backgrounds[int(rng.integers(len(backgrounds)))], height, width, rng)
    else:
        scene = background(height, width, rng)
    return _repainted(example, scene, example.color, example.pattern, example.mask < 128)


def recolored(example: Example, color: int, names: ColorNames) -> Example:
    """Recolour the garment to a named colour and keep its shading."""
    if example.mask is None:
        return example
    lab = cv2.cvtColor(example.picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    mean = lab[example.mask > 0].mean(axis=0)
    moved = names.lab(color) + (lab - mean) * np.asarray([0.8, 0.5, 0.5], np.float32)
    return _repainted(
        example, lab_to_rgb(moved.astype(np.float32)), names.shares(names.lab(color)), example.pattern
    )


def patterned(
    example: Example, pattern: str, index: int, names: ColorNames, rng: np.random.Generator
) -> Example:
    """Print a pattern on a plain garment and keep its folds."""
    if example.mask is None:
        return example
    height, width = example.picture.shape[:2]
    side = max(height, width)
    share = patterns()[pattern](side, rng)[:height, :width, None]
    ink = np.asarray(names.near(int(rng.integers(len(names.names))), rng), np.float32)
    grey = example.picture.mean(axis=2, keepdims=True)
    light = np.clip(grey / max(20.0, float(grey[example.mask > 0].mean())), 0.5, 1.4)
    printed = as_pixels(example.picture * (1 - share) + ink * light * share)
    target = np.zeros(len(example.pattern) if example.pattern is not None else len(patterns()), np.float32)
    target[index] = 1
    return _repainted(example, printed, example.color, target)


def _repainted(
    example: Example,
    paint: npt.NDArray[np.uint8],
    color: FloatArray | None,
    pattern: FloatArray | None,
    where: npt.NDArray[np.bool_] | None = None,
) -> Example:
    """Replace the pixels where `where` is true, by default those of the garment, by `paint`."""
    assert example.mask is not None
    region = np.where(example.mask > 0 if where is None else where, 255, 0).astype(np.uint8)
    share = cv2.GaussianBlur(region, (0, 0), 1.0)[..., None] / np.float32(255)
    picture = (example.picture * (1 - share) + paint * share).astype(np.uint8)
    return replace(example, picture=picture, color=color, pattern=pattern)


def _pattern_shares(count: int) -> FloatArray:
    shares = np.full(count, 0.7 / (count - 1))
    shares[0] = 0.3
    return np.asarray(shares, np.float64)


def words_by_label() -> Mapping[str, tuple[str, ...]]:
    """Common words for the labels of the photo folder, used in captions; none fits another label better."""
    return MappingProxyType(
        {
            "T-Shirt": ("t-shirt", "tee", "tshirt", "t shirt", "tee shirt", "top"),
            "Polo": ("polo", "polo shirt"),
            "Top": ("top",),
            "Undershirt": ("undershirt", "tank top", "tank", "singlet", "vest top"),
            "Longsleeve": ("long sleeve", "longsleeve", "sweater", "pullover", "jumper", "sweatshirt"),
            "Hoodie": ("hoodie", "hoody", "hooded sweatshirt"),
            "Shirt": ("shirt", "button-up", "button-down", "dress shirt"),
            "Blouse": ("blouse",),
            "Outwear": ("jacket", "coat", "outerwear", "outwear", "parka", "anorak", "windbreaker"),
            "Blazer": ("blazer", "sports coat", "suit jacket"),
            "Dress": ("dress", "frock", "gown", "sundress"),
            "Skirt": ("skirt", "miniskirt", "midi skirt"),
            "Pants": ("trousers", "trouser", "pants", "slacks", "jeans", "chinos"),
            "Shorts": ("shorts", "short pants", "short trousers", "bermuda shorts"),
            "Shoes": ("shoes", "shoe", "footwear", "sneakers", "trainers", "boots", "sandals"),
            "Hat": ("hat", "cap", "beanie", "headwear", "headgear"),
        }
    )


def styles_by_label() -> Mapping[str, tuple[str, ...]]:
    """The usual styles of a kind of garment; a convention, not something seen in the photo."""
    return MappingProxyType(
        {
            "T-Shirt": ("casual",),
            "Polo": ("casual", "sporty"),
            "Hoodie": ("casual", "streetwear"),
            "Shirt": ("business", "formal"),
            "Blazer": ("business", "formal"),
            "Dress": ("party", "formal"),
            "Skirt": ("party", "casual"),
            "Shorts": ("casual", "sporty"),
            "Longsleeve": ("casual",),
        }
    )


def balanced_chances(categories: Sequence[object], balance: float = 0.6) -> npt.NDArray[np.float64]:
    """Sampling probabilities that favour rare categories; with `balance` 1 all are equally likely."""
    counts = Counter(categories)
    weights = np.array([counts[category] ** -balance for category in categories], np.float64)
    return np.asarray(weights / weights.sum(), np.float64)


def default_cache() -> Path:
    """The default cache of decoded photos, outside the repository."""
    return Path.home() / ".cache" / "armoire-training"
