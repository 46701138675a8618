from __future__ import annotations

import numpy as np
import pytest

from training.evaluation.perturbations import brightened, centre, perturbations


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (200, 300, 3), np.uint8)


def test_a_crop_is_the_middle(picture: np.ndarray) -> None:
    assert np.array_equal(centre(picture, 0.5), picture[50:150, 75:225])


@pytest.mark.parametrize(
    ("name", "share"), [("centre crop, 70 % of the area", 0.7), ("centre crop, 70 % of each side", 0.49)]
)
def test_crops_keep_what_their_names_say(picture: np.ndarray, name: str, share: float) -> None:
    assert perturbations()[name](picture).size / picture.size == pytest.approx(share, abs=0.005)


def test_brightness_is_cut_off_at_white() -> None:
    picture = np.array([[[10, 100, 250]]], np.uint8)
    assert brightened(picture, 1.2).tolist() == [[[12, 120, 255]]]
    assert brightened(picture, 0.8).tolist() == [[[8, 80, 200]]]


def test_mirrored_twice_is_as_before(picture: np.ndarray) -> None:
    mirror = perturbations()["mirrored"]
    assert not np.array_equal(mirror(picture), picture)
    assert np.array_equal(mirror(mirror(picture)), picture)


def test_every_change_changes_and_gives_a_picture(picture: np.ndarray) -> None:
    for perturbation in perturbations().values():
        perturbed = perturbation(picture)
        assert perturbed.dtype == np.uint8
        assert perturbed.shape != picture.shape or not np.array_equal(perturbed, picture)
