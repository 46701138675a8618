from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from domain.errors import InvalidInput
from imaging.decode import DecodeLimits
from imaging.thumbnail import thumbnail, thumbnails
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
    assert picture.format == "WEBP"
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


@pytest.mark.parametrize(
    ("longer_px", "sides"), [(1500, [1024, 512, 256]), (1024, [512, 256]), (300, [256]), (256, []), (40, [])]
)
def test_only_smaller_sizes_are_made(longer_px: int, sides: list[int]) -> None:
    made = thumbnails(encoded(longer_px // 2, longer_px, "JPEG", orientation=6), (256, 512, 1024), LIMITS)
    assert list(made) == sides
    assert [opened(content).size for content in made.values()] == [(side // 2, side) for side in sides]


def test_a_damaged_picture_has_no_thumbnails() -> None:
    with pytest.raises(InvalidInput):
        thumbnails(b"not a picture", (256,), LIMITS)
