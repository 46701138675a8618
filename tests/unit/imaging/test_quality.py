from __future__ import annotations

import cv2
import numpy as np
import pytest

from domain.types import Pixels, QualityIssue
from imaging.quality import Quality, QualityLimits, assess, photo_warnings

LIMITS = QualityLimits()


def sharp_picture(height: int = 200, width: int = 150) -> Pixels:
    """A bright checked cloth."""
    y, x = np.mgrid[0:height, 0:width]
    checks = np.where((x // 10 + y // 10) % 2 == 0, 60, 190)
    return np.stack([checks, checks * 0.8, checks * 0.6], axis=2).astype(np.uint8)


def test_a_good_crop_passes_without_a_word() -> None:
    assert assess(sharp_picture(), LIMITS) == Quality()


@pytest.mark.parametrize(("height", "width"), [(49, 100), (100, 49), (1, 1)])
def test_too_small(height: int, width: int) -> None:
    assert assess(sharp_picture(height, width), LIMITS) == Quality(QualityIssue.TOO_SMALL)


@pytest.mark.parametrize(("height", "width"), [(50, 501), (501, 50)])
def test_extreme_aspect_ratio(height: int, width: int) -> None:
    assert assess(sharp_picture(height, width), LIMITS).reason is QualityIssue.ASPECT_RATIO


@pytest.mark.parametrize(("height", "width"), [(50, 50), (50, 500), (500, 50)])
def test_at_the_limits_passes(height: int, width: int) -> None:
    assert assess(sharp_picture(height, width), LIMITS).reason is None


def test_a_photo_with_few_pixels_a_side_gets_a_warning() -> None:
    assert photo_warnings(223, 4000, LIMITS) == (QualityIssue.LOW_RESOLUTION,)
    assert photo_warnings(4000, 223, LIMITS) == (QualityIssue.LOW_RESOLUTION,)
    assert photo_warnings(224, 224, LIMITS) == ()
    assert photo_warnings(1, 1, QualityLimits(warn_image_side_px=0)) == ()


@pytest.mark.parametrize("color", [(0, 0, 0), (255, 255, 255), (180, 20, 40)])
def test_flat_colour(color: tuple[int, int, int]) -> None:
    noise = np.random.default_rng(0).integers(-2, 3, (200, 150, 3))
    flat = np.clip(np.array(color) + noise, 0, 255).astype(np.uint8)
    assert assess(flat, LIMITS) == Quality(QualityIssue.FLAT_COLOR)


def test_two_colours_of_equal_lightness_are_not_flat() -> None:
    picture = np.full((200, 150, 3), (200, 60, 60), np.uint8)
    picture[:, 70:] = (60, 131, 60)
    assert assess(picture, LIMITS).reason is None


def test_blurred_warns() -> None:
    blurred = cv2.GaussianBlur(sharp_picture(), (0, 0), 6).astype(np.uint8)
    assert assess(blurred, LIMITS) == Quality(warnings=(QualityIssue.BLURRED,))


def test_blur_is_judged_at_one_size() -> None:
    large = cv2.resize(sharp_picture(), None, fx=6, fy=6, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    assert assess(large, LIMITS) == Quality()


def test_underexposed_warns() -> None:
    dark = (sharp_picture() * 0.2).astype(np.uint8)
    assert QualityIssue.UNDEREXPOSED in assess(dark, LIMITS).warnings


def test_overexposed_warns() -> None:
    burnt = sharp_picture()
    burnt[40:160, 20:130] = np.minimum(burnt[40:160, 20:130] * 9.0, 255)
    assert QualityIssue.OVEREXPOSED in assess(burnt, LIMITS).warnings


def test_a_white_backdrop_is_not_overexposed() -> None:
    picture = np.full((240, 200, 3), 255, np.uint8)
    picture[50:190, 40:160] = sharp_picture(140, 120)
    assert assess(picture, LIMITS) == Quality()
