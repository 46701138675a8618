from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from export.errors import Unsupported
from export.gate_pictures import pixelate, read_gate_pictures


def test_shipped_pictures_are_many_different_and_not_square() -> None:
    pictures = read_gate_pictures()
    assert len(pictures) >= 8
    assert all(picture.shape[0] != picture.shape[1] for picture in pictures)
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


def test_a_folder_adds_its_own(tmp_path: Path) -> None:
    red_bgr = np.zeros((20, 20, 3), np.uint8)
    red_bgr[..., 2] = 255
    cv2.imwrite(str(tmp_path / "red.png"), red_bgr)
    (tmp_path / "notes.txt").write_text("not a picture")
    *_, last = read_gate_pictures(tmp_path)
    assert last.shape == (15, 20, 3)  # a square one loses a quarter
    assert last[0, 0].tolist() == [255, 0, 0]


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="holds no pictures"):
        read_gate_pictures(tmp_path)


def test_a_broken_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    with pytest.raises(Unsupported, match=r"broken\.jpg"):
        read_gate_pictures(tmp_path)


def test_pixelate_keeps_the_size_and_leaves_blocks() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (10, 15, 3), np.uint8)
    blocks = pixelate(picture, 4)
    assert blocks.shape == picture.shape
    assert (blocks[:4, :4] == blocks[0, 0]).all()
    assert not np.array_equal(blocks, picture)
