"""The form that COCO tools read: a file of all boxes a split.

Source: cocodataset.org, "Data format", object detection.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from armoire.datasets.folder import DatasetFolder
from armoire.datasets.records import Record
from armoire.datasets.yolo import SPLITS


def write_annotations(folder: DatasetFolder, classes: Sequence[str]) -> None:
    """Write `annotations/instances_SPLIT.json` for each split."""
    categories = [
        {"id": number, "name": name, "supercategory": "garment"}
        for number, name in enumerate(classes, start=1)
    ]
    numbers = {name: number for number, name in enumerate(classes, start=1)}
    for split in SPLITS:
        (folder.root / "images" / split.value).mkdir(parents=True, exist_ok=True)
        images: list[dict[str, Any]] = []
        annotations: list[dict[str, Any]] = []
        for record in folder.records():
            if record["split"] == split.value:
                images.append(_image(record, len(images) + 1))
                annotations += _annotations(record, len(images), len(annotations) + 1, numbers)
        instances = {
            "info": {"description": f"reviewed photos, {split.value}"},
            "licenses": [],
            "images": images,
            "annotations": annotations,
            "categories": categories,
        }
        content = json.dumps(instances, ensure_ascii=False).encode()
        folder.store({f"annotations/instances_{split.value}.json": content})


def _image(record: Record, id: int) -> dict[str, Any]:
    return {
        "id": id,
        "file_name": PurePosixPath(record["file"]).name,
        "width": record["width"],
        "height": record["height"],
        "image_id": record["image_id"],
        "product_id": record["product_id"],
    }


def _annotations(
    record: Record, image_id: int, first_id: int, numbers: dict[str, int]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for item in record["items"]:
        x1, y1, x2, y2 = item["box_xyxy"]
        width, height = x2 - x1, y2 - y1
        if width <= 0 or height <= 0:
            continue
        found.append(
            {
                "id": first_id + len(found),
                "image_id": image_id,
                "category_id": numbers[item["category"]],
                "bbox": [x1, y1, width, height],
                "area": width * height,
                "iscrowd": int(item.get("ignored", False)),
                "attributes": item["attributes"],
                "item_id": item["item_id"],
            }
        )
    return found
