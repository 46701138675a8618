from __future__ import annotations

import pytest

from armoire.datasets.records import caption_of, class_names, photo_record
from armoire.messages.items import item_from_proto
from armoire.v1 import items_pb2, types_pb2
from armoire.values.exports import DatasetItem, DatasetPhoto, DatasetSplit
from armoire.values.images import RejectedCrop
from armoire.values.types import Box, QualityIssue


@pytest.mark.parametrize(
    ("attributes", "caption"),
    [
        ({}, "dress"),
        ({"color": ["red", "white"], "pattern": ["plain"]}, "red white dress"),
        ({"pattern": ["striped"], "style": ["casual"]}, "striped dress, casual style"),
        ({"season": ["spring", "summer"], "category": ["dress"]}, "dress, spring and summer season"),
    ],
)
def test_captions_say_what_people_said(attributes: dict[str, list[str]], caption: str) -> None:
    assert caption_of("dress", attributes) == caption


def test_classes_of_the_taxonomy_keep_their_places() -> None:
    records = [{"items": [{"category": name} for name in ("zori", "hat", "ignore", "anorak")]}]
    assert class_names(("dress", "hat"), records, with_ignore=False) == ("dress", "hat", "anorak", "zori")
    assert class_names(("dress", "hat"), [], with_ignore=True) == ("dress", "hat", "ignore")


def test_a_detection_where_an_item_is_is_no_region_to_ignore() -> None:
    item = item_from_proto(items_pb2.Item(id="i", box=types_pb2.Box(x1=10, y1=10, x2=30, y2=30)))
    boxes = (Box(12, 12, 32, 30), Box(40, 10, 60, 30), Box(-5, 0, 5, 10))
    rejected = tuple(RejectedCrop(box, 0.5, "hat", QualityIssue.TOO_SMALL) for box in boxes)
    photo = DatasetPhoto(
        "a", "a.jpg", "", DatasetSplit.TRAIN, 50, 40, "jpeg", 9, "0" * 64, (DatasetItem(item, "dress"),),
        True, (), rejected,
    )  # fmt: skip
    first, *regions = photo_record(photo, "a.jpg")["items"]
    assert (first["category"], "ignored" in first) == ("dress", False)
    assert [(each["category"], each["box_xyxy"]) for each in regions] == [
        ("ignore", [40, 10, 50, 30]),
        ("ignore", [0, 0, 5, 10]),
    ]
