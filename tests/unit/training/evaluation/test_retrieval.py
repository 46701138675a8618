from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, AttributeValue, Box, ColorShare
from imaging.colors import lab_of
from imaging.main_color import MainColor
from training.evaluation.retrieval import (
    Index,
    named_color,
    reachable_precision,
    same_category,
    search_modes,
    self_retrieval,
)
from training.evaluation.serving import Prediction, ServingOptions

GREY, RED = (MainColor(lab_of(rgb)[None]) for rgb in (0x808080, 0xFF0000))


def item(vector: list[float], category: str, score: float = 0.9, side: float = 10) -> AnalyzedItem:
    unit = np.asarray(vector, np.float32) / np.linalg.norm(vector)
    answer = {"category": AttributeValue.one(category, 1.0)}
    return AnalyzedItem(
        Box(0, 0, side, side),
        score,
        category,
        attributes=answer,
        embedding=unit.astype(np.float32),
        colors=(ColorShare("grey", 1.0, 0x808080),),
    )


def prediction(*items: AnalyzedItem) -> Prediction:
    return Prediction(items[0], items)


def index(options: ServingOptions | None = None) -> Index:
    """Three photos; the second has two items."""
    vectors = np.array([[1, 0], [0.8, 0.6], [0, 1], [0.79, 0.613]], np.float32)
    colors = (GREY, GREY, RED, GREY)
    sure = np.ones(4, np.float32)
    return Index(vectors, np.array([0, 1, 1, 2]), ("dress", "dress", "hat", "hat"), colors, sure, options)


def test_photos_come_once_best_first() -> None:
    assert index().search(np.array([1, 0], np.float32), {}, 10) == [0, 1, 2]


def test_a_photo_can_be_left_out() -> None:
    assert index().search(np.array([1, 0], np.float32), {}, 2, without=0) == [1, 2]


def test_as_served_a_shared_category_raises_a_hit_a_little() -> None:
    query = np.array([0, 1], np.float32)
    apart = replace(index(), embeddings=np.array([[0.6, 0.8], [0.8, 0.6], [1, 0], [0.62, 0.785]], np.float32))
    served = replace(apart, options=ServingOptions(), category_bonus=0.03)
    assert apart.search(query, {"hat": 1.0}, 1) == [0]
    assert served.search(query, {"hat": 1.0}, 1) == [2]
    assert served.search(query, {"hat": 0.1}, 1) == [0]


def test_as_served_the_nearest_to_a_colour_that_is_named_come_first(taxonomy: Taxonomy) -> None:
    red = named_color("a red dress", taxonomy)
    assert named_color("a dress", taxonomy) is None
    query = np.array([1, 0], np.float32)
    assert index().search(query, {}, 1, color=red) == [0]
    near = replace(index(ServingOptions()), embeddings=np.array([[1, 0]] * 3 + [[0.9, 0.44]], np.float32))
    assert near.search(query, {}, 3, color=red) == [1, 0, 2]


def test_as_served_an_unsure_category_adds_less_where_a_colour_is_named(taxonomy: Taxonomy) -> None:
    grey, query = named_color("a grey hat", taxonomy), np.array([0.8, 0.6], np.float32)
    served = replace(index(ServingOptions()), category_bonus=0.5, colors=(GREY,) * 4)
    assert served.search(query, {"hat": 1.0}, 1, color=grey) == [2]
    unsure = replace(served, certainties=np.array([1, 1, 0.2, 0.0], np.float32))
    assert unsure.search(query, {"hat": 1.0}, 1, color=grey) == [1]
    assert unsure.search(query, {"hat": 1.0}, 1) == [2]


def test_as_served_only_what_the_store_returns_can_rise() -> None:
    narrow = replace(index(ServingOptions(min_hits=1, overfetch=1)), category_bonus=5.0)
    assert narrow.search(np.array([1, 0], np.float32), {"hat": 1.0}, 1) == [0]


def test_precision_does_not_count_the_photo_itself(taxonomy: Taxonomy) -> None:
    predictions = [prediction(item([1, 0.01 * row], "dress")) for row in range(11)]
    predictions += [prediction(item([-1, 0.01 * row], "hat")) for row in range(11)]
    wanted = ["dress"] * 11 + ["hat"] * 11
    for mode in search_modes(predictions, ServingOptions(), 0.03, taxonomy).values():
        assert same_category(mode, predictions, wanted).value == 1.0
    assert reachable_precision(wanted) == 1.0
    assert reachable_precision(["dress"] * 6) == 0.5


def test_the_original_has_to_come_first(taxonomy: Taxonomy) -> None:
    predictions = [prediction(item([1, 0], "dress")), prediction(item([0, 1], "hat"))]
    perturbed = [prediction(item([0.9, 0.1], "dress")), prediction(item([0.9, 0.2], "hat"))]
    assert (
        self_retrieval(search_modes(predictions, ServingOptions(), 0.03, taxonomy)["item"], perturbed).value
        == 0.5
    )


def test_a_photo_asks_by_its_main_item(taxonomy: Taxonomy) -> None:
    small, large = item([1, 0], "dress", score=0.9, side=10), item([0, 1], "hat", score=0.5, side=100)
    predictions = [prediction(item([1, 0], "dress")), prediction(item([0, 1], "hat"))]
    assert search_modes(predictions, ServingOptions(), 0.03, taxonomy)["item"].search(
        prediction(small, large), 1
    ) == [1]
    assert search_modes(predictions, ServingOptions(), 0.03, taxonomy)["whole photo"].search(
        prediction(small, large), 1
    ) == [0]


def test_intervals_are_over_contributors(taxonomy: Taxonomy) -> None:
    predictions = [prediction(item([1, 0.01 * row], "dress")) for row in range(20)]
    wanted = ["dress"] * 10 + ["hat"] * 10
    mode = search_modes(predictions, ServingOptions(), 0.03, taxonomy)["item"]
    senders = [str(row // 10) for row in range(20)]
    apart, together = (same_category(mode, predictions, wanted, who) for who in (None, senders))
    assert together.value == apart.value
    assert (together.low, together.high) == pytest.approx((0.8, 0.8))
    assert apart.low < 0.77 < 0.83 < apart.high
    perturbed = [*predictions[:10], *[predictions[0]] * 10]
    estimate = self_retrieval(mode, perturbed, senders)
    assert (estimate.low, estimate.value, estimate.high) == (0.0, 0.5, 1.0)
