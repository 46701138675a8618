from __future__ import annotations

import pytest

from domain.types import AnalyzedItem, AttributeValue, Box, QualityIssue
from services.inference.pipeline.garment_limit import judged


def item(score: float | None, *, whole_image: bool = False) -> AnalyzedItem:
    return AnalyzedItem(
        Box(0, 0, 10, 10),
        0.9,
        "dress",
        whole_image,
        attributes={"category": AttributeValue.one("dress", 0.9)},
        garment_score=score,
    )


def outcomes(items: list[AnalyzedItem]) -> list[str]:
    return [
        "rejected" if each.reason is QualityIssue.NOT_A_GARMENT else "warned" if each.warnings else "kept"
        for each in items
    ]


@pytest.mark.parametrize(
    ("scores", "detected", "expected"),
    [
        ([0.9, 0.2], True, ["kept", "rejected"]),
        ([0.3, 0.2], True, ["warned", "rejected"]),
        ([0.9, 0.2], False, ["kept", "warned"]),
        ([0.5, 0.5], True, ["kept", "kept"]),
        ([None, None], True, ["kept", "kept"]),
        ([], True, []),
    ],
)
def test_what_is_below_the_limit(scores: list[float | None], detected: bool, expected: list[str]) -> None:
    assert outcomes(judged([item(score) for score in scores], 0.5, detected=detected)) == expected


def test_a_rejected_item_has_its_score_and_no_description() -> None:
    _, rejected = judged([item(0.9), item(0.2)], 0.5, detected=True)
    assert (rejected.attributes, rejected.embedding, rejected.garment_score) == ({}, None, 0.2)


def test_the_whole_photo_is_only_warned_of() -> None:
    assert outcomes(judged([item(0.9), item(0.1, whole_image=True)], 0.5, detected=True)) == [
        "kept",
        "warned",
    ]


def test_no_limit_changes_nothing() -> None:
    assert outcomes(judged([item(0.0)], 0.0, detected=True)) == ["kept"]
