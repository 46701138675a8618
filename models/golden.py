"""Inputs kept with a model, and its answers at export: a machine checks itself by them, without torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.errors import ArtifactError
from models.parity import BOX_TOLERANCE_PX, SCORE_TOLERANCE, compare_rows, cosines
from models.session import Session

MIN_COSINE = 0.999
MIN_SCORE = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Golden:
    """A batch (N, ...) and the outputs (N, ...) it gave."""

    inputs: npt.NDArray[Any]
    outputs: npt.NDArray[Any]


def check_rows(session: Session, golden: Golden) -> float:
    """Run a detector on its golden batch; returns the largest box difference in pixels.

    Raises:
        ArtifactError: it finds other boxes or scores than it did at export.
    """
    (rows,) = session.run(golden.inputs)
    agreements = [
        compare_rows(expected, actual, MIN_SCORE)
        for expected, actual in zip(golden.outputs, rows, strict=True)
    ]
    box_px = max(agreement.box_difference_px for agreement in agreements)
    score = max(agreement.score_difference for agreement in agreements)
    # Rows at the end of the selection may change places with equals that did not make it.
    loose = sum(agreement.unmatched for agreement in agreements) > 0.01 * len(rows) * rows.shape[1]
    if loose or box_px > BOX_TOLERANCE_PX or score > SCORE_TOLERANCE:
        raise ArtifactError(
            f"golden detections differ on {session.provider}: boxes by {box_px:.3g} px, scores by {score:.3g}"
            + (", some are missing" if loose else "")
        )
    return box_px


def check_embeddings(session: Session, golden: Golden) -> float:
    """Run an encoder on its golden batch; returns the lowest cosine with the outputs at export.

    Raises:
        ArtifactError: it is below 0.999.
    """
    (embeddings,) = session.run(golden.inputs)
    lowest = float(np.min(cosines(embeddings, golden.outputs)))
    if not lowest >= MIN_COSINE:
        raise ArtifactError(f"golden embeddings differ on {session.provider}: cosine {lowest:.6f}")
    return lowest
