from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from domain.errors import ArtifactError
from models.artifact import Artifact
from models.detector import Detector
from models.session import OnnxSession


@pytest.fixture
def detector(detector_artifact: Artifact) -> Detector:
    return Detector.load(detector_artifact, OnnxSession)


def dark(height: int, width: int) -> np.ndarray:
    return np.zeros((height, width, 3), np.uint8)


def test_preprocess_fills_the_input(detector: Detector) -> None:
    image, _ = detector.preprocess(dark(10, 20))
    assert image.shape == detector.manifest.image.shape
    assert image.dtype == np.uint8
    assert (image[0] == 114).all()


def test_boxes_come_back_in_pixels_of_the_picture(detector: Detector) -> None:
    image, transform = detector.preprocess(dark(32, 64))
    rows = detector.run(image[None])[0]
    best = detector.postprocess(rows, transform, 0.5, 0.5, 10)[0]
    # The letterbox halves 64 x 32 and puts it 8 px down: (0, 0)-(16, 16) is (0, -16)-(32, 16), clipped.
    assert (best.box.x1, best.box.y1, best.box.x2, best.box.y2) == pytest.approx((0, 0, 32, 16))
    assert best.label == "dress"


def test_nms_drops_the_same_label_only(detector: Detector) -> None:
    image, transform = detector.preprocess(dark(32, 32))
    found = detector.postprocess(detector.run(image[None])[0], transform, 0.5, 0.5, 10)
    assert [(d.label, round(d.score, 3)) for d in found] == [("dress", 0.9), ("shirt", 0.7), ("dress", 0.6)]


@pytest.mark.parametrize("head", ["raw", "nms_free"])
def test_one_garment_taken_for_two_things_is_told_once(
    detector_artifact: Artifact, head: Literal["raw", "nms_free"]
) -> None:
    manifest = dataclasses.replace(detector_artifact.manifest, head=head)
    detector = Detector.load(dataclasses.replace(detector_artifact, manifest=manifest), OnnxSession)
    _, transform = detector.preprocess(dark(32, 32))
    rows = np.array(
        [[0, 0, 20, 20, 0.9, 0], [0, 0, 20, 19, 0.8, 1], [0, 0, 20, 10, 0.7, 1]], dtype=np.float32
    )
    found = detector.postprocess(rows, transform, 0.5, 0.6, 10, any_class_iou_threshold=0.7)
    assert [round(d.score, 3) for d in found] == [0.9, 0.7]


def test_what_is_ignored_is_not_reported_and_displaces_nothing(detector_artifact: Artifact) -> None:
    manifest = dataclasses.replace(detector_artifact.manifest, ignored_labels=("shirt",))
    detector = Detector.load(dataclasses.replace(detector_artifact, manifest=manifest), OnnxSession)
    _, transform = detector.preprocess(dark(32, 32))
    rows = np.array([[0, 0, 20, 20, 0.9, 1], [0, 0, 20, 19, 0.8, 0]], dtype=np.float32)
    found = detector.postprocess(rows, transform, 0.5, 0.6, 1, any_class_iou_threshold=0.7)
    assert [(d.label, round(d.score, 3)) for d in found] == [("dress", 0.8)]


def test_final_rows_are_left_alone(detector_artifact: Artifact) -> None:
    manifest = dataclasses.replace(detector_artifact.manifest, head="nms_free")
    detector = Detector.load(dataclasses.replace(detector_artifact, manifest=manifest), OnnxSession)
    image, transform = detector.preprocess(dark(32, 32))
    found = detector.postprocess(detector.run(image[None])[0], transform, 0.5, 0.5, 10)
    assert [round(d.score, 3) for d in found] == [0.9, 0.8, 0.7, 0.6]


@pytest.mark.parametrize(
    ("min_score", "limit", "count"), [(0.65, 10, 2), (0.5, 1, 1), (0.05, 10, 4), (1.1, 10, 0)]
)
def test_keeps_to_score_and_number(detector: Detector, min_score: float, limit: int, count: int) -> None:
    image, transform = detector.preprocess(dark(32, 32))
    rows = detector.run(image[None])[0]
    assert len(detector.postprocess(rows, transform, min_score, 0.5, limit)) == count


@pytest.mark.parametrize(("own", "count"), [(0.65, 2), (0.05, 4)])
def test_where_nobody_says_how_low_a_score_may_be_the_manifest_does(
    detector_artifact: Artifact, own: float, count: int
) -> None:
    manifest = dataclasses.replace(detector_artifact.manifest, min_score=own)
    detector = Detector.load(dataclasses.replace(detector_artifact, manifest=manifest), OnnxSession)
    image, transform = detector.preprocess(dark(32, 32))
    rows = detector.run(image[None])[0]
    assert len(detector.postprocess(rows, transform, None, 0.5, 10)) == count


def test_golden_outputs_agree(detector: Detector) -> None:
    assert detector.check() == 0


def test_golden_outputs_of_another_graph_do_not(detector_folder: Path, detector_artifact: Artifact) -> None:
    with np.load(detector_folder / "golden.npz") as arrays:
        outputs = arrays["detector_outputs"].copy()
        outputs[1, 0, 0] += 1.0
        np.savez(
            detector_folder / "golden.npz",
            detector_inputs=arrays["detector_inputs"],
            detector_outputs=outputs,
        )
    with pytest.raises(ArtifactError, match="golden detections differ on cpu: boxes by 1 px"):
        Detector.load(detector_artifact, OnnxSession).check()


def test_carries_its_version(detector: Detector, detector_artifact: Artifact) -> None:
    assert detector.version == detector_artifact.manifest.version
    assert detector.provider == "cpu"
