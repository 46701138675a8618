from __future__ import annotations

import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from training.data.color_names import ColorNames, dominant_lab, lab_to_rgb, rgb_to_lab


@pytest.fixture(scope="module")
def names(taxonomy: Taxonomy) -> ColorNames:
    return ColorNames(taxonomy.colors)


def test_a_centre_is_called_by_its_own_name(names: ColorNames) -> None:
    for index in range(len(names.names)):
        shares = names.shares(names.lab(index))
        assert shares.argmax() == index
        assert shares.sum() == pytest.approx(1, abs=1e-5)


def test_a_colour_between_two_names_is_shared_by_them(names: ColorNames) -> None:
    blue, navy = names.names.index("blue"), names.names.index("navy")
    shares = names.shares((names.lab(blue) + names.lab(navy)) / 2)
    assert min(shares[blue], shares[navy]) > 0.02
    assert shares.max() < 0.9


def test_random_shades_keep_their_name_most_of_the_time(names: ColorNames) -> None:
    rng = np.random.default_rng(0)
    red = names.names.index("red")
    shades = [np.asarray(names.near(red, rng), np.uint8).reshape(1, 1, 3) for _ in range(30)]
    named = [names.names[names.shares(rgb_to_lab(shade)[0, 0]).argmax()] for shade in shades]
    assert named.count("red") > 20
    assert len({shade.tobytes() for shade in shades}) > 20


def test_lab_and_rgb_are_inverse() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (5, 7, 3)).astype(np.uint8)
    assert np.abs(lab_to_rgb(rgb_to_lab(picture)).astype(int) - picture).max() <= 1


def test_the_dominant_colour_is_that_of_the_garment(names: ColorNames) -> None:
    picture = np.full((60, 60, 3), 255, np.uint8)
    picture[15:45, 15:45] = (20, 30, 90)
    picture[25:30, 25:30] = (250, 220, 0)
    mask = np.zeros((60, 60), np.uint8)
    mask[15:45, 15:45] = 255
    lab = dominant_lab(picture, mask, np.random.default_rng(0))
    assert names.names[names.shares(lab).argmax()] == "navy"
