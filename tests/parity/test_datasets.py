"""Exported datasets as the tools read them that they are made for."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from pycocotools.coco import COCO

from armoire.datasets.folder import DatasetFolder
from armoire.datasets.forms import DatasetForm, finish, store_photo
from armoire.values.exports import DatasetItem, DatasetPhoto, DatasetSplit
from armoire.values.items import Item
from armoire.values.types import AttributeValue, Box, ColorShare, ScoredValue, ValueSource

CATEGORIES = ("dress", "skirt", "hat")
BOX = Box(10.0, 20.0, 50.0, 100.0)
RED, BLUE = (200, 16, 16), (16, 16, 200)
TURNED = 6
"""The EXIF orientation of a photo that was taken with the camera turned."""


def picture(orientation: int = 1) -> bytes:
    """A JPEG of 80 by 120 pixels once it is upright: blue, and red in `BOX`."""
    pixels = np.full((120, 80, 3), BLUE, np.uint8)
    pixels[20:100, 10:50] = RED
    upright, exif, buffer = Image.fromarray(pixels), Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    stored = upright.transpose(Image.Transpose.ROTATE_90) if orientation == TURNED else upright
    stored.save(buffer, "JPEG", quality=95, exif=exif)
    return buffer.getvalue()


def item(id: str, **fields: Any) -> Item:
    """A verified red dress in `BOX`."""
    person = ValueSource.PERSON
    attributes = {
        "category": AttributeValue((ScoredValue("dress", 1.0),), source=person),
        "pattern": AttributeValue((ScoredValue("striped", 1.0),), source=person),
        "style": AttributeValue((ScoredValue("casual", 0.6),)),
    }
    colors = (ColorShare("red", 0.9, 0xC81010),)
    made = Item(
        *(id, "", "", "", BOX, 80, 120, 0.9, "dress", False, True, False, attributes, colors, ()),
        *("m", "p", "e", None, None, None, None),
        label_source=person,
        box_source=person,
        verify_time=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return replace(made, **fields)


def photo(id: str, split: str, *items: DatasetItem) -> DatasetPhoto:
    return DatasetPhoto(
        *(id, f"{id}.jpg", "", DatasetSplit(split), 80, 120, "jpeg", 1, "", items, True, CATEGORIES)
    )


PHOTOS = (
    (photo("a", "train", DatasetItem(item("a-0"), "dress")), 1),
    (photo("b", "train", DatasetItem(item("b-0"), "dress")), TURNED),
    (photo("c", "val", DatasetItem(item("c-0", label="hat"), "hat")), 1),
    (photo("d", "val"), 1),
    (
        photo(
            "e",
            "test",
            DatasetItem(item("e-0", box=Box(-5.0, 60.0, 90.0, 130.0)), "gown of old"),
            DatasetItem(item("e-1", reject_reason="not_a_garment"), "dress"),
            DatasetItem(item("e-2", reject_reason="duplicate"), "dress"),
        ),
        1,
    ),
    (photo("f", "train", DatasetItem(item("f-0", label=""), "")), 1),
)


def written(root: Path, form: DatasetForm, photos: Sequence[tuple[DatasetPhoto, int]] = PHOTOS) -> Path:
    folder = DatasetFolder(root)
    folder.open({})
    for each, orientation in photos:
        store_photo(folder, form, each, picture(orientation))
    finish(folder, form, CATEGORIES, with_ignore=True)
    return root


def is_red(pixels: Any, box: Sequence[float]) -> bool:
    """Whether a box of pixels (H, W, 3), RGB, is red inside and blue around."""
    left, top, right, bottom = (round(side) for side in box)
    inside, around = pixels[top + 2 : bottom - 2, left + 2 : right - 2], pixels[2 : top - 2]
    errors = (np.abs(inside.mean((0, 1)) - RED), np.abs(around.mean((0, 1)) - BLUE))
    return max(error.max() for error in errors) < 30


def test_ultralytics_reads_the_folder(tmp_path: Path) -> None:
    from ultralytics.data.dataset import YOLODataset
    from ultralytics.data.utils import check_det_dataset

    root = written(tmp_path / "yolo", DatasetForm.YOLO)
    found = check_det_dataset(str(root / "data.yaml"), autodownload=False)
    assert found["names"] == {0: "dress", 1: "skirt", 2: "hat", 3: "gown of old", 4: "ignore"}
    counts = {}
    for split in ("train", "val", "test"):
        dataset = YOLODataset(img_path=found[split], data=found, task="detect", augment=False, imgsz=128)
        counts[split] = [[int(c) for c in label["cls"].flatten()] for label in dataset.labels]
        if split == "train":
            for index, label in enumerate(dataset.labels):
                height, width = label["shape"]
                x, y, w, h = label["bboxes"][0] * [width, height, width, height]
                bgr, *_ = dataset.load_image(index, rect_mode=False)
                shown = Image.fromarray(np.ascontiguousarray(bgr[..., ::-1]))
                pixels = np.asarray(shown.resize((width, height)))
                box = (x - w / 2, y - h / 2, x + w / 2, y + h / 2)
                assert np.allclose(box, (BOX.x1, BOX.y1, BOX.x2, BOX.y2), atol=0.01)
                assert is_red(pixels, box)
    assert counts == {"train": [[0], [0]], "val": [[2], []], "test": [[3, 4]]}


def test_pycocotools_reads_the_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = written(tmp_path / "coco", DatasetForm.COCO)
    train = COCO(str(root / "annotations/instances_train.json"))
    assert [each["name"] for each in train.loadCats(train.getCatIds())] == [
        *CATEGORIES,
        "gown of old",
        "ignore",
    ]
    for image_id in train.getImgIds():
        (image,) = train.loadImgs(image_id)
        (annotation,) = train.loadAnns(train.getAnnIds(image_id))
        x, y, w, h = annotation["bbox"]
        pixels = np.asarray(Image.open(root / "images/train" / image["file_name"]).convert("RGB"))
        assert pixels.shape[:2] == (image["height"], image["width"]) == (120, 80)
        assert is_red(pixels, (x, y, x + w, y + h))
        assert (annotation["area"], annotation["attributes"]["pattern"]) == (3200.0, ["striped"])
    test = COCO(str(root / "annotations/instances_test.json"))
    boxes = [each["bbox"] for each in test.loadAnns(test.getAnnIds())]
    assert boxes == [[0.0, 60.0, 80.0, 60.0], [10.0, 20.0, 40.0, 80.0]]


def test_open_clip_reads_the_tables_and_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from open_clip_train.data import CsvDataset
    from webdataset.tariterators import group_by_keys, tar_file_expander

    root = written(tmp_path / "pairs", DatasetForm.IMAGE_TEXT)
    monkeypatch.chdir(root)  # the paths in the tables begin at the folder

    def pixels(image: Image.Image) -> torch.Tensor:
        return torch.from_numpy(np.asarray(image.convert("RGB")).copy())

    dataset = CsvDataset("train.csv", pixels, "filepath", "title", tokenizer=lambda texts: texts)
    assert len(dataset) == 2  # without the one of which nobody says what it is
    for image, text in (dataset[index] for index in range(2)):
        assert text == "red striped dress"
        assert image.shape == (80, 40, 3)
        assert np.abs(image.numpy()[4:-4, 4:-4].mean((0, 1)) - RED).max() < 30
    with tarfile.open(tmp_path / "train-000000.tar", "w") as packed:
        for path in sorted(Path("train").iterdir()):
            packed.add(path)
    with (tmp_path / "train-000000.tar").open("rb") as shard:
        samples = list(group_by_keys(tar_file_expander([{"url": "train", "stream": shard}])))
    assert [sample["txt"].decode() for sample in samples] == ["red striped dress"] * 2
    assert {"jpg", "json"} <= set(samples[0])
    assert len(Path("pairs.jsonl").read_text().splitlines()) == 4
