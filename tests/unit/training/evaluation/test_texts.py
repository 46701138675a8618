from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from imaging.main_color import MainColor
from training.data.photos import Photo
from training.evaluation.ground_truth import GroundTruth, TextQuery
from training.evaluation.retrieval import Index, SearchMode
from training.evaluation.texts import Judge, measure_texts

PHOTOS = [
    Photo(Path(f"{name}.jpg"), "Polo", category, "1", "validation")
    for name, category in (("a", "t-shirt"), ("b", "t-shirt"), ("c", "dress"), ("d", "t-shirt"))
]
TRUTH = GroundTruth((), {"a": ("red",), "b": ("navy", "red"), "c": ("red",)}, {})
GREY = MainColor(np.zeros((1, 3), np.float32))
QUERY = TextQuery("red tee", "t-shirt", "red")


def mode() -> SearchMode:
    """Photos a to d from the nearest to (1, 0) to the farthest."""
    vectors = np.array([[1, 0], [0.1, 0.99], [0.8, 0.6], [0.6, 0.8]], np.float32)
    categories = tuple(photo.category for photo in PHOTOS)
    return SearchMode(
        Index(vectors, np.arange(4), categories, (GREY,) * 4, np.ones(4, np.float32)), by_item=False
    )


def test_right_are_photos_of_the_category_in_the_colour_or_one_as_good() -> None:
    judge = Judge(PHOTOS, TRUTH)
    assert judge.relevant(QUERY) == {0, 1}
    assert judge.unjudged == 1


def test_precision_stands_beside_what_is_possible(taxonomy: Taxonomy) -> None:
    vectors = np.array([[1, 0]], np.float32)
    figures = measure_texts(mode(), [QUERY], vectors, Judge(PHOTOS, TRUTH), taxonomy)
    assert figures is not None
    (row,) = figures.rows
    assert row.hits == ("a", "c", "d", "b")
    assert row.right == (True, False, False, True)
    assert (row.precision, row.ceiling, row.relevant) == (0.4, 0.4, 2)


def test_texts_without_a_right_photo_are_left_out(taxonomy: Taxonomy) -> None:
    queries = [QUERY, TextQuery("green hat", "hat", "green")]
    vectors = np.array([[1, 0], [1, 0]], np.float32)
    figures = measure_texts(mode(), queries, vectors, Judge(PHOTOS, TRUTH), taxonomy)
    assert figures is not None
    assert [row.text for row in figures.rows] == ["red tee"]
    assert figures.precision.value == pytest.approx(0.4)
    assert measure_texts(mode(), queries[1:], vectors[1:], Judge(PHOTOS, TRUTH), taxonomy) is None
