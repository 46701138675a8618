"""Values of the client as domain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import numpy as np

import armoire
from domain.types import (
    AnalyzedItem,
    AttributeValue,
    Box,
    ColorShare,
    FloatArray,
    ImageAnalysis,
    ModelVersion,
    QualityIssue,
    ScoredValue,
    StageTimings,
    ValueSource,
)


def analysis_from_client(analysis: armoire.ImageAnalysis) -> ImageAnalysis:
    return ImageAnalysis(
        width=analysis.image_width,
        height=analysis.image_height,
        items=tuple(map(_item, analysis.items)),
        detector=ModelVersion(analysis.detector_version, analysis.detector_preprocess_version),
        embedder=ModelVersion(analysis.embedder_version, analysis.embedder_preprocess_version),
        timings=StageTimings(**asdict(analysis.timings)),
        warnings=_issues(analysis.warnings),
        classifier=ModelVersion(analysis.classifier_version, analysis.classifier_preprocess_version)
        if analysis.classifier_version
        else None,
        vocabulary=analysis.vocabulary_version,
    )


def vector_from_client(embedding: armoire.Embedding) -> FloatArray:
    """(D,) float32."""
    return np.asarray(embedding.values, dtype=np.float32)


def version_from_client(embedding: armoire.Embedding) -> ModelVersion:
    return ModelVersion(embedding.model_version, embedding.preprocess_version)


def _item(item: armoire.AnalyzedItem) -> AnalyzedItem:
    return AnalyzedItem(
        box=Box(*item.box.xyxy),
        score=item.score,
        label=item.label,
        whole_image=item.whole_image,
        reason=next(iter(_issues([item.reason] if item.reason else [])), None),
        warnings=_issues(item.warnings),
        attributes={name: _attribute(value) for name, value in item.attributes.items()},
        colors=tuple(ColorShare(color.name, color.fraction, color.rgb) for color in item.colors),
        embedding=None if item.embedding is None else vector_from_client(item.embedding),
        crop=item.crop,
        categories=tuple(ScoredValue(entry.value, entry.score) for entry in item.categories),
        garment_score=item.garment_score,
    )


def _attribute(attribute: armoire.AttributeValue) -> AttributeValue:
    source = ValueSource.PERSON if attribute.source == armoire.ValueSource.PERSON else ValueSource.MODEL
    return AttributeValue(
        _scored(attribute.values), attribute.number, source, _scored(attribute.alternatives)
    )


def _scored(values: Iterable[armoire.ScoredValue]) -> tuple[ScoredValue, ...]:
    return tuple([ScoredValue(entry.value, entry.score) for entry in values])


def _issues(issues: Iterable[armoire.QualityIssue]) -> tuple[QualityIssue, ...]:
    """The issues that this version knows."""
    return tuple(QualityIssue(issue.value) for issue in issues if issue != armoire.QualityIssue.UNKNOWN)
