"""Ultralytics networks through the exporter; briefly trained ones pass, untrained ones do not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from ultralytics import YOLO

from domain.types import Pixels
from export.errors import GateFailure, Unsupported
from export.gate_pictures import read_gate_pictures
from export.precision.fp16 import write_fp16, write_rounded
from export.yolo.checkpoint import YoloOptions
from export.yolo.detector import export_yolo, ignored_labels
from models.agreement import compare_rows
from models.artifact import Artifact
from models.detector import Detector
from models.manifest import Head
from models.session import OnnxSession

pytestmark = pytest.mark.filterwarnings("ignore")  # what torch and ultralytics say among themselves

# Persons, by picture of the gate: the first is the street, the sixth the two coaches. Shares x1, y1, x2, y2.
PERSONS = {
    0: ((0.06, 0.37, 0.30, 0.84), (0.27, 0.37, 0.43, 0.80), (0.83, 0.36, 1.0, 0.81)),
    5: ((0.09, 0.27, 0.87, 0.99), (0.58, 0.05, 0.89, 0.99)),
}


@pytest.fixture(scope="module")
def pictures() -> list[Pixels]:
    return read_gate_pictures()


def write_dataset(folder: Path, pictures: list[Pixels]) -> Path:
    for index, boxes in PERSONS.items():
        small = cv2.resize(pictures[index], None, fx=0.25, fy=0.25)[..., ::-1]
        lines = [f"0 {(x1 + x2) / 2} {(y1 + y2) / 2} {x2 - x1} {y2 - y1}" for x1, y1, x2, y2 in boxes]
        for copy in range(8):
            (folder / "images").mkdir(exist_ok=True)
            (folder / "labels").mkdir(exist_ok=True)
            cv2.imwrite(str(folder / "images" / f"{index}-{copy}.jpg"), small)
            (folder / "labels" / f"{index}-{copy}.txt").write_text("\n".join(lines))
    description = folder / "data.yaml"
    description.write_text(f"path: {folder}\ntrain: images\nval: images\nnames: {{0: person}}\n")
    return description


def hurry(trainer: Any) -> None:
    """Let batch statistics settle within the few steps there are."""
    for module in trainer.model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 0.3


def train(yaml: str, folder: Path, pictures: list[Pixels]) -> Path:
    """Far from good, but it looks at its input."""
    network = YOLO(yaml)
    network.add_callback("on_train_start", hurry)
    network.train(
        data=str(write_dataset(folder, pictures)),
        imgsz=160,
        epochs=12,
        batch=4,
        device="cpu",
        workers=0,
        project=str(folder),
        name="run",
        optimizer="AdamW",
        lr0=0.005,
        warmup_epochs=0,
        mosaic=0,
        val=False,
        plots=False,
        verbose=False,
        amp=False,
        seed=0,
    )
    return folder / "run" / "weights" / "last.pt"


@pytest.fixture(scope="module")
def v8(tmp_path_factory: pytest.TempPathFactory, pictures: list[Pixels]) -> Path:
    return train("yolov8n.yaml", tmp_path_factory.mktemp("v8"), pictures)


@pytest.fixture(scope="module")
def v26(tmp_path_factory: pytest.TempPathFactory, pictures: list[Pixels]) -> Path:
    return train("yolo26n.yaml", tmp_path_factory.mktemp("v26"), pictures)


def export(checkpoint: str | Path, folder: Path, pictures: list[Pixels], **changes: object) -> Artifact:
    options = {"checkpoint": str(checkpoint), "name": "tiny", "height": 160, "width": 160, **changes}
    return export_yolo(YoloOptions(**options), folder, pictures, print)


def find(artifact: Artifact, picture: Pixels) -> list[tuple[str, float]]:
    detector = Detector.load(artifact, OnnxSession)
    image, transform = detector.preprocess(picture)
    found = detector.postprocess(detector.run(image[None])[0], transform, 0.01, 0.6, 100)
    return [(detection.label, detection.score) for detection in found]


@pytest.mark.parametrize("yaml", ["yolov8n.yaml", "yolo11n.yaml", "yolo26n.yaml"])
def test_untrained_networks_fail_the_control(tmp_path: Path, pictures: list[Pixels], yaml: str) -> None:
    with pytest.raises(GateFailure, match="outputs hardly depend on the input"):
        export(yaml, tmp_path, pictures)


def test_a_raw_head(tmp_path: Path, pictures: list[Pixels], v8: Path) -> None:
    artifact = export(v8, tmp_path, pictures)
    assert artifact.manifest.head == "raw"
    assert artifact.manifest.labels == ("person",)
    assert artifact.manifest.license == "AGPL-3.0"
    assert {label for label, _ in find(artifact, pictures[5])} == {"person"}
    assert Detector.load(artifact, OnnxSession).check() < 1e-3


def test_its_score_threshold_is_the_one_asked_for(tmp_path: Path, pictures: list[Pixels], v8: Path) -> None:
    assert export(v8, tmp_path, pictures, min_score=0.4).manifest.min_score == 0.4


def test_an_input_that_is_not_square(tmp_path: Path, pictures: list[Pixels], v8: Path) -> None:
    artifact = export(v8, tmp_path, pictures, height=96, width=192)
    assert Detector.load(artifact, OnnxSession).manifest.image.shape == (96, 192, 3)


@pytest.mark.parametrize(("wanted", "head"), [("auto", "nms_free"), ("raw", "raw")])
def test_a_network_with_both_heads(
    tmp_path: Path, pictures: list[Pixels], v26: Path, wanted: str, head: Head
) -> None:
    artifact = export(v26, tmp_path, pictures, head=wanted)
    assert artifact.manifest.head == head
    rows = Detector.load(artifact, OnnxSession).run(np.zeros((3, 160, 160, 3), np.uint8))
    assert rows.shape == (3, 300, 6)


@pytest.mark.parametrize("write", [write_fp16, write_rounded])
@pytest.mark.parametrize("head", ["raw", "nms_free"])
def test_half_precision_keeps_the_rows_of_both_heads(
    tmp_path: Path,
    pictures: list[Pixels],
    v26: Path,
    head: Head,
    write: Callable[[Path, Path], None],
) -> None:
    artifact = export(v26, tmp_path, pictures, head=head)
    write(artifact.graph("detector"), tmp_path / "half.onnx")
    detector, half = Detector.load(artifact, OnnxSession), OnnxSession(tmp_path / "half.onnx")
    inputs = np.stack([detector.preprocess(picture)[0] for picture in pictures])
    pairs = zip(detector.run(inputs), half.run(inputs)[0], strict=True)
    agreements = [compare_rows(*pair, 0.02, box_px=0.5, score=0.02) for pair in pairs]
    assert sum(agreement.matched for agreement in agreements) > 0
    assert sum(agreement.unmatched for agreement in agreements) == 0
    # After so little training values are large and boxes are guesses: more than the tolerance for real ones.
    assert max(agreement.box_difference_px for agreement in agreements) < 4
    assert max(agreement.score_difference for agreement in agreements) < 0.03


def test_what_does_not_fit_is_refused(tmp_path: Path, pictures: list[Pixels], v8: Path) -> None:
    with pytest.raises(Unsupported, match="no NMS-free head"):
        export(v8, tmp_path, pictures, head="nms_free")
    with pytest.raises(Unsupported, match="multiple of 32"):
        export(v8, tmp_path, pictures, height=100)
    (tmp_path / "broken.pt").write_bytes(b"no checkpoint")
    with pytest.raises(Unsupported, match="ultralytics cannot load"):
        export(tmp_path / "broken.pt", tmp_path, pictures)
    with pytest.raises(Unsupported, match="classify model"):
        export("yolov8n-cls.yaml", tmp_path, pictures)


def test_another_way_to_prepare_the_picture_is_caught(
    tmp_path: Path, pictures: list[Pixels], v8: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def off_by_one(detector: Detector, image: Pixels) -> object:
        prepared, transform = original(detector, image)
        return np.roll(prepared, 1, axis=1), transform

    original = Detector.preprocess
    monkeypatch.setattr(Detector, "preprocess", off_by_one)
    with pytest.raises(GateFailure, match="preprocess_pixel_difference"):
        export(v8, tmp_path, pictures)


def test_what_is_ignored_is_of_the_networks_labels_and_not_all_of_them() -> None:
    assert ignored_labels(("shirt", "ignore", "hand"), ("hand",)) == ("ignore", "hand")
    with pytest.raises(Unsupported, match="the labels are shirt, hat"):
        ignored_labels(("shirt", "hat"), ("shoe",))
    with pytest.raises(Unsupported, match="at least one"):
        ignored_labels(("shirt", "hat"), ("shirt", "hat"))
