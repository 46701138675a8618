"""Pictures like those of shops, made of cut-outs: garments on white, and garments over those of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from tqdm import tqdm

from domain.taxonomy import Taxonomy
from domain.types import Box, Pixels
from imaging.crop import crop, expand
from training.data.examples import paste
from training.data.photos import Photo
from training.data.scenes import photo_layer
from training.data.street import StreetPhoto, WornGarment
from training.data.thumbnails import Thumbnails, read_picture
from training.evaluation.categories import CategoryFigures, measure_categories
from training.evaluation.serving import ServingPath, category_of
from training.evaluation.worn import MIN_AREA_PX
from training.synthetic.canvas import Rgba

WHITE_PX = 480
WHOLE, ITEM, WORN = "on white, whole photo", "on white, item", "over a person's, box given"
"""What is answered: the picture on white, its main item, and the box on a person."""


@dataclass(frozen=True, slots=True, eq=False)
class ProductCase:
    """The true category of a cut-out, and the zero-shot answers by what was looked at."""

    category: str
    sender: str
    answers: Mapping[str, str]


def predict_products(
    path: ServingPath,
    photos: Sequence[Photo],
    thumbnails: Thumbnails,
    people: Sequence[StreetPhoto],
    taxonomy: Taxonomy,
) -> Iterator[ProductCase]:
    """Answer for each photo whose garment can be cut out; without `people` it is put on white only.

    `thumbnails` are those of the photos, in the same order. Each photo has a random generator of its own.
    """
    wearers = _wearers(people, taxonomy)
    slots = {category.name: category.slot for category in taxonomy.categories}
    for index, photo in enumerate(tqdm(photos, desc="product pictures")):
        mask = thumbnails.mask(index)
        if mask is None:
            continue
        layer = photo_layer(read_picture(photo.path), mask, photo.category).picture
        rng = np.random.default_rng(index)
        prediction = path.predict(on_white(layer, rng))
        answers = {WHOLE: category_of(prediction.whole).value, ITEM: category_of(prediction.main).value}
        if places := wearers.get(_wearer_key(photo.category, slots[photo.category])):
            picture, box = over_garment(layer, *places[int(rng.integers(len(places)))])
            region = crop(picture, expand(box, path.options.expand_ratio, *picture.shape[1::-1]))
            answers[WORN] = category_of(path.describe([region])[0]).value
        yield ProductCase(photo.category, photo.sender, answers)


def measure_products(cases: Sequence[ProductCase], names: Sequence[str]) -> dict[str, CategoryFigures]:
    """Accuracy by what was looked at; that for which there is no case is left out."""
    figures = {}
    for way in (WHOLE, ITEM, WORN):
        chosen = [case for case in cases if way in case.answers]
        if chosen:
            wanted, found = [c.category for c in chosen], [c.answers[way] for c in chosen]
            figures[way] = measure_categories(wanted, found, names, [c.sender for c in chosen])
    return figures


def on_white(layer: Rgba, rng: np.random.Generator) -> Pixels:
    """A cut-out in the middle of a white square, on a soft shadow, as shops show garments."""
    picture = np.full((WHITE_PX, WHITE_PX, 3), round(rng.uniform(244, 255)), np.uint8)
    scaled = _scaled(layer, rng.uniform(0.7, 0.86) * WHITE_PX / max(layer.shape[:2]))
    y, x = ((WHITE_PX - side) // 2 for side in scaled.shape[:2])
    dark = np.zeros((WHITE_PX, WHITE_PX), np.uint8)
    dark[y : y + scaled.shape[0], x : x + scaled.shape[1]] = scaled[..., 3]
    shade = cv2.GaussianBlur(np.roll(dark, (5, 3), (0, 1)), (0, 0), 6)[..., None] / np.float32(255)
    return paste((picture * (1 - 0.18 * shade)).astype(np.uint8), scaled, x, y)[0]


def over_garment(layer: Rgba, person: Pixels, box: Box) -> tuple[Pixels, Box]:
    """A cut-out over the garment that a person wears at `box`, as tall as it; with the box that it fills."""
    scaled = _scaled(layer, box.height / layer.shape[0])
    height, width = person.shape[:2]
    x, y = round((box.x1 + box.x2 - scaled.shape[1]) / 2), round(box.y1)
    left, above = max(0, -x), max(0, -y)
    visible = scaled[above : above + height - max(0, y), left : left + width - max(0, x)]
    x, y = max(0, x), max(0, y)
    rows, columns = visible.shape[:2]
    return paste(person, visible, x, y)[0], Box(x, y, x + columns, y + rows)


def _wearers(people: Sequence[StreetPhoto], taxonomy: Taxonomy) -> dict[str, list[tuple[Pixels, Box]]]:
    """The people with the box of a garment, by what may be put over it."""
    slots = {category.name: category.slot for category in taxonomy.categories}
    found: dict[str, list[tuple[Pixels, Box]]] = {}
    for photo in people:
        picture = read_picture(photo.path)
        for garment in filter(_is_large, photo.garments):
            key = _wearer_key(garment.category, slots[garment.category])
            found.setdefault(key, []).append((picture, garment.box))
    return found


def _wearer_key(category: str, slot: str) -> str:
    """A garment goes over one of its slot; a hat or a bag over one of its kind."""
    return category if slot == "accessories" else slot


def _is_large(garment: WornGarment) -> bool:
    return garment.box.width * garment.box.height >= MIN_AREA_PX


def _scaled(layer: Rgba, scale: float) -> Rgba:
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    size = (max(1, round(layer.shape[1] * scale)), max(1, round(layer.shape[0] * scale)))
    return np.asarray(cv2.resize(layer, size, interpolation=method), np.uint8)
