"""Inputs kept with a model, and its answers at export: a machine checks itself by them, without torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.errors import ArtifactError
from domain.types import FloatArray
from models.agreement import RowAgreement, compare_rows, cosines
from models.tolerance import MASK_IOU_TOLERANCE, Tolerance


@dataclass(frozen=True, slots=True, eq=False)
class Golden:
    """A batch (N, ...), the outputs (N, ...) it gave, and how far those of another machine may be off."""

    inputs: npt.NDArray[Any]
    outputs: npt.NDArray[Any]
    tolerance: Tolerance = field(default_factory=Tolerance)

    def first(self, rows: int | None) -> Golden:
        """Its first rows; all where None."""
        return Golden(self.inputs[:rows], self.outputs[:rows], self.tolerance)


def check_rows(rows: FloatArray, golden: Golden, provider: str) -> float:
    """The largest box difference, in pixels, of a detector's golden rows (N, K, 6) with those at export.

    Raises:
        ArtifactError: it finds other boxes or scores than it did at export.
    """
    allowed = golden.tolerance
    agreements = [
        _compare(expected, actual, allowed) for expected, actual in zip(golden.outputs, rows, strict=True)
    ]
    box_px = max(agreement.box_difference_px for agreement in agreements)
    score = max(agreement.score_difference for agreement in agreements)
    loose = _too_many_loose(agreements, golden.outputs, allowed)
    if loose or box_px > allowed.box_px or score > allowed.score:
        raise ArtifactError(
            f"golden detections differ on {provider}: boxes by {box_px:.3g} px, scores by {score:.3g}"
            + (", some are missing" if loose else "")
        )
    return box_px


def check_embeddings(embeddings: FloatArray, golden: Golden, provider: str) -> float:
    """The lowest cosine of an encoder's embeddings (N, D) of its golden inputs with those at export.

    Raises:
        ArtifactError: it is below what the model's tolerance allows.
    """
    lowest = float(np.min(cosines(embeddings, golden.outputs)))
    if not lowest >= golden.tolerance.cosine:
        raise ArtifactError(f"golden embeddings differ on {provider}: cosine {lowest:.6f}")
    return lowest


def check_masks(
    rows: FloatArray, masks: npt.NDArray[np.bool_], golden_rows: Golden, golden_masks: Golden, provider: str
) -> float:
    """The intersection over union of a segmenter's golden masks with those at export, all masks together.

    `rows` is (N, K, 6) and `masks` (N, K, P), a mask for each row; `golden_masks` has those of the first rows
    of `golden_rows`. Rows may have changed places, so a mask is compared with that of the same detection.

    Raises:
        ArtifactError: it finds other boxes, scores or masks than it did at export.
    """
    check_rows(rows, golden_rows, provider)
    shared = union = 0
    for expected, actual, ours, theirs in zip(
        golden_rows.outputs, rows, golden_masks.outputs, masks, strict=True
    ):
        agreement = _compare(expected[: len(ours)], actual, golden_rows.tolerance)
        for i, j in agreement.pairs:
            shared += int((ours[i] & theirs[j]).sum())
            union += int((ours[i] | theirs[j]).sum())
    iou = shared / union if union else 1.0
    if iou < MASK_IOU_TOLERANCE:
        raise ArtifactError(f"golden masks differ on {provider}: intersection over union {iou:.4f}")
    return iou


def check_probabilities(probabilities: FloatArray, golden: Golden, provider: str) -> float:
    """The largest difference of a classifier's golden probabilities (N, C) from those at export.

    Raises:
        ArtifactError: it is more than what the model's tolerance allows.
    """
    largest = float(np.abs(probabilities - golden.outputs).max())
    if not largest <= golden.tolerance.score:
        raise ArtifactError(f"golden probabilities differ on {provider}: by {largest:.3g}")
    return largest


def _compare(expected: FloatArray, actual: FloatArray, allowed: Tolerance) -> RowAgreement:
    return compare_rows(expected, actual, allowed.min_score, box_px=allowed.box_px, score=allowed.score)


def _too_many_loose(agreements: list[RowAgreement], outputs: FloatArray, allowed: Tolerance) -> bool:
    """Rows at the end of the selection may change places with equals that did not make it."""
    counted = int((outputs[..., 4] >= allowed.min_score).sum())
    return sum(agreement.unmatched for agreement in agreements) > allowed.unmatched * counted
