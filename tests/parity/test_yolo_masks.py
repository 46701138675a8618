"""Ultralytics segmenters through the exporter: a detector as any other, and masks as the library's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from domain.types import Pixels
from export import gates, model_store
from export.__main__ import main
from export.errors import GateFailure, Unsupported
from export.gate_pictures import read_gate_pictures
from export.yolo.checkpoint import YoloOptions, load_checkpoint
from export.yolo.detector import ADVICE
from export.yolo.exporter import export_yolo
from export.yolo.segmenter_parity import measure_masks
from models import segmenter as segmenter_module
from models.agreement import compare_rows
from models.artifact import Artifact
from models.detector import Detector
from models.masks import BoolArray, box_mask
from models.segmenter import SegmentedDetection, Segmenter
from models.session import OnnxSession
from tests.parity.random_network import write_network

pytestmark = pytest.mark.filterwarnings("ignore")  # what torch and ultralytics say among themselves

SIDE = 96
ANCHORS = 189
ONE = pytest.mark.parametrize("checkpoint", ["yolov8n-seg"], indirect=True)


@pytest.fixture(scope="module")
def pictures() -> list[Pixels]:
    return read_gate_pictures()


def export(checkpoint: str | Path, folder: Path, pictures: list[Pixels], **changes: object) -> Artifact:
    options = {"checkpoint": str(checkpoint), "name": "tiny", "size": (SIDE, SIDE), **changes}
    return export_yolo(YoloOptions(**options), folder, pictures, print)


@pytest.fixture(scope="module", params=["yolov8n-seg", "yolo26n-seg"])
def checkpoint(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, pictures: list[Pixels]
) -> Path:
    path = tmp_path_factory.mktemp("networks") / f"{request.param}.pt"
    return write_network(f"{request.param}.yaml", path, pictures)


@pytest.fixture(scope="module")
def artifact(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory, pictures: list[Pixels]) -> Artifact:
    return export(checkpoint, tmp_path_factory.mktemp("with-masks"), pictures)


@pytest.fixture(scope="module")
def segmenter(artifact: Artifact) -> Segmenter:
    return Segmenter.load(artifact, OnnxSession)


def test_an_artifact_has_a_detector_and_a_segmenter_with_the_same_rows(
    artifact: Artifact, segmenter: Segmenter, checkpoint: Path, pictures: list[Pixels]
) -> None:
    manifest = artifact.manifest
    assert (manifest.task, manifest.mask_channels, manifest.labels) == ("detect", 32, ("person",))
    assert manifest.head == ("nms_free" if "26" in checkpoint.stem else "raw")
    assert sorted(manifest.files) == ["detector.onnx", "golden.npz", "segmenter.onnx"]
    detector = Detector.load(artifact, OnnxSession)
    batch = np.stack([detector.preprocess(picture)[0] for picture in pictures[:2]])
    outputs = segmenter.run_masks(batch)
    assert [output.shape for output in outputs] == [(2, ANCHORS, 6), (2, ANCHORS, 32), (2, 32, 24, 24)]
    for ours, theirs in zip(detector.run(batch), outputs.rows, strict=True):
        assert compare_rows(ours, theirs, 0).unmatched == 0


def test_the_detector_holds_no_layers_of_masks(artifact: Artifact) -> None:
    sizes = [artifact.graph(name).stat().st_size for name in ("detector", "segmenter")]
    assert sizes[0] < 0.97 * sizes[1]
    nodes = artifact.graph("detector").read_bytes()
    assert b"/proto/" not in nodes
    assert b"cv4" not in nodes
    assert b"/proto/" in artifact.graph("segmenter").read_bytes()


def test_golden_outputs_agree(artifact: Artifact, segmenter: Segmenter) -> None:
    assert Detector.load(artifact, OnnxSession).check() < 1e-3
    assert segmenter.check() > 0.999
    assert artifact.golden("segmenter").outputs.any()


def test_the_command_verifies_and_lists_masks(artifact: Artifact, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(artifact.folder)]) == 0
    out = capsys.readouterr().out
    assert "detector: golden boxes within " in out
    assert "segmenter: golden masks with intersection over union " in out
    tag = model_store.store(artifact)
    assert main(["list"]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith(tag))
    assert "  detect  fp32  96x96  1 labels with masks  " in line


def test_masks_in_a_photo_are_the_library_s(
    checkpoint: Path, segmenter: Segmenter, pictures: list[Pixels]
) -> None:
    """The library scales its masks to the photo (`retina_masks`) by a way of its own."""
    library = load_checkpoint(str(checkpoint))
    shared = union = 0
    for photo in pictures[:3]:
        found = segmenter.segment(photo, 0.01, 0.6, 50)
        (result,) = library.predict(
            np.ascontiguousarray(photo[..., ::-1]),
            imgsz=[SIDE, SIDE],
            rect=False,
            conf=0.01,
            iou=0.6,
            max_det=50,
            retina_masks=True,
            device="cpu",
            verbose=False,
        )
        theirs = result.boxes.data.numpy()
        rows = np.array([as_row(each) for each in found], np.float32)
        for i, j in compare_rows(theirs, rows, 0.01, box_px=2).pairs:
            mask = result.masks.data[i].numpy() > 0
            shared += int((mask & on_photo(found[j], photo)).sum())
            union += int((mask | on_photo(found[j], photo)).sum())
    assert shared / union > 0.97


def as_row(found: SegmentedDetection) -> list[float]:
    box = found.detection.box
    return [box.x1, box.y1, box.x2, box.y2, found.detection.score, 0]


def on_photo(found: SegmentedDetection, photo: Pixels) -> BoolArray:
    """The mask (H, W) on the whole photo."""
    whole = np.zeros(photo.shape[:2], np.bool_)
    top, left = int(found.detection.box.y1), int(found.detection.box.x1)
    height, width = found.mask.shape
    whole[top : top + height, left : left + width] = found.mask
    return whole


@ONE
@pytest.mark.parametrize(
    ("spoil", "figure"),
    [
        (lambda mask: ~mask, "mask_iou"),
        (lambda mask: np.roll(mask, 3, axis=1), "mask_iou"),
        (np.ones_like, "(mask|control_mask)_iou"),
    ],
    ids=["negated", "moved", "full"],
)
def test_other_masks_fail_the_gate(
    checkpoint: Path,
    segmenter: Segmenter,
    pictures: list[Pixels],
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[BoolArray], BoolArray],
    figure: str,
) -> None:
    monkeypatch.setattr(segmenter_module, "box_mask", lambda *arguments: spoil(box_mask(*arguments)))
    figures = measure_masks(load_checkpoint(str(checkpoint)), segmenter, pictures[:3])
    with pytest.raises(GateFailure, match=figure):
        gates.require(gates.bounds("detect", masks=True), figures, ADVICE)


@ONE
def test_the_boxes_alone_may_be_exported(
    checkpoint: Path, artifact: Artifact, tmp_path: Path, pictures: list[Pixels]
) -> None:
    boxes = export(checkpoint, tmp_path, pictures, no_masks=True)
    assert boxes.manifest.mask_channels == 0
    assert sorted(boxes.manifest.files) == ["detector.onnx", "golden.npz"]
    assert boxes.manifest.graph_sha256("detector") == artifact.manifest.graph_sha256("detector")
    assert not boxes.manifest.bounds.keys() & gates.MASKS.keys()


@ONE
@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_masks_stay_in_fp32(checkpoint: Path, tmp_path: Path, pictures: list[Pixels], precision: str) -> None:
    with pytest.raises(Unsupported, match=f"use --no-masks to export the boxes alone in {precision}"):
        export(checkpoint, tmp_path, pictures, precision=precision)


def test_untrained_segmenters_fail_the_control(tmp_path: Path, pictures: list[Pixels]) -> None:
    with pytest.raises(GateFailure, match="outputs hardly depend on the input"):
        export("yolov8n-seg.yaml", tmp_path, pictures)
