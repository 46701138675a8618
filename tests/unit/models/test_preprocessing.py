from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from domain.types import Pixels
from imaging.crop import resize
from models.preprocessing import ImagePreprocessing, ResizeMode

SQUARE = ImagePreprocessing(32, 32, "shortest", "bicubic", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), fill=9)
WIDE = dataclasses.replace(SQUARE, width=48)
WHOLE_PICTURE_MODES: list[ResizeMode] = ["squash", "shortest", "longest"]
PADDING_MODES: list[ResizeMode] = ["square-pad-reflect", "square-pad-mean"]


def noise(height: int, width: int) -> Pixels:
    return np.random.default_rng(height).integers(0, 255, (height, width, 3), np.uint8)


def in_mode(settings: ImagePreprocessing, mode: ResizeMode) -> ImagePreprocessing:
    return dataclasses.replace(settings, resize_mode=mode)


@pytest.mark.parametrize("settings", [SQUARE, WIDE])
@pytest.mark.parametrize("mode", [*WHOLE_PICTURE_MODES, *PADDING_MODES])
@pytest.mark.parametrize("size", [(40, 60), (60, 40), (16, 16), (9, 100), (8, 6000)])
def test_everything_becomes_the_inputs_size(
    settings: ImagePreprocessing, mode: ResizeMode, size: tuple[int, int]
) -> None:
    for fitted in (
        in_mode(settings, mode).fit_photo(noise(*size)),
        in_mode(settings, mode).fit_garment(noise(*size)),
    ):
        assert fitted.shape == settings.shape
        assert fitted.dtype == np.uint8


@pytest.mark.parametrize("settings", [SQUARE, WIDE])
@pytest.mark.parametrize("mode", [*WHOLE_PICTURE_MODES, *PADDING_MODES])
def test_a_picture_of_the_inputs_proportions_is_resized_whatever_the_mode(
    settings: ImagePreprocessing, mode: ResizeMode
) -> None:
    picture = noise(settings.height * 3, settings.width * 3)
    expected = resize(picture, settings.height, settings.width)
    np.testing.assert_array_equal(in_mode(settings, mode).fit_photo(picture), expected)
    np.testing.assert_array_equal(in_mode(settings, mode).fit_garment(picture), expected)


@pytest.mark.parametrize("mode", ["squash", "shortest"])
def test_garments_of_models_that_cut_or_distort_are_padded_as_they_were_before(mode: ResizeMode) -> None:
    garment = noise(90, 40)
    before = in_mode(SQUARE, "square-pad-reflect").fit_garment(garment)
    np.testing.assert_array_equal(in_mode(SQUARE, mode).fit_garment(garment), before)


@pytest.mark.parametrize("settings", [SQUARE, WIDE])
@pytest.mark.parametrize("mode", [*WHOLE_PICTURE_MODES, *PADDING_MODES])
def test_nothing_of_a_garment_is_cut_away(settings: ImagePreprocessing, mode: ResizeMode) -> None:
    garment = np.zeros((120, 40, 3), np.uint8)
    garment[:20, :, 0] = garment[-20:, :, 1] = 255
    fitted = in_mode(settings, mode).fit_garment(garment)
    middle = fitted[:, settings.width // 2]
    assert middle[1, 0] > 200
    assert middle[-2, 1] > 200


def test_modes_differ_on_photos_of_another_shape() -> None:
    photo = noise(90, 40)
    fitted = [in_mode(SQUARE, mode).fit_photo(photo) for mode in (*WHOLE_PICTURE_MODES, *PADDING_MODES)]
    assert len({each.tobytes() for each in fitted}) == 5


@pytest.mark.parametrize("mode", ["squash", "shortest"])
def test_a_larger_resize_size_leaves_the_centre_of_the_photo(mode: ResizeMode) -> None:
    settings = dataclasses.replace(in_mode(SQUARE, mode), resize_size=(40, 40))
    photo = noise(60, 90)
    whole = dataclasses.replace(in_mode(SQUARE, mode), height=40, width=40).fit_photo(photo)
    np.testing.assert_array_equal(settings.fit_photo(photo), whole[4:36, 4:36])
    np.testing.assert_array_equal(settings.fit_garment(photo), in_mode(SQUARE, mode).fit_garment(photo))
    assert settings.min_decode_px == 6 * 40


def test_the_fill_is_the_models_own() -> None:
    fitted = in_mode(SQUARE, "longest").fit_photo(np.full((64, 32, 3), 200, np.uint8))
    assert (fitted[:, :8] == 9).all()
    np.testing.assert_array_equal(
        fitted, in_mode(SQUARE, "longest").fit_garment(np.full((64, 32, 3), 200, np.uint8))
    )


@pytest.mark.parametrize(("mode", "least_px"), [("shortest", 192), ("squash", 192), ("longest", 64)])
def test_photos_are_decoded_large_enough_for_their_shorter_side(mode: ResizeMode, least_px: int) -> None:
    assert in_mode(SQUARE, mode).min_decode_px == least_px
