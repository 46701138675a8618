"""Pictures of drawn garments in folders SPLIT/LABEL, for runs without photos."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import cv2

from domain.taxonomy import Taxonomy
from training.data.examples import ExampleMaker

SPLITS: Mapping[str, float] = {"train": 1.0, "validation": 0.25, "test": 0.25}
"""The splits, and how many pictures each has for each picture that is trained on."""
JPEG_QUALITY = 90


def write_drawn_pictures(folder: Path, per_label: int, side_px: int, seed: int, taxonomy: Taxonomy) -> Path:
    """Draw `per_label` pictures of each category for training, and a quarter of them for each other split.

    Pictures are square. Each split is drawn with a seed of its own. Returns the folder.
    """
    names = [category.name for category in taxonomy.categories]
    for index, (split, share) in enumerate(SPLITS.items()):
        count = max(1, round(per_label * share)) * len(names)
        for number, example in enumerate(
            ExampleMaker(taxonomy, seed * len(SPLITS) + index).from_drawings(count, side_px)
        ):
            path = folder / split / names[example.category] / f"{number:05d}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            picture = cv2.cvtColor(example.picture, cv2.COLOR_RGB2BGR)
            cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return folder
