"""How far two embedders agree."""

from __future__ import annotations

import numpy as np
import pytest

from domain.types import AnalyzedItem, AttributeValue, Box, ModelVersion, QualityIssue, ScoredValue
from services.shadow.figures import MAX_KEPT, MIN_KEPT, Neighbourhoods, ShadowFigures, same_label

BOX = Box(0, 0, 10, 10)


def named(category: str, reason: QualityIssue | None = None) -> AnalyzedItem:
    attributes = {"category": AttributeValue((ScoredValue(category, 0.5),))} if category else {}
    return AnalyzedItem(BOX, 0.5, "garment", reason=reason, attributes=attributes)


def test_the_category_counts_and_not_the_detectors_label() -> None:
    assert same_label(named("dress"), named("dress"))
    assert not same_label(named("dress"), named("shirt"))
    rejected = named("", QualityIssue.NOT_A_GARMENT)
    assert not same_label(named("dress"), rejected)
    assert same_label(rejected, rejected)


def test_the_same_space_turned_has_the_same_neighbours() -> None:
    random = np.random.default_rng(0)
    turned = np.linalg.qr(random.normal(size=(8, 8)))[0]
    both, apart = Neighbourhoods(), Neighbourhoods()
    overlaps, others = [], []
    for vector in random.normal(size=(MIN_KEPT + 50, 8)):
        live = (vector / np.linalg.norm(vector)).astype(np.float32)
        overlaps.append(both.add(live, (turned @ live).astype(np.float32)))
        unlike = random.normal(size=4).astype(np.float32)
        others.append(apart.add(live, unlike / np.linalg.norm(unlike)))
    assert overlaps[:MIN_KEPT] == [None] * MIN_KEPT
    assert all(overlap == 1.0 for overlap in overlaps[MIN_KEPT:])
    assert 0.0 < np.mean([other for other in others if other is not None]) < 0.3


def test_few_garments_are_kept() -> None:
    kept = Neighbourhoods()
    for number in range(MAX_KEPT + 20):
        kept.add(np.float32([number, 1]), np.float32([1, number]))
    assert len(kept._live) == len(kept._candidate) == MAX_KEPT


def test_a_share_of_nothing_is_0() -> None:
    version = ModelVersion("a", "p")
    assert ShadowFigures(version, version, 0).label_agreement == 0.0
    assert ShadowFigures(version, version, 0, garments=8, same_labels=6).label_agreement == pytest.approx(
        0.75
    )
