"""What recipes write, through the exporter and its gate."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import timm
import torch

from domain.types import Pixels
from export.__main__ import main
from export.classifier.exporter import export_classifier
from export.classifier.options import ClassifierOptions
from export.errors import GateFailure, Unsupported
from export.gate_pictures import read_gate_pictures
from export.siamese.exporter import SiameseOptions, export_siamese
from export.tagger.exporter import TaggerOptions, export_tagger
from models.session import OnnxSession
from models.siamese_encoder import SiameseEncoder
from models.tag_head import TagHead
from models.tagger import Tagger
from training.recipes.backbone import Backbone, NetworkParams
from training.recipes.timm_folder import write_timm_folder

pytestmark = pytest.mark.filterwarnings("ignore")  # what the libraries say among themselves

NETWORK = NetworkParams(backbone="resnet10t", pretrained="none", input_px=96)
HEADS = (TagHead("pattern", "one", ("plain", "striped")), TagHead("formality", "number"))


@pytest.fixture(scope="module")
def pictures() -> list[Pixels]:
    return read_gate_pictures()


@pytest.fixture(scope="module")
def backbone(pictures: list[Pixels]) -> Backbone:
    """Random weights with which answers differ from picture to picture, the same on every machine."""
    torch.manual_seed(5)
    network: Any = timm.create_model("resnet10t", num_classes=3)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None  # the mean over all that is seen
    torch.nn.init.normal_(network.get_classifier().weight, std=0.3)
    small = np.stack([cv2.resize(picture, (96, 96)) for picture in pictures])
    with torch.no_grad():
        network.train()(torch.from_numpy(small).permute(0, 3, 1, 2).float() / 127.5 - 1)
    return Backbone(network.eval(), (0.5,) * 3, (0.5,) * 3, "Apache-2.0")


def folder_of(backbone: Backbone, folder: Path, labels: tuple[str, ...] = ("coat", "hat", "bag")) -> Path:
    write_timm_folder(folder, backbone.network, NETWORK, labels, backbone)
    return folder


def test_a_classifier_keeps_its_labels_preprocessing_and_licence(
    backbone: Backbone, tmp_path: Path, pictures: list[Pixels]
) -> None:
    folder, out = folder_of(backbone, tmp_path / "model"), tmp_path / "out"
    out.mkdir()
    options = ClassifierOptions(f"local-dir:{folder}", name="garments")
    manifest = export_classifier(options, out, pictures, print).manifest
    assert (manifest.labels, manifest.license) == (("coat", "hat", "bag"), "Apache-2.0")
    assert manifest.image is not None
    assert (manifest.image.resize_mode, manifest.image.resize_size) == ("squash", None)
    assert manifest.parity["top1_agreement"] == 1


def tagger_folder(backbone: Backbone, folder: Path, heads: tuple[TagHead, ...] = HEADS) -> Path:
    folder_of(backbone, folder)
    (folder / "heads.json").write_text(json.dumps([asdict(head) for head in heads]))
    return folder


def test_a_tagger_answers_as_in_torch(
    backbone: Backbone, tmp_path: Path, pictures: list[Pixels], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tagger_folder(backbone, tmp_path / "model"), tmp_path / "out"
    out.mkdir()
    artifact = export_tagger(TaggerOptions(folder, "tags"), out, pictures, print)
    assert artifact.manifest.heads == HEADS
    assert artifact.manifest.license == "Apache-2.0"
    tagger = Tagger.load(artifact, OnnxSession)
    with torch.no_grad():
        inputs = torch.from_numpy(tagger.preprocess(pictures[0])).permute(2, 0, 1)[None].float()
        logits = backbone.network((inputs / 255 - 0.5) / 0.5)
    found = tagger.tag(pictures[0])
    assert found["formality"].number == pytest.approx(float(logits[0, 2].sigmoid()), abs=1e-5)
    best = found["pattern"].values[0]
    assert best.value == HEADS[0].values[int(logits[0, :2].argmax())]
    assert best.score == pytest.approx(float(logits[0, :2].softmax(0).max()), abs=1e-5)
    assert main(["verify", str(out)]) == 0
    assert "tagger: golden outputs within" in capsys.readouterr().out


def test_a_tagger_without_its_heads_is_refused(
    backbone: Backbone, tmp_path: Path, pictures: list[Pixels]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(Unsupported, match=r"heads.json cannot be read"):
        export_tagger(TaggerOptions(folder_of(backbone, tmp_path / "a"), "t"), out, pictures, print)
    short = tagger_folder(backbone, tmp_path / "b", HEADS[:1])
    with pytest.raises(Unsupported, match="the heads have 2 outputs, the network 3"):
        export_tagger(TaggerOptions(short, "t"), out, pictures, print)


def test_a_tagger_that_answers_all_pictures_alike_is_not_exported(
    backbone: Backbone, tmp_path: Path, pictures: list[Pixels]
) -> None:
    constant = timm.create_model("resnet10t", num_classes=3)
    torch.nn.init.zeros_(constant.get_classifier().weight)
    out = tmp_path / "out"
    out.mkdir()
    folder = tagger_folder(Backbone(constant.eval(), backbone.mean, backbone.std, ""), tmp_path / "model")
    with pytest.raises(GateFailure, match="control_output_distance is 0"):
        export_tagger(TaggerOptions(folder, "t"), out, pictures, print)


def test_a_siamese_network_embeds_as_in_torch(
    backbone: Backbone, tmp_path: Path, pictures: list[Pixels], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = folder_of(backbone, tmp_path / "model"), tmp_path / "out"
    out.mkdir()
    artifact = export_siamese(SiameseOptions(folder, "pairs"), out, pictures, print)
    manifest = artifact.manifest
    assert (manifest.task, manifest.embedding_width, manifest.license) == ("compare", 3, "Apache-2.0")
    encoder = SiameseEncoder.load(artifact, OnnxSession)
    with torch.no_grad():
        inputs = torch.from_numpy(encoder.preprocess(pictures[0])).permute(2, 0, 1)[None].float()
        expected = torch.nn.functional.normalize(backbone.network((inputs / 255 - 0.5) / 0.5))[0]
    np.testing.assert_allclose(encoder.embed(pictures[0]), expected.numpy(), atol=1e-5)
    assert main(["verify", str(out)]) == 0
    assert "siamese: golden cosine 1.0" in capsys.readouterr().out


def test_a_siamese_network_that_embeds_all_pictures_alike_is_not_exported(
    backbone: Backbone, tmp_path: Path, pictures: list[Pixels]
) -> None:
    constant = timm.create_model("resnet10t", num_classes=3)
    torch.nn.init.zeros_(constant.get_classifier().weight)
    torch.nn.init.ones_(constant.get_classifier().bias)
    folder = folder_of(Backbone(constant.eval(), backbone.mean, backbone.std, ""), tmp_path / "model")
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(GateFailure, match="control_distance is 0"):
        export_siamese(SiameseOptions(folder, "pairs"), out, pictures, print)
