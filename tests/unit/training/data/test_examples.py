from __future__ import annotations

import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from domain.types import Pixels
from training.data.color_names import ColorNames
from training.data.examples import (
    ExampleMaker,
    balanced_chances,
    is_plain,
    moved,
    paste,
    patterned,
    recolored,
)


@pytest.fixture(scope="module")
def maker(taxonomy: Taxonomy) -> ExampleMaker:
    return ExampleMaker(taxonomy, seed=3)


def test_drawings_show_every_category_in_the_colour_they_claim(
    maker: ExampleMaker, taxonomy: Taxonomy
) -> None:
    examples = maker.from_drawings(22, 96)
    assert {example.category for example in examples} == set(range(len(taxonomy.categories)))
    for example in examples:
        assert example.mask is not None
        assert example.mask.any()
        assert max(example.picture.shape) <= 96
        assert example.color is not None
        assert example.color.sum() == pytest.approx(1, abs=1e-4)


def test_fashion_mnist_gets_a_colour_and_a_pattern(maker: ExampleMaker) -> None:
    pictures = np.zeros((3, 28, 28), np.uint8)
    pictures[:, 6:22, 8:20] = 200
    for example in maker.from_fashion_mnist(pictures, ["bag", "shoes", "dress"], 3, 96):
        assert example.mask is not None
        assert 0.1 < (example.mask > 0).mean() < 0.6
        assert example.pattern is not None


def test_a_recoloured_garment_has_the_new_colour(maker: ExampleMaker, taxonomy: Taxonomy) -> None:
    names = ColorNames(taxonomy.colors)
    red, blue = names.names.index("red"), names.names.index("blue")
    picture = np.full((60, 60, 3), 255, np.uint8)
    picture[15:45, 15:45] = names.near(red, np.random.default_rng(0))
    mask = np.zeros((60, 60), np.uint8)
    mask[15:45, 15:45] = 255
    example = maker.known(picture, mask, "dress", red, 0)
    changed = recolored(example, blue, names)
    assert changed.color is not None
    assert changed.color.argmax() == blue
    center = changed.picture[30, 30].astype(int)
    assert center[2] > center[0] + 60
    assert (changed.picture[2, 2] == 255).all()


@pytest.mark.parametrize(("given", "least", "most"), [(True, 0.65, 0.92), (False, 0.0, 0.1)])
def test_a_moved_garment_stands_on_a_given_background_or_a_drawn_one(
    maker: ExampleMaker, given: bool, least: float, most: float
) -> None:
    picture = np.full((60, 60, 3), 255, np.uint8)
    picture[15:45, 15:45] = (10, 20, 90)
    mask = np.where(picture[..., 0] < 255, 255, 0).astype(np.uint8)
    example = maker.known(picture, mask, "dress", 0, 0)
    lime = np.full((60, 60, 3), (0, 255, 0), np.uint8)
    rng = np.random.default_rng(0)
    on_lime = []
    for _ in range(100):
        changed = moved(example, [lime] if given else [], rng)
        assert (changed.picture[20:40, 20:40] == (10, 20, 90)).all()
        assert changed.mask is example.mask
        assert changed.color is example.color
        corner = changed.picture[:10, :10].astype(int)
        on_lime.append(bool((corner[..., 1] - corner[..., [0, 2]].max(axis=2) > 140).all()))
        assert not (corner == 255).all()
    assert least <= np.mean(on_lime) <= most


def test_what_is_not_cut_out_cannot_be_moved(maker: ExampleMaker) -> None:
    example = maker.known(np.zeros((9, 9, 3), np.uint8), None, "dress", 0, 0)
    assert moved(example, [], np.random.default_rng(0)) is example


def test_a_pattern_is_printed_on_the_garment_alone(maker: ExampleMaker, taxonomy: Taxonomy) -> None:
    picture = np.full((80, 80, 3), 150, np.uint8)
    mask = np.zeros((80, 80), np.uint8)
    mask[20:60, 20:60] = 255
    example = maker.known(picture, mask, "dress", 0, 0)
    striped = taxonomy.attribute("pattern").values.index("striped")
    changed = patterned(example, "striped", striped, ColorNames(taxonomy.colors), np.random.default_rng(0))
    assert changed.pattern is not None
    assert changed.pattern.argmax() == striped
    assert changed.picture[25:55, 25:55].std() > 10
    assert (changed.picture[:10] == 150).all()


def test_plain_means_without_texture() -> None:
    mask = np.zeros((64, 64), np.uint8)
    mask[8:56, 8:56] = 255
    flat: Pixels = np.full((64, 64, 3), 100, np.uint8)
    striped = flat.copy()
    striped[:, ::4] = 220
    striped[:, 1::4] = 220
    assert is_plain(flat, mask)
    assert not is_plain(striped, mask)


def test_paste_says_where_the_layer_is() -> None:
    layer = np.zeros((4, 6, 4), np.uint8)
    layer[..., 0], layer[1:, :, 3] = 255, 255
    picture, mask = paste(np.zeros((10, 10, 3), np.uint8), layer, 3, 2)
    assert np.array_equal(picture[..., 0], mask)
    assert mask.sum() == 255 * 18
    assert mask[3, 3] == 255
    assert mask[2, 3] == 0


def test_rare_categories_are_lifted_but_not_to_par() -> None:
    chances = balanced_chances(["a"] * 9 + ["b"])
    assert chances.sum() == pytest.approx(1)
    assert chances[-1] > chances[0]
    assert chances[:9].sum() > chances[-1]
