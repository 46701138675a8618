"""open_clip networks through the exporter. Random weights will do: their embeddings depend on the input."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch

from domain.types import Pixels
from export.clip import exporter
from export.clip.exporter import export_clip
from export.clip.image_tower import ImageTower
from export.clip.network import ClipOptions
from export.errors import GateFailure, Unsupported
from export.gate_pictures import read_gate_pictures
from models.artifact import Artifact
from models.image_encoder import ImageEncoder
from models.manifest import ImagePreprocessing
from models.session import OnnxSession
from models.text_encoder import TextEncoder

pytestmark = pytest.mark.filterwarnings("ignore")  # what torch and open_clip say among themselves

CONFIG = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 64, "layers": 2, "width": 64, "patch_size": 16},
    "text_cfg": {"context_length": 16, "vocab_size": 1024, "width": 64, "heads": 2, "layers": 2},
}


@pytest.fixture(scope="module")
def pictures() -> list[Pixels]:
    return read_gate_pictures()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "tiny-vit.json"
    path.write_text(json.dumps(CONFIG))
    return path


def export(folder: Path, pictures: list[Pixels], config: Path, pretrained: str | None = None) -> Artifact:
    folder.mkdir()
    options = ClipOptions(model="tiny-vit", name="tiny", config=config, pretrained=pretrained)
    return export_clip(options, folder, pictures, print)


def test_a_tiny_model(tmp_path: Path, pictures: list[Pixels], config: Path) -> None:
    artifact = export(tmp_path / "out", pictures, config)
    manifest = artifact.manifest
    assert (manifest.embedding_width, manifest.image.height, manifest.opset) == (32, 64, 17)
    assert manifest.image.resize_mode == "square-pad-reflect"
    assert manifest.source == "open_clip tiny-vit random weights"
    assert manifest.parity["token_mismatches"] == 0
    assert manifest.logit_scale == pytest.approx(1 / 0.07, rel=1e-5)
    images, texts = ImageEncoder.load(artifact, OnnxSession), TextEncoder.load(artifact, OnnxSession)
    assert images.check() > 0.9999
    assert texts.check() > 0.9999
    tokens = texts.preprocess(["long " * 100])
    assert (tokens.shape, tokens[0, -1]) == ((1, 16), 1023)


def test_short_texts_cost_no_padding(tmp_path: Path, pictures: list[Pixels], config: Path) -> None:
    artifact = export(tmp_path / "out", pictures, config)
    assert artifact.manifest.short_texts
    session = OnnxSession(artifact.graph("text"))
    tokens = TextEncoder.load(artifact, OnnxSession).preprocess(["a hat", "a red hat with a band"])
    (whole,), (alone,) = session.run(tokens), session.run(tokens[:1, :8])
    assert (tokens[0, 8:] == 0).all()
    assert alone[0] == pytest.approx(whole[0], abs=1e-6)


def test_short_texts_of_a_tower_of_its_own(tmp_path: Path, pictures: list[Pixels]) -> None:
    config = tmp_path / "tiny-vit.json"
    config.write_text(json.dumps(CONFIG | {"custom_text": True}))
    artifact = export(tmp_path / "out", pictures, config)
    assert artifact.manifest.short_texts
    assert TextEncoder.load(artifact, OnnxSession).check() > 0.9999


@pytest.mark.parametrize("reads", [{"pool_type": "last"}, {"no_causal_mask": True}])
def test_a_text_tower_that_looks_at_padding_keeps_it(
    tmp_path: Path, pictures: list[Pixels], reads: dict[str, object]
) -> None:
    config = tmp_path / "tiny-vit.json"
    config.write_text(json.dumps(CONFIG | {"text_cfg": CONFIG["text_cfg"] | reads}))  # type: ignore[operator]
    artifact = export(tmp_path / "out", pictures, config)
    assert not artifact.manifest.short_texts
    assert TextEncoder.load(artifact, OnnxSession).check() > 0.9999


def test_embeddings_have_length_one(tmp_path: Path, pictures: list[Pixels], config: Path) -> None:
    artifact = export(tmp_path / "out", pictures, config)
    encoder = ImageEncoder.load(artifact, OnnxSession)
    embeddings = encoder.run(np.stack([encoder.preprocess(picture) for picture in pictures[:3]]))
    assert np.linalg.norm(embeddings, axis=1) == pytest.approx([1, 1, 1])


def test_a_checkpoint_of_one_s_own(tmp_path: Path, pictures: list[Pixels], config: Path) -> None:
    open_clip.add_model_config(config)
    torch.manual_seed(7)
    network = open_clip.create_model("tiny-vit")
    torch.save(network.state_dict(), tmp_path / "weights.pt")
    trained = export(tmp_path / "trained", pictures, config, str(tmp_path / "weights.pt"))
    untrained = export(tmp_path / "untrained", pictures, config)
    assert trained.manifest.source == "open_clip tiny-vit weights.pt"
    assert trained.version.model_version != untrained.version.model_version
    assert trained.version.preprocess_version == untrained.version.preprocess_version
    encoder = ImageEncoder.load(trained, OnnxSession)
    image = encoder.preprocess(pictures[0])
    with torch.no_grad():
        expected = ImageTower(network.eval(), trained.manifest.image)(torch.from_numpy(image)[None])
    assert encoder.run(image[None]) == pytest.approx(expected.numpy(), abs=1e-5)


def test_a_network_that_ignores_its_input_fails(tmp_path: Path, pictures: list[Pixels], config: Path) -> None:
    open_clip.add_model_config(config)
    network = open_clip.create_model("tiny-vit")
    with torch.no_grad():
        network.visual.conv1.weight.zero_()
    torch.save(network.state_dict(), tmp_path / "blind.pt")
    with pytest.raises(GateFailure, match="image_control_distance"):
        export(tmp_path / "out", pictures, config, str(tmp_path / "blind.pt"))


@pytest.mark.parametrize(
    ("change", "figure"),
    [({"mean": (0.0, 0.0, 0.0)}, "preprocess_cosine"), ({"std": (0.1, 0.5, 0.9)}, "preprocess_cosine")],
)
def test_a_wrong_normalisation_is_caught(
    tmp_path: Path,
    pictures: list[Pixels],
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, tuple[float, float, float]],
    figure: str,
) -> None:
    def distorted(network: object) -> ImagePreprocessing:
        return dataclasses.replace(original(network), **change)

    original = exporter._image_preprocessing
    monkeypatch.setattr(exporter, "_image_preprocessing", distorted)
    with pytest.raises(GateFailure, match=figure):
        export(tmp_path / "out", pictures, config)


def test_squashing_instead_of_padding_is_caught(
    tmp_path: Path, pictures: list[Pixels], config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def squash(encoder: ImageEncoder, crop: Pixels) -> Pixels:
        height, width, _ = encoder.manifest.image.shape
        rows = np.linspace(0, crop.shape[0] - 1, height).astype(int)
        return crop[rows][:, np.linspace(0, crop.shape[1] - 1, width).astype(int)]

    monkeypatch.setattr(ImageEncoder, "preprocess", squash)
    with pytest.raises(GateFailure, match="preprocess_cosine"):
        export(tmp_path / "out", pictures, config)


def test_a_config_must_be_one(tmp_path: Path, pictures: list[Pixels], config: Path) -> None:
    config.write_text(json.dumps({"embed_dim": 32}))
    with pytest.raises(Unsupported, match="text_cfg, vision_cfg missing"):
        export(tmp_path / "out", pictures, config)


def test_an_unknown_model_is_named(tmp_path: Path, pictures: list[Pixels]) -> None:
    with pytest.raises(Unsupported, match="ViT-Z-99"):
        export_clip(ClipOptions(model="ViT-Z-99", name="tiny"), tmp_path, pictures, print)


def test_vit_b_32(tmp_path: Path, pictures: list[Pixels]) -> None:
    artifact = export_clip(ClipOptions(model="ViT-B-32", name="vit-b-32"), tmp_path, pictures, print)
    assert artifact.manifest.embedding_width == 512
    assert artifact.manifest.parity["image_cosine"] > 0.99999
