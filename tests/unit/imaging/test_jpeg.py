from __future__ import annotations

import numpy as np
import pytest

from imaging.decode import DecodeLimits, ImageInfo, decode, probe
from imaging.header import ImageFormat
from imaging.jpeg import encode_jpeg, encode_jpeg_within
from tests.unit.imaging import pictures


def test_encodes_rgb_as_rgb() -> None:
    picture = np.full((16, 24, 3), (200, 100, 20), np.uint8)
    pixels = decode(encode_jpeg(picture), DecodeLimits())
    assert np.abs(pixels.astype(int) - picture).max() <= 4


def test_quality_costs_bytes() -> None:
    picture = pictures.draw_picture()
    assert len(encode_jpeg(picture, 30)) < len(encode_jpeg(picture, 95))


def test_a_large_picture_is_made_smaller() -> None:
    content = encode_jpeg_within(pictures.draw_picture(480, 640), 320, 10**6)
    assert decode(content, DecodeLimits()).shape == (240, 320, 3)


def test_a_picture_that_is_small_enough_is_encoded_as_ever() -> None:
    picture = pictures.draw_picture(48, 64)
    assert encode_jpeg_within(picture, 64, 10**6) == encode_jpeg(picture)


def test_a_side_that_no_jpeg_can_have_is_made_shorter() -> None:
    content = encode_jpeg_within(np.zeros((1, 70_000, 3), np.uint8), 1000, 10**6)
    assert probe(content, DecodeLimits(min_side_px=1)) == ImageInfo(ImageFormat.JPEG, 1000, 1)


@pytest.mark.parametrize("share", [0.9, 0.1, 0.03])
def test_noise_is_encoded_within_the_bytes_that_are_allowed(share: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (256, 256, 3), np.uint8)
    most = int(len(encode_jpeg(noise)) * share)
    content = encode_jpeg_within(noise, 1024, most)
    assert len(content) <= most
    assert decode(content, DecodeLimits(min_side_px=1)).shape[2] == 3
