from __future__ import annotations

import numpy as np
import pytest

from domain.errors import InvalidInput
from domain.types import Box
from services.catalog.limits import CatalogLimits
from services.catalog.search.examples import (
    WeightedVector,
    check_examples,
    combined_categories,
    combined_vector,
)
from services.catalog.search.query import Example, ExamplesQuery, ImageQuery, ItemQuery, TextQuery

LIMITS = CatalogLimits(max_examples=3)
X, Y, Z = np.eye(3, dtype=np.float32)
TEXT = Example(TextQuery("a"))


def test_vectors_are_summed_with_their_weights() -> None:
    vector = combined_vector(
        [WeightedVector(X, 2.0, {}), WeightedVector(Y, 1.0, {}), WeightedVector(Z, -0.5, {})]
    )
    assert vector == pytest.approx(np.array([2.0, 1.0, -0.5]) / np.sqrt(5.25))
    assert vector.dtype == np.float32


def test_vectors_that_cancel_each_other_out_are_refused() -> None:
    with pytest.raises(InvalidInput, match="examples: cancel each other out"):
        combined_vector([WeightedVector(X, 0.25, {}), WeightedVector(X, -0.25, {})])


def test_categories_are_those_of_positive_examples_that_have_one() -> None:
    parts = [
        WeightedVector(X, 1.0, {"dress": 0.8}),
        WeightedVector(Y, 3.0, {"skirt": 0.4}),
        WeightedVector(Z, 5.0, {}),
        WeightedVector(Z, -1.0, {"hat": 1.0}),
    ]
    assert combined_categories(parts) == pytest.approx({"dress": 0.2, "skirt": 0.3})
    assert combined_categories([WeightedVector(X, 1.0, {})]) == {}


BOXES = (Box(0, 0, 9, 9), Box(1, 1, 9, 9))


@pytest.mark.parametrize(
    ("positive", "negative", "problem"),
    [
        ((), (TEXT,), "examples.positive: must not be empty"),
        ((TEXT, TEXT), (TEXT, TEXT), "examples: must hold at most 3 in all, got 4"),
        ((TEXT, Example(ItemQuery("i"), 0.0)), (), r"examples.positive\[1\].weight: must be above 0"),
        ((TEXT,), (Example(ItemQuery("i"), -1.0),), r"examples.negative\[0\].weight: must be above 0"),
        ((Example(ItemQuery("i"), float("nan")),), (), r"examples.positive\[0\].weight: .* got nan"),
        ((Example(ItemQuery("i"), 101.0),), (), r"examples.positive\[0\].weight: .* at most 100, got 101"),
        ((Example(ImageQuery(b"", BOXES)),), (), r"examples.positive\[0\].image.boxes: .* one box, got 2"),
    ],
)
def test_bad_examples_are_refused(
    positive: tuple[Example, ...], negative: tuple[Example, ...], problem: str
) -> None:
    with pytest.raises(InvalidInput, match=problem):
        check_examples(ExamplesQuery(positive, negative), LIMITS)
