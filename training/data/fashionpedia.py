"""Garments with attributes: Fashionpedia (Jia et al. 2020), as published, a COCO file with attributes.

FOLDER/instances_attributes_SPLIT2020.json    images, annotations (bbox, attribute_ids), categories,
                                              attributes
FOLDER/IMAGES/NAME.jpg
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from domain.errors import InvalidInput
from domain.types import Box
from training.data.picture_file import PictureFile
from training.data.tag_table import TaggedPicture


@dataclass(frozen=True, slots=True)
class AttributedGarment:
    """A garment or a part of one; `attributes` are names of Fashionpedia."""

    path: Path
    box: Box
    category: str
    attributes: tuple[str, ...]


def read_fashionpedia(table: Path, images: Path) -> list[AttributedGarment]:
    """All annotations but crowds. Those without a `bbox` have that of their polygons.

    Raises:
        InvalidInput: the file is missing or of another form.
    """
    if not table.is_file():
        raise InvalidInput("data", f"must be a file of annotations: {table}")
    try:
        content = json.loads(table.read_text(encoding="utf-8"))
        files = {image["id"]: images / image["file_name"] for image in content["images"]}
        categories = {row["id"]: row["name"] for row in content["categories"]}
        attributes = {row["id"]: row["name"] for row in content["attributes"]}
        return [
            AttributedGarment(
                files[row["image_id"]],
                _box(row),
                categories[row["category_id"]],
                tuple(attributes[index] for index in row["attribute_ids"]),
            )
            for row in content["annotations"]
            if not row.get("iscrowd")
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("data", f"{table.name} is not of Fashionpedia's form: {error!r}"[:300]) from error


def fashionpedia_tags(
    garments: Iterable[AttributedGarment], split: str, source: str = "fashionpedia"
) -> Iterator[TaggedPicture]:
    """Pattern and fit of the garments whose attributes name one of each, in their boxes."""
    for garment in garments:
        tags: dict[str, tuple[str, ...] | float] = {}
        for head, values in (("pattern", pattern_attributes()), ("fit", fit_attributes())):
            named = {values[name] for name in garment.attributes if name in values}
            if len(named) == 1:
                tags[head] = tuple(named)
        if tags:
            file = PictureFile(garment.path, garment.box)
            yield TaggedPicture(file, garment.path.stem, split, source, tags)


def pattern_attributes() -> Mapping[str, str]:
    """Pattern of the taxonomy by Fashionpedia's textile pattern; herringbone has none."""
    groups: Mapping[str, Sequence[str]] = {
        "plain": ("plain (pattern)",),
        "striped": ("stripe",),
        "checked": ("check", "houndstooth (pattern)", "argyle"),
        "dotted": ("dot",),
        "floral": ("floral", "plant", "toile de jouy"),
        "printed": ("abstract", "camouflage", "geometric", "paisley", "fair isle", "chevron"),
    }
    return MappingProxyType({name: value for value, names in groups.items() for name in names})


def fit_attributes() -> Mapping[str, str]:
    """Fit by Fashionpedia's silhouette."""
    names = {"tight (fit)": "tight", "regular (fit)": "regular", "loose (fit)": "loose", "baggy": "loose"}
    return MappingProxyType({**names, "oversized": "oversized"})


def taxonomy_categories() -> Mapping[str, str]:
    """Category of the taxonomy by Fashionpedia's; parts of garments and other accessories have none."""
    groups = {
        "t-shirt": ("top, t-shirt, sweatshirt",),
        "long sleeve": ("sweater",),
        "shirt": ("shirt, blouse",),
        "outerwear": ("cardigan", "jacket", "vest", "coat", "cape"),
        "dress": ("dress",),
        "skirt": ("skirt",),
        "trousers": ("pants",),
        "shorts": ("shorts",),
        "shoes": ("shoe",),
        "hat": ("hat",),
        "bag": ("bag, wallet",),
    }
    return MappingProxyType({name: value for value, names in groups.items() for name in names})


def _box(row: Mapping[str, Any]) -> Box:
    if "bbox" in row:
        x, y, width, height = map(float, row["bbox"])
        return Box(x, y, x + width, y + height)
    polygons = [polygon for polygon in row["segmentation"] if len(polygon) >= 6]
    across = [x for polygon in polygons for x in polygon[::2]]
    down = [y for polygon in polygons for y in polygon[1::2]]
    return Box(float(min(across)), float(min(down)), float(max(across)), float(max(down)))
