"""FCOS through the exporter: a network that looks at its input passes, an untrained one does not."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from domain.types import Pixels
from export.errors import GateFailure, Unsupported
from export.fcos import network
from export.fcos.exporter import FcosOptions, export_fcos
from export.fcos.network import FcosConfig
from export.gate_pictures import read_gate_pictures
from models.artifact import Artifact
from models.detector import Detector
from models.session import OnnxSession

pytestmark = pytest.mark.filterwarnings("ignore")  # what torch says when it writes a graph

LABELS = ("shirt", "bag", "ignore")


@pytest.fixture(scope="module")
def pictures() -> list[Pixels]:
    return read_gate_pictures()


def write_checkpoint(path: Path, spread: float) -> Path:
    """Random weights; those of the last layers vary by `spread`, so that scores depend on the picture."""
    torch.manual_seed(0)
    config = FcosConfig(LABELS, 96)
    built = network.build(config)
    for layer in (built.head.classification_head.cls_logits, built.head.regression_head.bbox_ctrness):
        torch.nn.init.normal_(layer.weight, std=spread)
        torch.nn.init.constant_(layer.bias, 0.0)
    torch.nn.init.normal_(built.head.regression_head.bbox_reg[0].weight, std=0.1 * spread)
    torch.nn.init.constant_(built.head.regression_head.bbox_reg[0].bias, 1.0)  # boxes that have an area
    network.save(path, config, built.state_dict())
    return path


def test_graph_torch_and_torchvision_agree(tmp_path: Path, pictures: list[Pixels]) -> None:
    checkpoint = write_checkpoint(tmp_path / "detector.pt", 0.3)
    (tmp_path / "out").mkdir()
    options = FcosOptions(checkpoint, "tiny", license="Apache-2.0", min_score=0.4)
    artifact = export_fcos(options, tmp_path / "out", pictures, print)
    manifest = artifact.manifest
    assert (manifest.labels, manifest.ignored_labels, manifest.min_score) == (LABELS, ("ignore",), 0.4)
    assert (manifest.head, manifest.license) == ("raw", "Apache-2.0")
    assert "preprocess_pixel_difference" not in manifest.parity
    detector = Detector.load(Artifact.load(tmp_path / "out"), OnnxSession)
    assert detector.check() < 1e-3
    image, transform = detector.preprocess(pictures[0])
    found = detector.postprocess(detector.run(image[None])[0], transform, 0.01, 0.6, 100)
    assert found
    assert {detection.label for detection in found} <= {"shirt", "bag"}


def test_an_untrained_network_fails_the_control(tmp_path: Path, pictures: list[Pixels]) -> None:
    checkpoint = write_checkpoint(tmp_path / "detector.pt", 0.0)
    (tmp_path / "out").mkdir()
    with pytest.raises(GateFailure, match="outputs hardly depend on the input"):
        export_fcos(FcosOptions(checkpoint, "tiny"), tmp_path / "out", pictures, print)


def test_other_files_are_refused(tmp_path: Path, pictures: list[Pixels]) -> None:
    with pytest.raises(Unsupported, match="does not exist"):
        export_fcos(FcosOptions(tmp_path / "none.pt", "tiny"), tmp_path, pictures, print)
    other = tmp_path / "other.pt"
    torch.save({"weights": {}}, other)
    with pytest.raises(Unsupported, match="is no checkpoint"):
        export_fcos(FcosOptions(other, "tiny"), tmp_path, pictures, print)
