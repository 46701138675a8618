"""Which described crops are taken for garments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.types import AnalyzedItem, QualityIssue


def judged(items: Sequence[AnalyzedItem], min_score: float, *, detected: bool) -> list[AnalyzedItem]:
    """The items of a photo; those with a garment score below `min_score` are rejected, or have a warning.

    A detection is rejected, unless it is the likeliest garment of a photo in which all are below the limit. A
    box that a caller has given, and the whole photo, are kept with the warning.
    """
    below = [index for index, item in enumerate(items) if (item.garment_score or 0.0) < min_score]
    if all(item.garment_score is None for item in items) or not below:
        return list(items)
    best = max(below, key=lambda index: items[index].garment_score or 0.0)
    kept = best if len(below) == len(items) else None
    answers = list(items)
    for index in below:
        stays = not detected or index == kept or items[index].whole_image
        answers[index] = _warned(items[index]) if stays else _rejected(items[index])
    return answers


def _warned(item: AnalyzedItem) -> AnalyzedItem:
    return replace(item, warnings=(*item.warnings, QualityIssue.NOT_A_GARMENT))


def _rejected(item: AnalyzedItem) -> AnalyzedItem:
    """The item as rejected ones are: without what describes it."""
    return AnalyzedItem(
        item.box,
        item.score,
        item.label,
        reason=QualityIssue.NOT_A_GARMENT,
        warnings=item.warnings,
        garment_score=item.garment_score,
    )
