from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from domain.errors import ArtifactError
from imaging.crop import crop
from models.artifact import Artifact
from models.detector import Detector
from models.segmenter import Segmenter
from models.session import OnnxSession

SIDE = 32


@pytest.fixture
def segmenter(segmenter_artifact: Artifact) -> Segmenter:
    return Segmenter.load(segmenter_artifact, OnnxSession)


def dark(height: int, width: int) -> np.ndarray:
    return np.zeros((height, width, 3), np.uint8)


def test_finds_what_the_detector_finds(segmenter: Segmenter, segmenter_artifact: Artifact) -> None:
    detector = Detector.load(segmenter_artifact, OnnxSession)
    image, transform = detector.preprocess(dark(SIDE, SIDE))
    expected = detector.postprocess(detector.run(image[None])[0], transform, 0.05, 0.6, 10)
    assert [found.detection for found in segmenter.segment(dark(SIDE, SIDE), 0.05)] == expected


def test_masks_go_with_the_rows_that_are_kept(segmenter: Segmenter) -> None:
    # Row 1 goes by NMS; rows 0, 2 and 3 have coefficients for left, bottom and right of the picture.
    left, bottom, right = segmenter.segment(dark(SIDE, SIDE), 0.5)
    assert left.mask.shape == bottom.mask.shape == (16, 16)
    assert left.mask.all()
    assert bottom.mask.tolist() == [[False] * 16] * 15 + [
        [True] * 16
    ]  # rows 1 to 16; from row 16 it is bottom
    assert right.mask.shape == (10, 10)
    assert right.mask.all()


def test_a_mask_has_the_pixels_of_the_detection_in_the_photo(segmenter: Segmenter) -> None:
    # The letterbox halves 64 x 32 and puts it 8 px down; what is left in it is left in the photo.
    (found, *_) = segmenter.segment(dark(32, 64), 0.5)
    assert found.mask.shape == crop(dark(32, 64), found.detection.box).shape[:2] == (16, 32)
    assert found.mask.all()


def test_outputs_are_of_every_picture(segmenter: Segmenter) -> None:
    outputs = segmenter.run_masks(np.zeros((3, SIDE, SIDE, 3), np.uint8))
    assert [output.shape for output in outputs] == [(3, 5, 6), (3, 5, 2), (3, 2, 8, 8)]
    assert segmenter.run(np.zeros((3, SIDE, SIDE, 3), np.uint8)).shape == (3, 5, 6)
    assert [output.shape for output in outputs.picture(1)] == [(5, 6), (5, 2), (2, 8, 8)]


def test_nothing_found_is_no_masks(segmenter: Segmenter) -> None:
    assert segmenter.segment(dark(20, 40), 1.1) == []


def test_golden_masks_agree(segmenter: Segmenter) -> None:
    assert segmenter.check() == segmenter.check(1) == 1


def spoil(folder: Path, name: str, change: float) -> None:
    with np.load(folder / "golden.npz") as file:
        arrays = dict(file)
    if arrays[name].dtype == np.bool_:
        arrays[name][0, 0] = ~arrays[name][0, 0]
    else:
        arrays[name][0, 0, 0] += change
    np.savez(folder / "golden.npz", **arrays)


def test_golden_masks_of_another_graph_do_not(segmenter: Segmenter, segmenter_folder: Path) -> None:
    spoil(segmenter_folder, "segmenter_outputs", 0)
    with pytest.raises(ArtifactError, match=r"golden masks differ on cpu: intersection over union 0\.7"):
        segmenter.check()


def test_golden_boxes_of_another_graph_do_not(segmenter: Segmenter, segmenter_folder: Path) -> None:
    spoil(segmenter_folder, "detector_outputs", 1)
    with pytest.raises(ArtifactError, match="golden detections differ on cpu: boxes by 1 px"):
        segmenter.check()


def test_a_detector_without_masks_has_no_segmenter(detector_artifact: Artifact) -> None:
    with pytest.raises(ArtifactError, match="no graph 'segmenter'"):
        Segmenter.load(detector_artifact, OnnxSession)


def test_ignored_labels_have_no_masks(segmenter_artifact: Artifact) -> None:
    manifest = dataclasses.replace(segmenter_artifact.manifest, ignored_labels=("dress",))
    segmenter = Segmenter.load(dataclasses.replace(segmenter_artifact, manifest=manifest), OnnxSession)
    (found,) = segmenter.segment(dark(SIDE, SIDE), 0.5)
    assert found.detection.label == "shirt"
    assert found.mask.sum() == 16
