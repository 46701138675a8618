"""Garments with attributes: iMaterialist (Fashion) of FGVC, as published on Kaggle.

    FOLDER/train.csv                 ImageId,EncodedPixels,Height,Width,ClassId,AttributesIds
    FOLDER/label_descriptions.json   categories and attributes, those of Fashionpedia
    FOLDER/train/IMAGEID.jpg

A row is a garment. `EncodedPixels` are runs "start length ...", counted from 1 down the columns of a mask of
Height x Width; `AttributesIds` are separated by commas. The table of 2019 has no such column: its `ClassId`
is CLASS_ATTRIBUTE_ATTRIBUTE.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from domain.errors import InvalidInput
from domain.types import Box
from training.data.fashionpedia import AttributedGarment

COLUMNS = ("ImageId", "EncodedPixels", "Height", "Width", "ClassId")


def read_imaterialist(folder: Path) -> list[AttributedGarment]:
    """All garments of the training table, each with the box of its mask.

    Raises:
        InvalidInput: a file is missing or of another form.
    """
    table, descriptions = folder / "train.csv", folder / "label_descriptions.json"
    for path in (table, descriptions):
        if not path.is_file():
            raise InvalidInput("data", f"must hold {path.name}: {folder}")
    try:
        content = json.loads(descriptions.read_text(encoding="utf-8"))
        names = {kind: {int(row["id"]): row["name"] for row in content[kind]} for kind in _KINDS}
    except (KeyError, TypeError, ValueError) as error:
        reason = f"is not of iMaterialist's form: {error!r}"[:200]
        raise InvalidInput("data", f"{descriptions.name} {reason}") from error
    with table.open(newline="", encoding="utf-8") as lines:
        rows = csv.DictReader(lines)
        if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
            raise InvalidInput("data", f"{table.name} must have the column {missing[0]}")
        return [_garment(row, folder / "train", names, line) for line, row in enumerate(rows, start=2)]


def mask_box(runs: str, height: int, width: int) -> Box:
    """The box of a run-length encoded mask.

    Raises:
        ValueError: the runs are no pairs, or leave the mask.
    """
    pairs = np.array(runs.split(), np.int64).reshape(-1, 2)
    first, last = pairs[:, 0] - 1, pairs[:, 0] + pairs[:, 1] - 2
    if not len(pairs) or first.min() < 0 or last.max() >= height * width:
        raise ValueError("its runs leave the mask")
    x1, x2 = int(first.min() // height), int(last.max() // height) + 1
    if np.any(first // height != last // height):  # a run that goes on in the next column touches both ends
        return Box(float(x1), 0.0, float(x2), float(height))
    return Box(float(x1), float((first % height).min()), float(x2), float((last % height).max() + 1))


def _garment(
    row: Mapping[str, str], images: Path, names: Mapping[str, Mapping[int, str]], line: int
) -> AttributedGarment:
    try:
        box = mask_box(row["EncodedPixels"], int(row["Height"]), int(row["Width"]))
        category, *attached = row["ClassId"].split("_")
        listed = row.get("AttributesIds") or ""
        attributes = [int(index) for index in (*attached, *listed.split(",")) if index.strip()]
        return AttributedGarment(
            images / f"{row['ImageId'].removesuffix('.jpg')}.jpg",
            box,
            names["categories"][int(category)],
            tuple(names["attributes"][index] for index in attributes),
        )
    except (KeyError, ValueError) as error:
        raise InvalidInput("data", f"train.csv line {line} cannot be read: {error!r}"[:300]) from error


_KINDS = ("categories", "attributes")
