"""Pairs of a garment's picture and a sentence, for models that learn from both.

Each pair is SPLIT/ITEM.jpg beside ITEM.txt and ITEM.json, as webdataset's shards hold them, and a line of
SPLIT.csv, as open_clip reads it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

from PIL import Image

from armoire.datasets.folder import DatasetFolder
from armoire.datasets.records import IGNORE, Record, caption_of
from armoire.datasets.yolo import SPLITS

_QUALITY = 95


def crop_files(record: Record, pixels: Image.Image) -> dict[str, bytes]:
    """The files of the pairs of a photo, by their places in the folder; `pixels` are upright."""
    files: dict[str, bytes] = {}
    for item in record["items"]:
        place = _place(record, item)
        if place is None:
            continue
        caption = caption_of(item["category"], item["attributes"])
        facts = {**item, "image_id": record["image_id"], "product_id": record["product_id"], "text": caption}
        files[f"{place}.jpg"] = _crop(pixels, item["box_xyxy"])
        files[f"{place}.txt"] = caption.encode()
        files[f"{place}.json"] = json.dumps(facts, ensure_ascii=False).encode()
    return files


def write_tables(folder: DatasetFolder) -> None:
    """Write `SPLIT.csv` for each split, with tabs between path and sentence, and `pairs.jsonl`."""
    pairs, rows = io.StringIO(), {split.value: io.StringIO() for split in SPLITS}
    tables = {split: csv.writer(text, delimiter="\t", lineterminator="\n") for split, text in rows.items()}
    for table in tables.values():
        table.writerow(("filepath", "title"))
    for record in folder.records():
        for item in record["items"]:
            place = _place(record, item)
            if place is None:
                continue
            caption = caption_of(item["category"], item["attributes"])
            tables[record["split"]].writerow((f"{place}.jpg", caption))
            pair = {"image": f"{place}.jpg", "text": caption, "product_id": record["product_id"], **item}
            pairs.write(json.dumps(pair, ensure_ascii=False) + "\n")
    folder.store({f"{split}.csv": text.getvalue().encode() for split, text in rows.items()})
    folder.store({"pairs.jsonl": pairs.getvalue().encode()})


def _place(record: Record, item: Mapping[str, object]) -> str | None:
    """Where the files of an item are, without their suffixes; None where it makes no pair."""
    box = item["box_xyxy"]
    if item["category"] in ("", IGNORE) or not isinstance(box, list):
        return None
    left, top, right, bottom = _pixels(box)
    return f"{record['split']}/{item['item_id']}" if right > left and bottom > top else None


def _crop(pixels: Image.Image, box_xyxy: list[float]) -> bytes:
    buffer = io.BytesIO()
    pixels.crop(_pixels(box_xyxy)).save(buffer, "JPEG", quality=_QUALITY, subsampling=0)
    return buffer.getvalue()


def _pixels(box_xyxy: list[float]) -> tuple[int, int, int, int]:
    """The box in whole pixels."""
    left, top, right, bottom = (round(side) for side in box_xyxy)
    return left, top, right, bottom
