"""open_clip networks through the exporter. Random weights will do: their embeddings depend on the input."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import open_clip
import pytest
import torch
from open_clip.transform import PreprocessCfg, image_transform_v2
from PIL import Image

from domain.types import Pixels
from export.clip import exporter
from export.clip.exporter import export_clip
from export.clip.image_tower import ImageTower
from export.clip.network import ClipOptions
from export.clip.preprocessing import read_preprocessing
from export.errors import GateFailure, Unsupported
from export.gate_pictures import read_gate_pictures
from models.artifact import Artifact
from models.image_encoder import ImageEncoder
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
    return write_config(tmp_path / "tiny-vit.json", CONFIG)


def write_config(path: Path, content: dict[str, object]) -> Path:
    path.write_text(json.dumps(content))
    return path


def write_local_model(folder: Path, image_size: list[int], **preprocessing: object) -> str:
    """A model as open_clip keeps one in a folder, with preprocessing of its own; returns its name."""
    folder.mkdir()
    model = CONFIG | {"vision_cfg": CONFIG["vision_cfg"] | {"image_size": image_size}}  # type: ignore[operator]
    config = {"model_cfg": model, "preprocess_cfg": preprocessing}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    open_clip.add_model_config(write_config(folder / "tiny-local.json", model))
    torch.manual_seed(3)
    torch.save(open_clip.create_model("tiny-local").state_dict(), folder / "open_clip_pytorch_model.bin")
    return f"local-dir:{folder}"


def export(folder: Path, pictures: list[Pixels], config: Path, pretrained: str | None = None) -> Artifact:
    folder.mkdir()
    options = ClipOptions(model="tiny-vit", name="tiny", config=config, pretrained=pretrained)
    return export_clip(options, folder, pictures, print)


def test_a_tiny_model(tmp_path: Path, pictures: list[Pixels], config: Path) -> None:
    artifact = export(tmp_path / "out", pictures, config)
    manifest = artifact.manifest
    assert (manifest.embedding_width, manifest.image.height, manifest.opset) == (32, 64, 17)
    assert manifest.image.resize_mode == "shortest"  # open_clip's default
    assert manifest.source == "open_clip tiny-vit random weights"
    assert manifest.parity["token_mismatches"] == 0
    assert manifest.logit_scale == pytest.approx(1 / 0.07, rel=1e-5)
    images, texts = ImageEncoder.load(artifact, OnnxSession), TextEncoder.load(artifact, OnnxSession)
    assert images.check() > 0.9999
    assert texts.check() > 0.9999
    tokens = texts.preprocess(["long " * 100])
    assert (tokens.shape, tokens[0, -1]) == ((1, 16), 1023)


def test_a_text_tower_with_halved_weights(tmp_path: Path, pictures: list[Pixels], config: Path) -> None:
    sizes = []
    for halved in (False, True):
        (folder := tmp_path / str(halved)).mkdir()
        options = ClipOptions(model="tiny-vit", name="tiny", config=config, half_text_weights=halved)
        artifact = export_clip(options, folder, pictures, print)
        sizes.append(artifact.graph("text").stat().st_size)
    assert artifact.manifest.parity["text_cosine"] > 0.9999
    assert sizes[1] < 0.7 * sizes[0]


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


MODES = [
    ("squash", {"interpolation": "bilinear"}, 114),
    ("shortest", {"interpolation": "bicubic"}, 114),
    ("longest", {"interpolation": "bicubic", "fill_color": 127}, 127),
]


@pytest.mark.parametrize(("mode", "others", "fill"), MODES)
@pytest.mark.parametrize("size", [[64, 96]])
def test_a_model_brings_its_own_resize_mode(
    tmp_path: Path,
    pictures: list[Pixels],
    mode: str,
    others: dict[str, object],
    fill: int,
    size: list[int],
) -> None:
    model = write_local_model(tmp_path / "model", size, resize_mode=mode, mean=[0.5] * 3, **others)
    (tmp_path / "out").mkdir()
    artifact = export_clip(ClipOptions(model=model, name="tiny"), tmp_path / "out", pictures, print)
    settings = artifact.manifest.image
    assert (settings.resize_mode, settings.interpolation) == (mode, others["interpolation"])
    assert (settings.height, settings.width, settings.fill) == (*size, fill)
    assert settings.mean == (0.5, 0.5, 0.5)
    assert artifact.manifest.parity["preprocess_cosine"] > 0.999
    encoder = ImageEncoder.load(artifact, OnnxSession)
    assert encoder.check() > 0.9999
    assert encoder.run(encoder.preprocess(pictures[1])[None]).shape == (1, 32)


@pytest.mark.parametrize("interpolation", ["bicubic", "bilinear"])
@pytest.mark.parametrize("mode", ["squash", "shortest", "longest"])
@pytest.mark.parametrize("size", [(224, 224), (96, 160), (160, 96)])
def test_photos_are_prepared_as_open_clip_does(
    pictures: list[Pixels], size: tuple[int, int], mode: str, interpolation: str
) -> None:
    zero, one = (0.0,) * 3, (1.0,) * 3
    own = PreprocessCfg(size, "RGB", zero, one, interpolation, mode, fill_color=90)
    transform = image_transform_v2(own, is_train=False)
    settings = read_preprocessing(SimpleNamespace(visual=SimpleNamespace(preprocess_cfg=asdict(own))))
    for picture in pictures:
        theirs = 255 * transform(Image.fromarray(picture)).numpy().transpose(1, 2, 0)
        ours = settings.fit_photo(picture)
        assert ours.shape == theirs.shape
        assert np.abs(ours - theirs).mean() < 1


def test_an_unknown_resize_mode_is_refused() -> None:
    own = asdict(PreprocessCfg()) | {"resize_mode": "tile"}
    with pytest.raises(Unsupported, match="resizes by 'tile'; only squash, shortest, longest"):
        read_preprocessing(SimpleNamespace(visual=SimpleNamespace(preprocess_cfg=own)))


@pytest.mark.parametrize(
    "change",
    [
        {"mean": (0.0, 0.0, 0.0)},
        {"std": (0.1, 0.5, 0.9)},
        {"resize_mode": "squash"},
        {"resize_mode": "longest", "fill": 0},
        {"resize_mode": "square-pad-reflect"},
    ],
)
def test_wrong_preprocessing_is_caught(
    tmp_path: Path,
    pictures: list[Pixels],
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, object],
) -> None:
    monkeypatch.setattr(
        exporter,
        "read_preprocessing",
        lambda network: dataclasses.replace(read_preprocessing(network), **change),
    )
    with pytest.raises(GateFailure, match="preprocess_cosine"):
        export(tmp_path / "out", pictures, config)


def test_a_config_must_be_one(tmp_path: Path, pictures: list[Pixels], config: Path) -> None:
    config.write_text(json.dumps({"embed_dim": 32}))
    with pytest.raises(Unsupported, match="text_cfg, vision_cfg missing"):
        export(tmp_path / "out", pictures, config)


def test_an_unknown_model_is_named(tmp_path: Path, pictures: list[Pixels]) -> None:
    with pytest.raises(Unsupported, match="ViT-Z-99"):
        export_clip(ClipOptions(model="ViT-Z-99", name="tiny"), tmp_path, pictures, print)
