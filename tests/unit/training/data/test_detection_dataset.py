from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from training.data.boxed_pictures import read_dataset
from training.data.detection_dataset import DatasetOptions, write_dataset

TAXONOMY = Path(__file__).parents[4] / "domain/taxonomy.toml"


@pytest.fixture
def street(tmp_path: Path) -> Path:
    """Eleven photos of 60 x 120 pixels with a coat each; the last is for development."""
    folder = tmp_path / "street"
    (folder / "photos").mkdir(parents=True)
    items = [{"label": "coat", "box": [15, 30, 45, 90], "area": 1800}]
    rows = []
    for index in range(11):
        cv2.imwrite(str(folder / "photos" / f"{index}.jpg"), np.full((120, 60, 3), 20 * index, np.uint8))
        split = "development" if index == 10 else "train"
        rows.append({"photo": str(index), "size": [60, 120], "items": items, "split": split})
    (folder / "items.json").write_text(json.dumps(rows), encoding="utf-8")
    return folder


def test_each_source_has_pictures_with_boxes_and_nothing_that_is_measured_on(
    photos: Path, street: Path, tmp_path: Path
) -> None:
    options = DatasetOptions(
        photos,
        TAXONOMY,
        street=street,
        cache=tmp_path,
        side_px=96,
        scenes=3,
        dev_scenes=2,
        persons=2,
        sample_copies=1,
        thumbnail_px=64,
    )
    dataset = read_dataset(write_dataset(options, tmp_path / "dataset"))
    sources = dict.fromkeys(("street", "photos", "scenes", "persons", "samples"), 0)
    for picture in dataset.train:
        sources[picture.source] += 1
    assert (sources["street"], sources["scenes"], sources["persons"]) == (9, 3, 2)
    assert 0 < sources["photos"] < 36
    assert sources["samples"] > 0
    assert [picture.source for picture in dataset.dev].count("street") == 1
    assert dataset.labels[-1] == "ignore"

    first = next(picture for picture in dataset.train if picture.source == "street")
    assert first.pixels().shape == (96, 48, 3)
    assert dataset.labels[first.class_ids[0]] == "outerwear"
    np.testing.assert_allclose(first.boxes_xyxy, [[0.25, 0.25, 0.75, 0.75]], atol=1e-4)


def test_without_street_photos_there_are_none(photos: Path, tmp_path: Path) -> None:
    options = DatasetOptions(
        photos,
        TAXONOMY,
        cache=tmp_path,
        side_px=96,
        scenes=1,
        dev_scenes=1,
        persons=0,
        sample_copies=0,
        thumbnail_px=64,
    )
    dataset = read_dataset(write_dataset(options, tmp_path / "dataset"))
    assert {picture.source for picture in dataset.train} == {"photos", "scenes"}
