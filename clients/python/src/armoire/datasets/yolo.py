"""The form that YOLO tools read: a text file of boxes a picture, and `data.yaml`.

Source: Ultralytics, "Object Detection Datasets Overview".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath

from armoire.datasets.folder import DatasetFolder
from armoire.datasets.records import Record
from armoire.values.exports import DatasetSplit

SPLITS = (DatasetSplit.TRAIN, DatasetSplit.VAL, DatasetSplit.TEST)


def write_annotations(folder: DatasetFolder, classes: Sequence[str]) -> None:
    """Write the labels of all photos, and the description of the dataset."""
    numbers = {name: number for number, name in enumerate(classes)}
    for split in SPLITS:
        for part in ("images", "labels"):
            (folder.root / part / split.value).mkdir(parents=True, exist_ok=True)
    for record in folder.records():
        name = PurePosixPath(record["file"]).with_suffix(".txt").name
        folder.store({f"labels/{record['split']}/{name}": _labels(record, numbers).encode()})
    folder.store({"data.yaml": _description(classes).encode()})


def _labels(record: Record, numbers: dict[str, int]) -> str:
    """A line an item: its class, and the centre and size of its box as shares of the picture's."""
    lines = []
    for item in record["items"]:
        x1, y1, x2, y2 = item["box_xyxy"]
        if x2 <= x1 or y2 <= y1:
            continue
        width, height = record["width"], record["height"]
        shares = (
            (x1 + x2) / 2 / width,
            (y1 + y2) / 2 / height,
            (x2 - x1) / width,
            (y2 - y1) / height,
        )
        lines.append(" ".join([str(numbers[item["category"]]), *(f"{share:.8f}" for share in shares)]))
    return "".join(f"{line}\n" for line in lines)


def _description(classes: Sequence[str]) -> str:
    """Without a `path`, the folders are beside the file, wherever that is moved."""
    names = "".join(f"  {number}: {json.dumps(name)}\n" for number, name in enumerate(classes))
    folders = "".join(f"{split.value}: images/{split.value}\n" for split in SPLITS)
    return f"{folders}names:\n{names}"
