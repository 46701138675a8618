"""Garments with boxes: DeepFashion2 (Ge et al. 2019), as published.

    FOLDER/image/000001.jpg
    FOLDER/annos/000001.json    {"source": "shop", "pair_id": 1,
                                 "item1": {"category_id": 1, "bounding_box": [...], ...}}

A picture's items are item1, item2 and so on; `bounding_box` is [x1, y1, x2, y2] in pixels.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from domain.errors import InvalidInput
from domain.types import Box


@dataclass(frozen=True, slots=True)
class DeepFashionPicture:
    """A picture; `garments` are categories of the taxonomy with boxes in pixels."""

    path: Path
    source: str
    pair_id: int
    garments: tuple[tuple[str, Box], ...]


def taxonomy_categories() -> Mapping[int, str]:
    """Category of the taxonomy by DeepFashion2's thirteen `category_id`."""
    names = {
        1: "t-shirt",  # short sleeve top
        2: "long sleeve",  # long sleeve top
        3: "outerwear",  # short sleeve outwear
        4: "outerwear",  # long sleeve outwear
        5: "t-shirt",  # vest, a sleeveless top
        6: "t-shirt",  # sling, a top with straps
        7: "shorts",
        8: "trousers",
        9: "skirt",
        10: "dress",  # short sleeve dress
        11: "dress",  # long sleeve dress
        12: "dress",  # vest dress
        13: "dress",  # sling dress
    }
    return MappingProxyType(names)


def read_deepfashion2(folder: Path) -> Iterator[DeepFashionPicture]:
    """The pictures of a split in the order of their names, each when it is asked for.

    Raises:
        InvalidInput: the folder holds no annotations, or one of another form or without its picture.
    """
    paths = sorted((folder / "annos").glob("*.json"))
    if not paths:
        raise InvalidInput("data", f"must hold annos/ and image/: {folder}")
    for path in paths:
        picture = folder / "image" / f"{path.stem}.jpg"
        if not picture.is_file():
            raise InvalidInput("data", f"has no {picture.name}, which its annotations name: {folder}")
        yield _picture(path, picture)


def _picture(path: Path, picture: Path) -> DeepFashionPicture:
    categories = taxonomy_categories()
    try:
        content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        items = [content[key] for key in sorted(content) if key.startswith("item")]
        garments = tuple(
            (categories[int(item["category_id"])], Box(*map(float, item["bounding_box"]))) for item in items
        )
        return DeepFashionPicture(picture, content["source"], int(content["pair_id"]), garments)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("data", f"{path.name} is not of DeepFashion2's form: {error!r}"[:300]) from error
