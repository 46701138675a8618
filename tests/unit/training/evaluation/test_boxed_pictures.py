"""The figures of an exported detector on pictures with boxes."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.errors import ArtifactError, InvalidInput
from domain.types import Box, Detection
from export.precision.average_precision import EvaluatedPicture
from training.__main__ import main
from training.data.boxed_dataset import BoxedFile, write_boxed_dataset
from training.data.boxed_pictures import read_dataset
from training.evaluation.boxed_pictures import evaluate_detector, measure_pictures

ARTIFACTS = Path(__file__).parents[4] / "artifacts"


def test_means_are_of_the_labels_that_there_are() -> None:
    found = Detection(Box(0, 0, 10, 10), 0.9, "hat")
    shifted = Detection(Box(0, 0, 10, 7.2), 0.8, "shoes")
    truth = [Detection(Box(0, 0, 10, 10), 1.0, label) for label in ("hat", "shoes", "dress")]
    pictures = [EvaluatedPicture(truth, [found, shifted])] * 4
    figures = measure_pictures(pictures)
    assert (figures.pictures, figures.objects) == (4, 12)
    assert {name: each.ap50 for name, each in figures.labels.items()} == {"dress": 0, "hat": 1, "shoes": 1}
    assert figures.labels["shoes"].ap50_95 == pytest.approx(0.5)  # IoU 0.72: five of ten thresholds
    assert figures.map50.value == pytest.approx(2 / 3)
    assert figures.map50.low == figures.map50.high == pytest.approx(2 / 3)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "grey.png"
    cv2.imwrite(str(path), np.full((60, 80, 3), 120, np.uint8))
    files = [BoxedFile(path, split, (("hat", Box(0, 0, 20, 20)),)) for split in ("train", "val")]
    return write_boxed_dataset(tmp_path / "boxes", files, ["hat"])


def test_the_command_measures_an_artifact(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "figures.json"
    artifact = str(ARTIFACTS / "demo-detector")
    command = ["evaluate-detector", "--artifact", artifact, "--data", str(table), "--out", str(out)]
    assert main(command) == 0
    assert "| hat | 1 | 0.0000 | 0.0000 |" in capsys.readouterr().out
    assert json.loads(out.read_text())["map50"]["value"] == 0


def test_other_artifacts_and_empty_splits_are_refused(table: Path, tmp_path: Path) -> None:
    data = read_dataset(table)
    with pytest.raises(ArtifactError, match="one for 'detect' is needed"):
        evaluate_detector(ARTIFACTS / "demo-embedder", data, "val", tmp_path / "out.json")
    (table.parent / "labels/val/grey.txt").write_text("")
    with pytest.raises(InvalidInput, match="split: has no boxes: val"):
        evaluate_detector(ARTIFACTS / "demo-detector", read_dataset(table), "val", tmp_path / "out.json")
