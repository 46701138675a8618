from __future__ import annotations

from collections import Counter

import numpy as np

from domain.taxonomy import Taxonomy
from training.data.examples import ExampleMaker
from training.data.persons import PersonMaker, category_of
from training.synthetic.person import worn_kinds


def _maker(taxonomy: Taxonomy, seed: int) -> PersonMaker:
    return PersonMaker(ExampleMaker(taxonomy, seed), seed)


def test_persons_wear_several_garments_with_boxes_inside_of_the_picture(taxonomy: Taxonomy) -> None:
    maker, seen = _maker(taxonomy, 4), Counter[str]()
    names = {category.name for category in taxonomy.categories}
    for _ in range(12):
        scene = maker.scene(128)
        height, width = scene.picture.shape[:2]
        assert height == 128
        seen.update(name for name, _ in scene.objects)
        for name, box in scene.objects:
            assert name in names
            assert 0 <= box.x1 < box.x2 <= width
            assert 0 <= box.y1 < box.y2 <= height
    assert seen.total() >= 12 * 3
    assert len(seen) >= 8


def test_one_seed_draws_one_picture_and_another_seed_another(taxonomy: Taxonomy) -> None:
    first, again, other = (_maker(taxonomy, seed).scene(96) for seed in (1, 1, 2))
    assert np.array_equal(first.picture, again.picture)
    assert first.objects == again.objects
    assert not np.array_equal(first.picture, other.picture)


def test_every_part_has_a_category_of_the_taxonomy(taxonomy: Taxonomy) -> None:
    names = {category.name for category in taxonomy.categories}
    for part, kinds in worn_kinds().items():
        assert {category_of(part, kind) for kind in kinds} <= names
