from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch")

from models.tag_head import TagHead
from training.recipes.tagger_figures import measure_heads, score

HEADS = (
    TagHead("pattern", "one", ("plain", "striped")),
    TagHead("formality", "number"),
    TagHead("style", "many", ("casual", "party")),
)


def test_each_head_is_measured_where_it_is_known() -> None:
    answers = np.array(
        [[0.9, 0.1, 0.5, 0.9, 0.1], [0.8, 0.2, 0.5, 0.9, 0.9], [0.3, 0.7, 0.75, 0.2, 0.1]], np.float32
    )
    targets = np.array([[1, 0, 0.5, 1, 0], [0, 1, 0.0, 1, 0], [0, 1, 0.7, 0, 0]], np.float32)
    known = np.array([[True, True, True], [True, False, True], [True, True, True]])
    pattern, formality, style = measure_heads(HEADS, answers, targets, known, ["a", "b", "c"])
    assert pattern.figures["accuracy"].value == pytest.approx(2 / 3)
    assert pattern.figures["macro recall"].value == pytest.approx(0.75)
    assert pattern.baseline == pytest.approx(2 / 3)
    assert formality.figures["mean error"].value == pytest.approx(0.025)
    assert formality.figures["mean error"].count == 2
    assert formality.figures["within 0.1"].value == 1
    assert style.figures["F1"].value == pytest.approx((1 + 2 / 3 + 1) / 3)
    assert style.figures["all values right"].value == pytest.approx(2 / 3)
    assert score([pattern, formality, style]) == pytest.approx((2 / 3 + 0.975 + 8 / 9) / 3)


def test_a_head_that_is_never_known_has_no_figures() -> None:
    known = np.array([[True, False, False]])
    (only,) = measure_heads(HEADS, np.zeros((1, 5), np.float32), np.eye(1, 5, dtype=np.float32), known, ["a"])
    assert only.head == "pattern"
    assert score([]) == 0
