"""An analysis on its way from a server to a catalogue."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from armoire.messages.inference import analysis_from_proto
from armoire.v1 import inference_pb2, types_pb2
from domain.types import (
    AnalyzedItem,
    AttributeValue,
    Box,
    ColorShare,
    ImageAnalysis,
    ModelVersion,
    QualityIssue,
    ScoredValue,
    StageTimings,
    ValueSource,
)
from services.edge.conversion.inference import analysis_to_proto
from services.remote.values import analysis_from_client

ACCEPTED = AnalyzedItem(
    Box(1.5, 2.25, 30.0, 40.0),
    0.75,
    "dress",
    warnings=(QualityIssue.BLURRED, QualityIssue.OVEREXPOSED),
    attributes={
        "category": AttributeValue.one("dress", 0.5, (ScoredValue("dress", 0.5), ScoredValue("skirt", 0.25))),
        "season": AttributeValue((ScoredValue("summer", 0.5), ScoredValue("spring", 0.25))),
        "formality": AttributeValue(number=3.0, source=ValueSource.PERSON),
    },
    colors=(ColorShare("red", 0.5, 0xFF0000), ColorShare("white", 0.25, 0xFFFFFF)),
    embedding=np.array([0.5, -0.25, 0.125], np.float32),
    crop=b"\xff\xd8jpeg",
    categories=(ScoredValue("jersey, T-shirt", 0.75), ScoredValue("sundress", 0.125)),
)
REJECTED = AnalyzedItem(Box(0.0, 0.0, 5.0, 5.0), 0.5, "hat", reason=QualityIssue.TOO_SMALL)
ANALYSIS = ImageAnalysis(
    640,
    480,
    (ACCEPTED, REJECTED),
    ModelVersion("yolo@1", "letterbox@1"),
    ModelVersion("clip@1", "square@1"),
    StageTimings(
        decode_ns=1, detect_queue_ns=2, detect_ns=3, crop_ns=4, embed_ns=5, total_ns=6, classify_ns=7
    ),
    (QualityIssue.LOW_RESOLUTION,),
    ModelVersion("lite0@1", "shortest@1"),
)


def test_an_analysis_arrives_as_it_was_made() -> None:
    sent = analysis_to_proto(ANALYSIS, include_embeddings=True, include_alternatives=True)
    arrived = analysis_from_client(analysis_from_proto(sent))
    embedding = arrived.items[0].embedding
    assert embedding is not None
    assert embedding.dtype == np.float32
    assert np.array_equal(embedding, np.array([0.5, -0.25, 0.125], np.float32))
    for item, expected in zip(arrived.items, ANALYSIS.items, strict=True):
        assert fields(item) == fields(expected)
    assert fields(replace(arrived, items=())) == fields(replace(ANALYSIS, items=()))


def test_without_a_classifier_none_arrives() -> None:
    sent = analysis_to_proto(replace(ANALYSIS, classifier=None), include_embeddings=False)
    assert analysis_from_client(analysis_from_proto(sent)).classifier is None


def test_an_issue_of_a_newer_server_is_left_out() -> None:
    sent = inference_pb2.ImageAnalysis(
        warnings=[types_pb2.QUALITY_ISSUE_LOW_RESOLUTION, 99], items=[{"warnings": [99], "accepted": True}]
    )
    arrived = analysis_from_client(analysis_from_proto(sent))
    assert arrived.warnings == (QualityIssue.LOW_RESOLUTION,)
    assert arrived.items[0].warnings == ()


def fields(value: AnalyzedItem | ImageAnalysis) -> dict[str, object]:
    """All but the embedding, whose arrays do not compare to one bool."""
    names = [name for name in value.__slots__ if name != "embedding"] if hasattr(value, "__slots__") else []
    assert names
    return {name: getattr(value, name) for name in names}


@pytest.mark.parametrize("include", [True, False])
def test_an_item_carries_its_embedding_where_asked(include: bool) -> None:
    sent = analysis_to_proto(ANALYSIS, include_embeddings=include)
    arrived = analysis_from_client(analysis_from_proto(sent))
    assert [item.embedding is not None for item in arrived.items] == [include, False]
