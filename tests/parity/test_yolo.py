"""Ultralytics networks through the exporter; those that look at their input pass, untrained ones do not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from ultralytics import RTDETR

from domain.types import FloatArray, Pixels
from export.errors import GateFailure, Unsupported
from export.gate_pictures import read_gate_pictures
from export.ignored_labels import ignored_labels
from export.precision.fp16 import write_fp16, write_rounded
from export.yolo.checkpoint import YoloOptions
from export.yolo.exporter import export_yolo
from models.agreement import compare_rows
from models.artifact import Artifact
from models.detector import Detector
from models.session import OnnxSession
from tests.parity.random_network import write_network

pytestmark = pytest.mark.filterwarnings("ignore")  # what torch and ultralytics say among themselves


@pytest.fixture(scope="module")
def pictures() -> list[Pixels]:
    return read_gate_pictures()


@pytest.fixture(scope="module")
def v8(tmp_path_factory: pytest.TempPathFactory, pictures: list[Pixels]) -> Path:
    return write_network("yolov8n.yaml", tmp_path_factory.mktemp("v8") / "v8.pt", pictures)


@pytest.fixture(scope="module")
def v26(tmp_path_factory: pytest.TempPathFactory, pictures: list[Pixels]) -> Path:
    return write_network("yolo26n.yaml", tmp_path_factory.mktemp("v26") / "v26.pt", pictures)


def export(checkpoint: str | Path, folder: Path, pictures: list[Pixels], **changes: object) -> Artifact:
    options = {"checkpoint": str(checkpoint), "name": "tiny", "size": (160, 160), **changes}
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


def test_an_input_that_is_not_square_and_a_score_threshold(
    tmp_path: Path, pictures: list[Pixels], v8: Path
) -> None:
    artifact = export(v8, tmp_path, pictures, size=(96, 192), min_score=0.4)
    assert Detector.load(artifact, OnnxSession).manifest.image.shape == (96, 192, 3)
    assert artifact.manifest.min_score == 0.4


@pytest.fixture(scope="module", params=[("auto", "nms_free"), ("raw", "raw")], ids=["auto", "raw"])
def exported(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    pictures: list[Pixels],
    v26: Path,
) -> Artifact:
    """A network with both heads, by the head asked for."""
    wanted, head = request.param
    artifact = export(v26, tmp_path_factory.mktemp(wanted), pictures, head=wanted)
    assert artifact.manifest.head == head
    return artifact


def test_a_network_with_both_heads(exported: Artifact) -> None:
    rows = Detector.load(exported, OnnxSession).run(np.zeros((3, 160, 160, 3), np.uint8))
    assert rows.shape == (3, 300, 6)


@pytest.mark.parametrize("write", [write_fp16, write_rounded])
def test_half_precision_keeps_the_rows_of_both_heads(
    tmp_path: Path, pictures: list[Pixels], exported: Artifact, write: Callable[[Path, Path], None]
) -> None:
    write(exported.graph("detector"), tmp_path / "half.onnx")
    detector, half = Detector.load(exported, OnnxSession), OnnxSession(tmp_path / "half.onnx")
    inputs = np.stack([detector.preprocess(picture)[0] for picture in pictures])
    rows, rows_in_half = detector.run(inputs), half.run(inputs)[0]
    # Layers of random weights make differences large: 1 row in 100 is lost, of another picture every second.
    assert lost_share(rows, rows_in_half) < 0.05
    assert lost_share(rows, rows_in_half[::-1]) > 0.25


def lost_share(expected: FloatArray, actual: FloatArray) -> float:
    """The share of rows (N, K, 6) on both sides without a like within 5 px and 0.2 of score."""
    pairs = zip(expected, actual, strict=True)
    agreements = [compare_rows(*pair, 0.02, box_px=0.5, score=0.02) for pair in pairs]
    lost = sum(agreement.unmatched for agreement in agreements)
    return lost / (lost + 2 * sum(agreement.matched for agreement in agreements))


def test_what_does_not_fit_is_refused(tmp_path: Path, pictures: list[Pixels], v8: Path) -> None:
    with pytest.raises(Unsupported, match="no NMS-free head"):
        export(v8, tmp_path, pictures, head="nms_free")
    with pytest.raises(Unsupported, match="multiple of 32"):
        export(v8, tmp_path, pictures, size=(100, 160))
    (tmp_path / "broken.pt").write_bytes(b"no checkpoint")
    with pytest.raises(Unsupported, match="ultralytics cannot load"):
        export(tmp_path / "broken.pt", tmp_path, pictures)


@pytest.mark.parametrize(
    ("yaml", "kind"),
    [
        ("yolov8n-pose.yaml", "for task 'pose' .YOLO with head Pose"),
        ("yolov8n-obb.yaml", "for task 'obb' .YOLO with head OBB"),
        ("yolov8s-world.yaml", "for task 'detect' .YOLOWorld with head WorldDetect"),
    ],
)
def test_other_networks_are_refused_by_what_they_are(
    tmp_path: Path, pictures: list[Pixels], yaml: str, kind: str
) -> None:
    with pytest.raises(Unsupported, match=f"{yaml} is {kind}.*; what can be exported is a YOLO detector"):
        export(yaml, tmp_path, pictures)


def test_a_detector_of_another_family_is_refused_by_what_it_is(
    tmp_path: Path, pictures: list[Pixels]
) -> None:
    RTDETR("yolov8n-rtdetr.yaml").save(str(tmp_path / "best.pt"))
    with pytest.raises(
        Unsupported, match=r"best\.pt is for task 'detect' \(RTDETR with head RTDETRDecoder\)"
    ):
        export(tmp_path / "best.pt", tmp_path, pictures)


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
