"""timm's and torchvision's classifiers through the exporter, with the libraries' answers to whole photos."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import timm
import torch
import torchvision

from domain.types import Pixels
from export.__main__ import main
from export.classifier.exporter import export_classifier
from export.classifier.options import ClassifierOptions
from export.errors import GateFailure, Unsupported
from export.gate_pictures import read_gate_pictures
from models.artifact import Artifact
from models.classifier import Classifier
from models.session import OnnxSession

pytestmark = pytest.mark.filterwarnings("ignore")  # what the libraries say among themselves

TIMM, TORCHVISION = "resnet10t", "resnet18"
LABELS = ("shirt", "dress", "hat")


@pytest.fixture(scope="module")
def pictures() -> list[Pixels]:
    return read_gate_pictures()


def give_statistics(network: Any, pictures: list[Pixels]) -> Any:
    """Random weights with which answers differ from picture to picture, the same on every machine."""
    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None  # the mean over all that is seen
    last = [module for module in network.modules() if isinstance(module, torch.nn.Linear)][-1]
    torch.nn.init.normal_(last.weight, std=0.3)
    small = np.stack([cv2.resize(picture, (96, 96)) for picture in pictures])
    with torch.no_grad():
        network.train()(torch.from_numpy(small).permute(0, 3, 1, 2).float() / 127.5 - 1)
    return network.eval()


@pytest.fixture(scope="module")
def timm_network(pictures: list[Pixels]) -> Any:
    torch.manual_seed(5)
    return give_statistics(timm.create_model(TIMM, num_classes=3), pictures)


@pytest.fixture(scope="module")
def timm_file(timm_network: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("timm") / "best.pth"
    torch.save({"state_dict": timm_network.state_dict()}, path)
    return path


@pytest.fixture(scope="module")
def torchvision_file(pictures: list[Pixels], tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(5)
    network = torchvision.models.get_model(TORCHVISION, num_classes=3, zero_init_residual=True)
    path = tmp_path_factory.mktemp("torchvision") / "best.pth"
    torch.save(give_statistics(network, pictures).state_dict(), path)
    return path


@pytest.fixture
def label_file(tmp_path: Path) -> Path:
    path = tmp_path / "labels.txt"
    path.write_text("\n".join(LABELS))
    return path


def write_timm_folder(folder: Path, network: Any, **changes: object) -> Path:
    """A folder as timm publishes them: weights, and a config with labels and preprocessing."""
    folder.mkdir()
    torch.save(network.state_dict(), folder / "pytorch_model.bin")
    config = network.pretrained_cfg | {
        "num_classes": 3,
        "label_names": list(LABELS),
        "label_descriptions": {"hat": "hat or cap"},
        "license": "mit",
        "input_size": [3, 96, 128],
        "crop_pct": 0.8,
        "interpolation": "bilinear",
        "mean": [0.4, 0.45, 0.5],
        "std": [0.2, 0.25, 0.3],
    }
    document = {"architecture": TIMM, "num_classes": 3, "pretrained_cfg": config | changes}
    (folder / "config.json").write_text(json.dumps(document))
    return folder


def export(model: str, folder: Path, pictures: list[Pixels], **changes: Any) -> Artifact:
    folder.mkdir()
    return export_classifier(ClassifierOptions(model, name="tiny", **changes), folder, pictures, print)


def test_a_file_of_weights_has_the_classes_of_its_head(
    timm_file: Path, timm_network: Any, label_file: Path, tmp_path: Path, pictures: list[Pixels]
) -> None:
    artifact = export(TIMM, tmp_path / "out", pictures, weights=str(timm_file), labels=label_file)
    manifest, image = artifact.manifest, artifact.manifest.image
    assert (manifest.task, manifest.labels, manifest.license) == ("classify", LABELS, "unspecified")
    assert manifest.source == f"timm {TIMM} best.pth"
    assert sorted(manifest.files) == ["classifier.onnx", "golden.npz"]
    assert (image.shape, image.resize_size, image.resize_mode) == ((176, 176, 3), (201, 201), "shortest")
    assert manifest.parity["control_probability_distance"] > 0.05
    classifier = Classifier.load(artifact, OnnxSession)
    assert classifier.check() < 1e-6
    with torch.no_grad():
        tensors = [torch.from_numpy(classifier.preprocess(p)).permute(2, 0, 1)[None] for p in pictures]
        mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in (image.mean, image.std))
        expected = torch.cat([timm_network((t / 255 - mean) / std).softmax(1) for t in tensors]).numpy()
    ours = np.concatenate([classifier.run(classifier.preprocess(p)[None]) for p in pictures])
    np.testing.assert_allclose(ours, expected, atol=1e-5)
    assert len(set(ours.argmax(1))) > 1


@pytest.mark.parametrize(
    ("changes", "mode", "resize_size"),
    [
        ({}, "shortest", (120, 160)),
        ({"crop_mode": "squash"}, "squash", (120, 160)),
        ({"crop_mode": "border", "crop_pct": 1.0, "mean": [0.5] * 3}, "longest", None),
    ],
)
def test_a_folder_of_timm_brings_labels_licence_and_preprocessing(
    timm_network: Any,
    tmp_path: Path,
    pictures: list[Pixels],
    changes: dict[str, object],
    mode: str,
    resize_size: tuple[int, int] | None,
) -> None:
    folder = write_timm_folder(tmp_path / "published", timm_network, **changes)
    manifest = export(f"local-dir:{folder}", tmp_path / "out", pictures).manifest
    image = manifest.image
    assert (manifest.labels, manifest.license) == (("shirt", "dress", "hat or cap"), "mit")
    assert manifest.source == f"timm {TIMM} published"
    assert (image.shape, image.interpolation) == ((96, 128, 3), "bilinear")
    assert (image.resize_mode, image.resize_size) == (mode, resize_size)
    assert image.std == pytest.approx((0.2, 0.25, 0.3))
    assert manifest.parity["preprocess_mean_difference"] < 2


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"interpolation": "nearest"}, "resizes by 'nearest'"),
        ({"crop_mode": "border", "crop_pct": 1.0}, "fills borders with a colour"),
        ({"crop_mode": "border", "mean": [0.5] * 3}, "a crop_pct below 1"),
        ({"label_names": ["shirt"]}, "the checkpoint has 1 labels, the network 3 classes"),
    ],
)
def test_folders_that_cannot_be_exported_are_refused(
    timm_network: Any, tmp_path: Path, pictures: list[Pixels], changes: dict[str, object], problem: str
) -> None:
    folder = write_timm_folder(tmp_path / "published", timm_network, **changes)
    with pytest.raises(Unsupported, match=problem):
        export(f"local-dir:{folder}", tmp_path / "out", pictures)


def test_torchvision_takes_files_with_the_preprocessing_of_its_default_weights(
    torchvision_file: Path, label_file: Path, tmp_path: Path, pictures: list[Pixels]
) -> None:
    options = {"library": "torchvision", "weights": str(torchvision_file), "labels": label_file}
    manifest = export(TORCHVISION, tmp_path / "out", pictures, **options).manifest
    image = manifest.image
    assert (manifest.labels, manifest.source) == (LABELS, f"torchvision {TORCHVISION} best.pth")
    assert (image.shape, image.resize_size, image.interpolation) == ((224, 224, 3), (256, 256), "bilinear")
    small = export(TORCHVISION, tmp_path / "small", pictures, **options, size=(112, 112)).manifest
    assert (small.image.shape, small.image.resize_size) == ((112, 112, 3), (128, 128))
    with pytest.raises(Unsupported, match="square inputs"):
        export(TORCHVISION, tmp_path / "wide", pictures, **options, size=(96, 128))


def test_the_command_exports_verifies_and_lists(
    timm_file: Path, label_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    options = ["--weights", str(timm_file), "--labels", str(label_file), "--imgsz", "96", "--license", "MIT"]
    assert main(["classifier", TIMM, "--name", "tiny-classifier", *options, "--out", out]) == 0
    printed = capsys.readouterr().out
    assert "3 labels from --labels" in printed
    assert "top1_agreement" in printed
    assert main(["verify", out]) == 0
    assert "classifier: golden probabilities within " in capsys.readouterr().out
    assert main(["list"]) == 0
    assert "  classify  fp32  96x96  3 labels  " in capsys.readouterr().out


def test_untrained_networks_fail_the_control(
    label_file: Path, tmp_path: Path, pictures: list[Pixels]
) -> None:
    torch.manual_seed(5)
    file = tmp_path / "random.pth"
    torch.save(timm.create_model(TIMM, num_classes=3).state_dict(), file)
    with pytest.raises(GateFailure, match=r"control_probability_distance .* hardly depend on the input"):
        export(TIMM, tmp_path / "out", pictures, weights=str(file), labels=label_file)


@pytest.mark.parametrize(
    "turned",
    [lambda image: np.roll(image, 2, axis=1), lambda image: np.ascontiguousarray(image[..., ::-1])],
    ids=["moved", "bgr"],
)
def test_another_way_to_prepare_the_picture_is_caught(
    timm_file: Path,
    label_file: Path,
    tmp_path: Path,
    pictures: list[Pixels],
    monkeypatch: pytest.MonkeyPatch,
    turned: Any,
) -> None:
    original = Classifier.preprocess
    monkeypatch.setattr(Classifier, "preprocess", lambda self, photo: turned(original(self, photo)))
    with pytest.raises(GateFailure, match="preprocess_mean_difference"):
        export(TIMM, tmp_path / "out", pictures, weights=str(timm_file), labels=label_file)


@pytest.mark.parametrize(
    ("model", "changes", "problem"),
    [
        (
            "resnet1Ot",
            {},
            "timm has no image classifier 'resnet1Ot'; close are .*resnet10t",
        ),
        ("resnet5O", {"library": "torchvision"}, "torchvision has no image classifier 'resnet5O'; close are"),
        ("fasterrcnn_resnet50_fpn", {"library": "torchvision"}, "torchvision has no image classifier"),
        (TIMM, {"weights": "none.pth"}, r"--weights none\.pth is no file"),
        (TORCHVISION, {"library": "torchvision", "weights": "V9"}, r"V9 is neither a file .*IMAGENET1K_V1"),
        ("local-dir:none", {}, "timm cannot load local-dir:none"),
        ("naflexvit_base_patch16_gap", {"weights": "FILE"}, "timm cannot load naflexvit"),
        ("resnet34", {"weights": "FILE"}, "timm cannot load resnet34: .*"),
        ("resnet34", {"library": "torchvision", "weights": "FILE"}, "torchvision cannot load resnet34: .*"),
    ],
)
def test_what_cannot_be_loaded_is_refused(
    timm_file: Path,
    tmp_path: Path,
    pictures: list[Pixels],
    model: str,
    changes: dict[str, str],
    problem: str,
) -> None:
    if changes.get("weights") == "FILE":
        changes = changes | {"weights": str(timm_file)}
    with pytest.raises(Unsupported, match=problem):
        export(model, tmp_path / "out", pictures, **changes)


def test_a_network_without_a_head_is_no_classifier(
    timm_network: Any, tmp_path: Path, pictures: list[Pixels]
) -> None:
    bare = timm.create_model(TIMM, num_classes=0)
    bare.load_state_dict(timm_network.state_dict(), strict=False)
    folder = write_timm_folder(tmp_path / "published", bare, num_classes=0)
    document = json.loads((folder / "config.json").read_text()) | {"num_classes": 0}
    (folder / "config.json").write_text(json.dumps(document))
    with pytest.raises(Unsupported, match="has no classes, only features"):
        export(f"local-dir:{folder}", tmp_path / "out", pictures)
