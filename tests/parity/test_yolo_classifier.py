"""Ultralytics classifiers through the exporter, with the library's answers to whole photos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from ultralytics.data.augment import classify_transforms

from domain.types import Pixels
from export.__main__ import main
from export.errors import GateFailure, Unsupported
from export.gate_pictures import read_gate_pictures
from export.yolo.checkpoint import YoloOptions, load_checkpoint
from export.yolo.exporter import export_yolo
from models.artifact import Artifact
from models.classifier import Classifier
from models.session import OnnxSession
from tests.parity.random_network import write_network

pytestmark = pytest.mark.filterwarnings("ignore")  # what torch and ultralytics say among themselves

MEAN, STD = (0.4, 0.45, 0.5), (0.2, 0.25, 0.3)


@pytest.fixture(scope="module")
def pictures() -> list[Pixels]:
    return read_gate_pictures()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, pictures: list[Pixels]) -> Path:
    """A checkpoint that does not say how its pictures were prepared."""
    return write_network("yolov8n-cls.yaml", tmp_path_factory.mktemp("plain") / "plain.pt", pictures)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, pictures: list[Pixels]) -> Path:
    """A checkpoint with the transforms that a training leaves in it."""
    path = tmp_path_factory.mktemp("trained") / "trained.pt"
    transforms = classify_transforms(128, MEAN, STD)
    return write_network("yolov8n-cls.yaml", path, pictures, transforms.transforms[-1], transforms=transforms)


def export(checkpoint: str | Path, folder: Path, pictures: list[Pixels], **changes: object) -> Artifact:
    options = {"checkpoint": str(checkpoint), "name": "tiny", **changes}
    return export_yolo(YoloOptions(**options), folder, pictures, print)


def test_size_and_normalisation_are_those_of_the_training(
    trained: Path, tmp_path: Path, pictures: list[Pixels]
) -> None:
    artifact = export(trained, tmp_path, pictures)
    manifest, image = artifact.manifest, artifact.manifest.image
    assert (manifest.task, manifest.labels) == ("classify", ("shirt", "dress", "hat"))
    assert sorted(manifest.files) == ["classifier.onnx", "golden.npz"]
    assert (image.shape, image.resize_mode, image.interpolation) == ((128, 128, 3), "shortest", "bilinear")
    assert image.mean == pytest.approx(MEAN)
    assert image.std == pytest.approx(STD)
    classifier = Classifier.load(artifact, OnnxSession)
    assert classifier.check() < 1e-6
    found = [classifier.classify(picture, 3) for picture in pictures]
    assert [sum(answer.score for answer in each) for each in found] == pytest.approx([1] * 10, abs=1e-5)
    theirs = best_of_library(trained, pictures, 128)
    assert len({label for label, _ in theirs}) > 1
    same = [each[0].value == label for each, (label, _) in zip(found, theirs, strict=True)]
    assert sum(same) >= 9  # two labels of one picture are nearly as probable
    scores = [(each[0].score, score) for each, (_, score) in zip(found, theirs, strict=True)]
    assert np.mean([abs(ours - score) for ours, score in scores]) < 0.05


def best_of_library(checkpoint: Path, pictures: list[Pixels], side: int) -> list[tuple[str, float]]:
    library = load_checkpoint(str(checkpoint))
    photos = [np.ascontiguousarray(picture[..., ::-1]) for picture in pictures]
    results = [library.predict(photo, imgsz=side, device="cpu", verbose=False)[0] for photo in photos]
    return [(result.names[result.probs.top1], float(result.probs.top1conf)) for result in results]


def test_the_command_exports_verifies_and_lists(
    plain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    assert main(["yolo", str(plain), "--name", "tiny-classifier", "--imgsz", "128", "--out", out]) == 0
    assert "top1_agreement" in capsys.readouterr().out
    assert main(["verify", out]) == 0
    assert "classifier: golden probabilities within " in capsys.readouterr().out
    assert main(["list"]) == 0
    assert "  classify  fp32  128x128  3 labels  " in capsys.readouterr().out


def test_an_input_that_is_not_square_takes_the_whole_photo(
    plain: Path, tmp_path: Path, pictures: list[Pixels]
) -> None:
    image = export(plain, tmp_path, pictures, size=(96, 160)).manifest.image
    assert (image.shape, image.resize_mode) == ((96, 160, 3), "squash")
    assert (image.mean, image.std) == ((0, 0, 0), (1, 1, 1))


def test_untrained_networks_fail_the_control(tmp_path: Path, pictures: list[Pixels]) -> None:
    with pytest.raises(GateFailure, match=r"control_probability_distance .* hardly depend on the input"):
        export("yolov8n-cls.yaml", tmp_path, pictures)


@pytest.mark.parametrize(
    ("changes", "option"),
    [
        ({"head": "auto"}, "--head"),
        ({"ignore": ()}, "--ignore"),
        ({"min_score": 0.0}, "--min-score"),
        ({"no_masks": True}, "--no-masks"),
        ({"precision": "int8"}, "--precision"),
    ],
)
def test_options_of_detectors_are_refused(
    plain: Path, tmp_path: Path, pictures: list[Pixels], changes: dict[str, object], option: str
) -> None:
    with pytest.raises(Unsupported, match=f"{option} is not for classifiers"):
        export(plain, tmp_path, pictures, **changes)


def test_sides_are_multiples_of_32(plain: Path, tmp_path: Path, pictures: list[Pixels]) -> None:
    with pytest.raises(Unsupported, match="multiple of 32, not 64x100"):
        export(plain, tmp_path, pictures, size=(64, 100))


@pytest.mark.parametrize(
    ("turned", "figure"),
    [
        (lambda image: np.roll(image, 2, axis=1), "preprocess_mean_difference"),
        (lambda image: np.ascontiguousarray(image[..., ::-1]), "preprocess_mean_difference"),
    ],
    ids=["moved", "bgr"],
)
def test_another_way_to_prepare_the_picture_is_caught(
    plain: Path,
    tmp_path: Path,
    pictures: list[Pixels],
    monkeypatch: pytest.MonkeyPatch,
    turned: object,
    figure: str,
) -> None:
    original = Classifier.preprocess
    monkeypatch.setattr(Classifier, "preprocess", lambda self, photo: turned(original(self, photo)))
    with pytest.raises(GateFailure, match=figure):
        export(plain, tmp_path, pictures, size=(64, 64))
