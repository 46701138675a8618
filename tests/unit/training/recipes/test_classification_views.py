from __future__ import annotations

import numpy as np
import pytest

from domain.types import Pixels
from training.recipes.classification_views import Augmentation, plain_view, random_view


@pytest.fixture
def picture() -> Pixels:
    """Red on the left, blue on the right."""
    pixels = np.zeros((60, 40, 3), np.uint8)
    pixels[:, :20, 0] = 200
    pixels[:, 20:, 2] = 200
    return pixels


def none(**changes: float) -> Augmentation:
    still = {"crop": 1.0, "flip": False, "jitter": 0.0, "hue": 0.0, "turn_deg": 0.0, "erase": 0.0}
    return Augmentation.model_validate({**still, **changes})


def test_a_view_follows_from_its_random_numbers(picture: Pixels) -> None:
    views = [random_view(picture, 32, Augmentation(), np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert views[0].shape == (32, 32, 3)
    assert np.array_equal(views[0], views[1])
    assert not np.array_equal(views[0], views[2])


def test_without_changes_a_view_is_nearly_the_whole_picture(picture: Pixels) -> None:
    view = random_view(picture, 32, none(), np.random.default_rng(0))
    assert view[:, 4, 0].min() > 190
    assert view[:, 27, 2].min() > 190
    assert plain_view(picture, 32)[16, 4].tolist() == [200, 0, 0]


def test_half_of_the_views_are_mirrored(picture: Pixels) -> None:
    rng = np.random.default_rng(0)
    mirrored = [random_view(picture, 16, none(flip=True), rng)[8, 2, 2] > 100 for _ in range(60)]
    assert 15 < sum(mirrored) < 45


def test_jitter_changes_light_and_erasing_a_part(picture: Pixels) -> None:
    rng = np.random.default_rng(0)
    reds = {int(random_view(picture, 16, none(jitter=0.5), rng)[8, 3, 0]) for _ in range(8)}
    assert len(reds) > 4
    erased = random_view(picture, 32, none(erase=1.0), rng)
    whole = random_view(picture, 32, none(), np.random.default_rng(1))
    assert 0.01 < (erased != whole).any(axis=2).mean() < 0.6


def test_a_crop_shows_a_part(picture: Pixels) -> None:
    rng = np.random.default_rng(0)
    shares = [(random_view(picture, 32, none(crop=0.2), rng)[..., 0] > 100).mean() for _ in range(30)]
    assert min(shares) < 0.35
    assert max(shares) > 0.65
