"""Entries of the prediction log as photos to compare."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from armoire import (
    AnalyzedItem,
    AttributeValue,
    Box,
    ColorShare,
    Embedding,
    LoggedPrediction,
    QualityIssue,
    ScoredValue,
)
from services.drift.logged_photos import observed_photo
from services.drift.sample import Source

ITEM = AnalyzedItem(
    box=Box(0, 0, 10, 10),
    score=0.9,
    label="dress",
    whole_image=False,
    accepted=True,
    reason=None,
    warnings=(),
    attributes={"category": AttributeValue((ScoredValue("dress", 0.7),))},
    colors=(ColorShare("navy", 0.2, 0), ColorShare("red", 0.6, 0)),
    embedding=Embedding((0.6, 0.8), "embedder-1", "p"),
    crop=None,
)
LOGGED = LoggedPrediction(
    "id-1", "shop", "Analyze", "call-1", "hash-1", 10, (ITEM,), None, "detector-1", "p", "embedder-1", "p"
)


def test_a_garment_has_what_was_said_of_it_and_its_main_colour() -> None:
    photo = observed_photo(LOGGED)
    (garment,) = photo.garments
    assert (photo.source, photo.unit) == (Source("Analyze", "detector-1", "embedder-1"), "call-1")
    assert (garment.label, garment.color, garment.score, garment.label_score) == ("dress", "navy", 0.9, 0.7)
    assert garment.embedding is not None
    np.testing.assert_allclose(garment.embedding, [0.6, 0.8], rtol=1e-6)


def test_units_are_calls_or_photos() -> None:
    assert observed_photo(LOGGED, by_photo=True).unit == "hash-1"
    assert observed_photo(replace(LOGGED, request_id="")).unit == "id-1"


def test_what_was_rejected_is_left_out_and_a_whole_photo_has_no_score() -> None:
    rejected = replace(ITEM, accepted=False, reason=QualityIssue.TOO_SMALL)
    whole = replace(ITEM, whole_image=True, score=0.0, attributes={}, colors=(), embedding=None)
    (garment,) = observed_photo(replace(LOGGED, items=(rejected, whole))).garments
    assert isnan(garment.score)
    assert isnan(garment.label_score)
    assert (garment.color, garment.embedding) == ("", None)


@pytest.mark.parametrize("items", [(), (replace(ITEM, accepted=False, reason=QualityIssue.TOO_SMALL),)])
def test_a_photo_without_garments_counts(items: tuple[AnalyzedItem, ...]) -> None:
    assert observed_photo(replace(LOGGED, items=items)).garments == ()
