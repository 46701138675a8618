from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from domain.errors import InvalidInput
from imaging.decode import DecodeLimits
from imaging.thumbnail import thumbnail
from tests.unit.imaging.pictures import draw_picture

LIMITS = DecodeLimits()


def encoded(height: int, width: int, format: str, orientation: int = 1) -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(draw_picture(height, width)).save(buffer, format, exif=exif)
    return buffer.getvalue()


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    assert picture.format == "JPEG"
    return picture


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_the_longer_side_is_within_the_limit(format: str) -> None:
    assert opened(thumbnail(encoded(600, 900, format), 256, LIMITS)).size == (256, 171)
    assert opened(thumbnail(encoded(900, 600, format), 256, LIMITS)).size == (171, 256)


def test_a_small_picture_keeps_its_size() -> None:
    assert opened(thumbnail(encoded(60, 40, "PNG"), 256, LIMITS)).size == (40, 60)


def test_it_is_upright_and_looks_like_the_picture() -> None:
    turned = opened(thumbnail(encoded(600, 900, "JPEG", orientation=6), 300, LIMITS))
    assert turned.size == (200, 300)
    assert 0x0112 not in turned.getexif()
    upright = Image.fromarray(draw_picture(600, 900)).rotate(-90, expand=True).resize((200, 300))
    difference = np.abs(np.asarray(turned, float) - np.asarray(upright, float))
    assert difference.mean() < 4


def test_a_damaged_picture_is_refused() -> None:
    with pytest.raises(InvalidInput):
        thumbnail(b"not a picture", 256, LIMITS)
