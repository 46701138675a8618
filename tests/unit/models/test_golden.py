from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from domain.errors import ArtifactError
from domain.types import FloatArray
from models.artifact import Artifact
from models.golden import Golden, check_embeddings, check_rows
from models.tolerance import Tolerance, tolerance

ROWS = np.array([[[0, 0, 10, 10, 0.9, 0], [20, 20, 40, 40, 0.6, 1], [1, 1, 2, 2, 0.02, 0]]], np.float32)
INPUTS = np.zeros((1, 4, 4, 3), np.uint8)


def moved(row: int, column: int, amount: float) -> FloatArray:
    rows = ROWS.copy()
    rows[0, row, column] += amount
    return rows


def test_its_first_rows_or_all() -> None:
    golden = Golden(np.arange(3), np.arange(3) * 2, tolerance("int8"))
    assert golden.first(1).inputs.tolist() == [0]
    assert golden.first(1).outputs.tolist() == [0]
    assert golden.first(None).outputs.tolist() == [0, 2, 4]
    assert golden.first(1).tolerance == golden.tolerance


def test_a_box_may_be_off_by_what_its_precision_needs() -> None:
    assert check_rows(moved(0, 2, 5), Golden(INPUTS, ROWS, tolerance("int8")), "cpu") == 5
    with pytest.raises(ArtifactError, match="boxes by 5 px"):
        check_rows(moved(0, 2, 5), Golden(INPUTS, ROWS), "cpu")


def test_a_box_further_off_is_refused_in_every_precision() -> None:
    with pytest.raises(ArtifactError, match="boxes by 9 px"):
        check_rows(moved(0, 2, 9), Golden(INPUTS, ROWS, tolerance("int8")), "cpu")


def test_a_missing_box_is_refused_in_every_precision() -> None:
    for allowed in (tolerance("fp32"), tolerance("fp16"), tolerance("int8")):
        with pytest.raises(ArtifactError, match="some are missing"):
            check_rows(moved(1, 5, 1), Golden(INPUTS, ROWS, allowed), "cpu")


def test_boxes_of_low_scores_do_not_count_in_low_precision() -> None:
    without = moved(2, 4, -0.02)
    assert check_rows(without, Golden(INPUTS, ROWS, tolerance("int8")), "cpu") == 0
    with pytest.raises(ArtifactError, match=r"scores by 0\.02"):
        check_rows(without, Golden(INPUTS, ROWS, Tolerance(score=0.01)), "cpu")


def test_embeddings_are_held_to_the_tolerance() -> None:
    expected = np.array([[1.0, 0.0]], np.float32)
    turned = np.array([[0.998, np.sqrt(1 - 0.998**2)]], np.float32)
    loose = Golden(INPUTS, expected, tolerance("int8"))
    assert check_embeddings(turned, loose, "cpu") == pytest.approx(0.998)
    with pytest.raises(ArtifactError, match=r"cosine 0\.998"):
        check_embeddings(turned, Golden(INPUTS, expected), "cpu")


def test_an_artifact_s_golden_has_the_manifest_s_tolerance(detector_artifact: Artifact) -> None:
    wide = dataclasses.replace(
        detector_artifact.manifest, precision="int8", tolerance=tolerance("int8"), parity={}
    )
    assert Artifact(detector_artifact.folder, wide).golden("detector").tolerance == tolerance("int8")
    assert detector_artifact.golden("detector").tolerance == Tolerance()
