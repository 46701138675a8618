from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
import pytest

from bench.model_pair import ROOT
from bench.modified import LabelledPhoto, centre, difference, read_labels, share
from domain.taxonomy import Taxonomy

TAXONOMY = Taxonomy.load(ROOT / "domain/taxonomy.toml")


def test_the_centre_of_a_photo_is_measured(tmp_path: Path) -> None:
    pixels = np.full((100, 60, 3), 255, np.uint8)
    pixels[30:70, 15:45] = (48, 32, 192)  # red, in the order of OpenCV
    cv2.imwrite(str(tmp_path / "a.png"), pixels)
    lab = centre(tmp_path / "a.png")
    assert difference(lab, "red", TAXONOMY) < 10
    assert difference(lab, "blue", TAXONOMY) > 30


def test_hits_that_are_missing_are_wrong() -> None:
    assert share([True, True, False]) == pytest.approx(0.4)


def test_photos_with_a_label_that_is_a_category_are_read(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"{name}.jpg").write_bytes(b"photo")
    labels = tmp_path / "labels.csv"
    labels.write_text(
        "image,label,split\na,Polo,train\nb,Hat,validation\nc,Not sure,train\nd,Hat,test\ne,Hat,train\n"
    )
    shop, asked = read_labels(argparse.Namespace(photos=tmp_path, labels=labels), TAXONOMY)
    assert shop == [LabelledPhoto(tmp_path / "a.jpg", "t-shirt")]
    assert asked == [LabelledPhoto(tmp_path / "b.jpg", "hat")]
