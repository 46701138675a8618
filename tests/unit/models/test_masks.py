from __future__ import annotations

import numpy as np
import pytest

from domain.types import Box
from imaging.crop import crop
from imaging.letterbox import LetterboxTransform, letterbox
from models.masks import box_mask, mask_logits

AS_IT_IS = LetterboxTransform(8, 8, 1.0, 1.0, 0, 0)


def test_logits_are_the_prototypes_weighted_by_the_coefficients() -> None:
    prototypes = np.array([[[1, 2], [3, 4]], [[10, 20], [30, 40]]], np.float32)
    logits = mask_logits(np.array([[1, 0], [2, -1]], np.float32), prototypes)
    assert logits.tolist() == [[[1, 2], [3, 4]], [[-8, -16], [-24, -32]]]


def test_logits_of_nothing_are_nothing() -> None:
    assert mask_logits(np.zeros((0, 2), np.float32), np.ones((2, 3, 4), np.float32)).shape == (0, 3, 4)


def test_logits_are_interpolated_before_they_are_compared() -> None:
    # Centres of two logits for 8 pixels lie at 1.5 and 5.5; from 3 to -1 the line crosses 0 at 4.5.
    logits = np.array([[3, -1]], np.float32)
    mask = box_mask(logits, Box(0, 0, 8, 8), AS_IT_IS, (8, 4))
    assert mask.shape == (8, 8)
    assert mask[0].tolist() == [True] * 5 + [False] * 3 == [column < 4.5 for column in range(8)]
    assert (mask == mask[0]).all()
    down = box_mask(np.ascontiguousarray(logits.T), Box(0, 0, 8, 8), AS_IT_IS, (4, 8))
    assert (down == mask.T).all()


def test_a_mask_is_cut_to_its_box_and_has_the_pixels_of_its_crop() -> None:
    box = Box(1.5, 2.0, 6.2, 5.0)
    mask = box_mask(np.ones((2, 2), np.float32), box, AS_IT_IS, (4, 4))
    assert mask.shape == crop(np.zeros((8, 8, 3), np.uint8), box).shape[:2] == (3, 6)
    assert mask.tolist() == [[False] + [True] * 5] * 3  # column 1 begins before the box


@pytest.mark.parametrize("box", [Box(3, 3, 3, 3), Box(8, 8, 8, 8), Box(0, 0, 0, 8)])
def test_a_box_without_an_area_has_an_empty_mask(box: Box) -> None:
    assert not box_mask(np.ones((2, 2), np.float32), box, AS_IT_IS, (4, 4)).any()


@pytest.mark.parametrize(("height", "width"), [(40, 80), (80, 40), (16, 8)])
@pytest.mark.parametrize("side", ["top", "left"])
def test_a_mask_comes_back_through_the_letterbox(height: int, width: int, side: str) -> None:
    photo = np.zeros((height, width, 3), np.uint8)
    photo[np.s_[: height // 4] if side == "top" else np.s_[:, : width // 4]] = 255
    image, transform = letterbox(photo, 32, 32)
    logits = image[..., 0].astype(np.float32) - 127.5  # the border is grey 114, so negative
    mask = box_mask(logits, Box(0, 0, width, height), transform, (1, 1))
    assert (mask == (photo[..., 0] > 0)).all()
