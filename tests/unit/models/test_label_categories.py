from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from models.label_categories import LabelCategories

TAXONOMY = Taxonomy.load(Path(__file__).parents[3] / "domain/taxonomy.toml")


@pytest.fixture
def mapping() -> LabelCategories:
    return LabelCategories.of(
        ("jersey, T-shirt, tee shirt", "polo", "Sneakers", "tench", "shoe shop"), TAXONOMY
    )


def test_labels_name_categories_whole_or_between_commas(mapping: LabelCategories) -> None:
    assert mapping.names == ("t-shirt", "shoes")
    assert mapping.membership.tolist() == [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]]


def test_labels_of_one_category_count_together(mapping: LabelCategories) -> None:
    (answer,) = mapping.choose(np.array([[0.25, 0.2, 0.4, 0.1, 0.05]], np.float32))
    assert answer is not None
    assert (answer.value, answer.score) == ("t-shirt", pytest.approx(0.45))


def test_no_category_is_chosen_where_others_are_more_probable(mapping: LabelCategories) -> None:
    rows = np.array([[0.1, 0.1, 0.4, 0.25, 0.15], [0, 0.1, 0.35, 0.3, 0.25]], np.float32)
    first, second = mapping.choose(rows)
    assert first is not None
    assert first.value == "shoes"
    assert second is None


def test_labels_of_other_things_name_nothing() -> None:
    mapping = LabelCategories.of(("tench", "goldfish"), TAXONOMY)
    assert mapping.names == ()
    assert mapping.choose(np.array([[0.5, 0.5]], np.float32)) == [None]
