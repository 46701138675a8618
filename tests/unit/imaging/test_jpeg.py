from __future__ import annotations

import numpy as np

from imaging.decode import DecodeLimits, decode
from imaging.jpeg import encode_jpeg
from tests.unit.imaging import pictures


def test_encodes_rgb_as_rgb() -> None:
    picture = np.full((16, 24, 3), (200, 100, 20), np.uint8)
    pixels = decode(encode_jpeg(picture), DecodeLimits())
    assert np.abs(pixels.astype(int) - picture).max() <= 4


def test_quality_costs_bytes() -> None:
    picture = pictures.draw_picture()
    assert len(encode_jpeg(picture, 30)) < len(encode_jpeg(picture, 95))
