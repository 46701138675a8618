from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from domain.types import FloatArray
from training.data.outfit_sets import BlankQuestion, CompatibilityCase, OutfitItem, OutfitSet
from training.evaluation.outfit_figures import (
    OutfitTest,
    ask,
    auc,
    auc_difference,
    difference,
    measure,
    right_shares,
    values,
)

OUTFITS = [
    OutfitSet(str(n), "test", tuple(OutfitItem(f"{n}{part}", part) for part in ("a", "b", "c")))
    for n in range(10, 30)
]


def knows(sets: Sequence[tuple[str, ...]]) -> FloatArray:
    """How many items are of the outfit of the first."""
    return np.array([np.mean([id[:2] == each[0][:2] for id in each]) for each in sets], np.float32)


def guesses(sets: Sequence[tuple[str, ...]]) -> FloatArray:
    return np.zeros(len(sets), np.float32)


def test_the_area_is_the_share_of_pairs_in_order() -> None:
    scores = np.array([0.9, 0.4, 0.4, 0.1], np.float32)
    estimate = auc(scores, [True, True, False, False], ["a", "b", "c", "d"])
    assert estimate.value == pytest.approx((2 + 1.5) / 4)
    assert estimate.low <= estimate.value <= estimate.high
    assert estimate.count == 4


def test_a_scorer_that_knows_has_all_right_and_one_that_guesses_has_chance() -> None:
    test = OutfitTest.of(OUTFITS)
    right, wrong = ask(knows, test), ask(guesses, test)
    assert {estimate.value for estimate in measure(right, test).values()} == {1.0}
    chance = measure(wrong, test)
    assert chance["AUC, overall"].value == 0.5
    assert chance["fill in the blank"].value == pytest.approx(0.25)
    assert values(wrong, test) == pytest.approx({name: each.value for name, each in chance.items()})
    above = difference(right, wrong, test)
    assert above["AUC, pairs"].value == 0.5
    assert above["AUC, pairs"].low > 0
    assert above["fill in the blank"].value == pytest.approx(0.75)


def test_intervals_are_as_wide_as_they_should_be() -> None:
    rng = np.random.default_rng(3)
    labels = np.arange(400) % 2 == 0
    held = 0
    for _ in range(40):
        scores = (rng.normal(size=400) + labels).astype(np.float32)  # the area is that of two normals: 0.760
        estimate = auc(scores, labels.tolist(), [str(n) for n in range(400)])
        held += estimate.low <= 0.760 <= estimate.high
    assert held >= 34


def test_the_interval_of_a_difference_is_of_the_same_cases() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=200).astype(np.float32)
    labels, groups = (np.arange(200) % 2 == 0).tolist(), [str(n // 2) for n in range(200)]
    same = auc_difference((scores, scores), labels, groups)
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_the_data_sets_own_questions_win() -> None:
    own = [BlankQuestion(("10a", "10b"), ("11c", "10c"), 1)]
    test = OutfitTest.of(OUTFITS, own, [CompatibilityCase(("10a", "11b"), False)])
    assert test.questions == own
    assert [len(cases) for cases in test.cases.values()] == [1, 40, 40]
    assert "AUC, overall" not in measure(ask(knows, test), test)  # all of one kind


def test_equal_scores_share_the_answer() -> None:
    questions = [BlankQuestion((), ("a", "b", "c", "d"), 2)]
    assert right_shares(np.array([[0, 1, 1, 0]], np.float32), questions) == [0.5]
    assert right_shares(np.array([[2, 1, 1, 0]], np.float32), questions) == [0]
