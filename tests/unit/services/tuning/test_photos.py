"""Only photos that the server would take are measured with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from domain.errors import InvalidInput
from imaging.decode import DecodeLimits
from services.tuning.photos import AT_MOST, read_photos

PIXELS = np.zeros((40, 30, 3), np.uint8)


def test_photos_are_the_first_by_name(tmp_path: Path, encode: Callable[..., bytes]) -> None:
    jpeg, png = encode(PIXELS), encode(PIXELS, "PNG")
    (tmp_path / "b.PNG").write_bytes(png)
    (tmp_path / "a.jpg").write_bytes(jpeg)
    (tmp_path / "notes.txt").write_text("none")
    assert read_photos(tmp_path, DecodeLimits()) == [jpeg, png]


def test_there_are_never_too_many(tmp_path: Path, encode: Callable[..., bytes]) -> None:
    for number in range(AT_MOST + 3):
        (tmp_path / f"{number:03}.jpg").write_bytes(encode(PIXELS))
    assert len(read_photos(tmp_path, DecodeLimits())) == AT_MOST


def test_a_missing_folder_and_missing_photos_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"--photos: .*nowhere is not a folder"):
        read_photos(tmp_path / "nowhere", DecodeLimits())
    with pytest.raises(InvalidInput, match="has no photos"):
        read_photos(tmp_path, DecodeLimits())


def test_a_photo_that_would_be_refused_is_named(tmp_path: Path, encode: Callable[..., bytes]) -> None:
    (tmp_path / "large.jpg").write_bytes(encode(PIXELS))
    with pytest.raises(InvalidInput, match=r"large\.jpg would be refused"):
        read_photos(tmp_path, DecodeLimits(max_pixels=100))
