from __future__ import annotations

from pathlib import Path

import numpy as np

from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, AttributeValue, Box
from services.catalog.records.primary import (
    best_fit,
    category_fit,
    category_of,
    choose_primary,
    target_category,
)

TAXONOMY = Taxonomy.load(Path(__file__).parents[5] / "domain/taxonomy.toml")


def item(label: str, category: str = "", *, side: float = 10, score: float = 0.5, sure: float = 0.5,
         axis: int = 0) -> AnalyzedItem:  # fmt: skip
    attributes = {"category": AttributeValue.one(category, sure)} if category else {}
    embedding = np.eye(4, dtype=np.float32)[axis]
    return AnalyzedItem(Box(0, 0, side, side), score, label, attributes=attributes, embedding=embedding)


def test_attribute_and_label_both_speak_for_a_category() -> None:
    assert category_fit(item("gown", "dress", score=0.4, sure=0.3), "dress", TAXONOMY) == 0.7
    assert category_fit(item("person", "dress", sure=0.3), "dress", TAXONOMY) == 0.3
    assert category_fit(item("hat", "bag"), "dress", TAXONOMY) == 0.0


def test_the_best_fit_to_the_category_wins_over_size_and_name() -> None:
    items = [item("bag", "bag", side=90), item("dress", "dress", sure=0.6), item("dress", "dress", sure=0.9)]
    assert choose_primary(items, "dress", np.eye(4, dtype=np.float32)[0], TAXONOMY) == 2


def test_the_best_fit_is_none_where_none_fits() -> None:
    items = [item("bag", "bag"), item("hat", "hat")]
    assert best_fit(items, "hat", TAXONOMY) == 1
    assert best_fit(items, "dress", TAXONOMY) is None
    assert best_fit(items, "", TAXONOMY) is None


def test_without_a_fit_the_name_decides() -> None:
    items = [item("bag", side=90, axis=0), item("hat", axis=1)]
    assert choose_primary(items, "dress", np.eye(4, dtype=np.float32)[1], TAXONOMY) == 1


def test_without_a_name_the_largest_confident_wins() -> None:
    items = [item("a", side=10, score=0.9), item("b", side=30, score=0.5), item("c", side=31, score=0.1)]
    assert choose_primary(items, "", None, TAXONOMY) == 1


def test_a_whole_image_alone_is_primary() -> None:
    assert choose_primary([item("x", score=0.0)], "", None, TAXONOMY) == 0


def test_the_wanted_category_is_the_products_or_its_names() -> None:
    assert target_category("Red sneakers", "dress", "Hats", TAXONOMY) == "dress"
    assert target_category("Red sneakers", "", "Women > Hats", TAXONOMY) == "hat"
    assert target_category("Red sneakers", "", "Women", TAXONOMY) == "shoes"
    assert target_category("Thing", "", "", TAXONOMY) == ""


def test_the_category_is_the_attributes_or_the_labels() -> None:
    assert category_of("hat", {"category": AttributeValue.one("gown", 0.5)}, TAXONOMY) == "dress"
    assert category_of("sneaker", {}, TAXONOMY) == "shoes"
    assert category_of("person", {}, TAXONOMY) == ""
