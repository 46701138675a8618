"""open_clip two-tower networks to artifacts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from domain.types import FloatArray, Pixels
from export import draft, gate, torchvision_fix
from export.errors import Unsupported
from export.graph import OPSET, write_graph
from export.pictures import pixelate
from export.text_tower import ShortTextTower, TextTower, takes_short_texts
from export.texts import TEXTS
from models.artifact import Artifact
from models.golden import Golden
from models.image_encoder import ImageEncoder
from models.manifest import TOKENIZER_NAME, ImagePreprocessing, Manifest
from models.parity import control_distance, cosines, distances
from models.session import OnnxSession
from models.text_encoder import TextEncoder

UNTRAINED = "the embeddings hardly depend on the input"
ADVICE = {
    "image_control_distance": UNTRAINED,
    "text_control_distance": UNTRAINED,
    "preprocess_cosine": "our pad-and-resize feeds the network something else than the library's transform",
    "token_mismatches": "the saved tokenizer gives other ids than the library's",
}


@dataclass(frozen=True, slots=True)
class ClipOptions:
    """What to export.

    `pretrained` is a tag or a path; without one the weights are random (hf-hub: and local-dir: bring theirs).
    `config` is an open_clip model config to register, known by its file name without ".json".
    """

    model: str
    name: str
    pretrained: str | None = None
    config: Path | None = None
    license: str = "unspecified"
    source: str = ""


class ImageTower(torch.nn.Module):
    """uint8 NHWC RGB in, L2-normalised embeddings out."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, network: Any, settings: ImagePreprocessing) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(settings.mean).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(settings.std).view(1, 3, 1, 1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        pixels = images.permute(0, 3, 1, 2).float() / 255
        embeddings: torch.Tensor = self.network.encode_image((pixels - self.mean) / self.std, normalize=True)
        return embeddings


def export_clip(
    options: ClipOptions, folder: Path, pictures: list[Pixels], report: Callable[[str], None]
) -> Artifact:
    """Write the artifact into an empty folder.

    Raises:
        GateFailure: a parity figure does not hold.
        Unsupported: the model does not exist, or cannot be taken.
    """
    report(f"loading {options.model} ({options.pretrained or 'no pretrained tag'})")
    network, transform, library = _load(options)
    manifest = _describe(network, library, options, folder)
    tokens = torch.from_numpy(np.asarray(library(["an example", "two"])))
    report(f"writing the image tower ({manifest.image.height} px, width {manifest.embedding_width})")
    image_tower = ImageTower(network, manifest.image).eval()
    write_graph(
        image_tower, _blank(manifest), folder / "image.onnx", inputs="images", outputs=("embeddings",)
    )
    short = manifest.short_texts
    report(f"writing the text tower (context {tokens.shape[1]}{', short texts shorter' if short else ''})")
    text_tower = (ShortTextTower if short else TextTower)(network).eval()
    write_graph(
        text_tower,
        tokens,
        folder / "text.onnx",
        inputs="tokens",
        outputs=("embeddings",),
        any_length=short,
    )
    sketch = draft.sketch(folder, manifest)
    report(f"comparing images with torch on {len(pictures)} pictures")
    encoder = ImageEncoder.load(sketch, OnnxSession)
    figures = _measure_images(image_tower, transform, encoder, pictures)
    report("comparing texts with torch")
    texts = TextEncoder.load(sketch, OnnxSession)
    figures |= _measure_texts(TextTower(network), library, texts)
    gate.require("embed", figures, ADVICE)
    return draft.finish(folder, manifest, figures, _golden(encoder, texts, pictures), TEXTS)


def _load(options: ClipOptions) -> tuple[Any, Any, Any]:
    torchvision_fix.apply()
    import open_clip  # after the fix: it imports torchvision

    from export.tokenizer import library_tokenizer

    if options.config is not None:
        _register(options.config, options.model)
    torch.manual_seed(0)
    try:
        network, _, transform = open_clip.create_model_and_transforms(options.model, options.pretrained)
        tokenizer = library_tokenizer(options.model, _vocabulary_size(network))
    except Exception as error:  # of many kinds, from pickle to the network
        raise Unsupported(f"open_clip cannot load {options.model}: {error}") from error
    return network.eval(), transform, tokenizer


def _register(config: Path, model: str) -> None:
    import open_clip

    keys = json.loads(config.read_text(encoding="utf-8"))
    missing = {"embed_dim", "vision_cfg", "text_cfg"} - set(keys)
    if missing:
        raise Unsupported(f"{config} is no open_clip model config: {', '.join(sorted(missing))} missing")
    if config.stem != model:
        raise Unsupported(f"the model of {config} is called {config.stem!r} (its file name), not {model!r}")
    open_clip.add_model_config(config)


def _vocabulary_size(network: Any) -> int:
    embedding = getattr(getattr(network, "text", network), "token_embedding", None)
    return int(embedding.num_embeddings) if embedding is not None else 2**31


def _describe(network: Any, library: Any, options: ClipOptions, folder: Path) -> Manifest:
    from export.tokenizer import save_tokenizer

    with torch.no_grad():
        width = network.encode_text(torch.from_numpy(np.asarray(library(["a"])))).shape[1]
    weights = options.pretrained or ("" if ":" in options.model else "random weights")
    return Manifest(
        name=options.name,
        task="embed",
        source=options.source or f"open_clip {options.model} {Path(weights).name}".strip(),
        license=options.license,
        image=_image_preprocessing(network),
        text=save_tokenizer(library, folder / TOKENIZER_NAME),
        opset=OPSET,
        files={},
        parity={},
        embedding_width=int(width),
        logit_scale=float(network.logit_scale.detach().exp()),
        short_texts=takes_short_texts(network),
        made_with=draft.library_versions("torch", "open_clip_torch", "onnx", "onnxruntime"),
    )


def _image_preprocessing(network: Any) -> ImagePreprocessing:
    import open_clip

    settings = open_clip.model.get_model_preprocess_cfg(network)
    size = settings["size"]
    height, width = (size, size) if isinstance(size, int) else size
    if height != width:
        raise Unsupported(f"its input is {height}x{width}; only square inputs are taken")
    return ImagePreprocessing(
        height=height,
        width=width,
        resize_mode="square-pad-reflect",
        interpolation="bilinear" if settings.get("interpolation") == "bilinear" else "bicubic",
        mean=_triple(settings["mean"]),
        std=_triple(settings["std"]),
    )


def _triple(values: Any) -> tuple[float, float, float]:
    red, green, blue = values if isinstance(values, (list, tuple)) else (values,) * 3
    return float(red), float(green), float(blue)


def _measure_images(
    tower: ImageTower, transform: Any, encoder: ImageEncoder, pictures: list[Pixels]
) -> dict[str, float]:
    inputs = np.stack([encoder.preprocess(picture) for picture in pictures])
    expected, actual = _run_torch(tower, inputs), encoder.run(inputs)
    theirs = _library_embeddings(tower, transform, [encoder.pad(picture) for picture in pictures])
    return {
        "pictures": float(len(pictures)),
        **_compare("image", expected, actual),
        "preprocess_cosine": float(cosines(theirs, expected).min()),
    }


def _library_embeddings(tower: ImageTower, transform: Any, squares: list[Pixels]) -> FloatArray:
    from PIL import Image

    batch = torch.stack([transform(Image.fromarray(square)) for square in squares])
    with torch.no_grad():
        embeddings: FloatArray = tower.network.encode_image(batch, normalize=True).numpy()
    return embeddings


def _measure_texts(tower: TextTower, library: Any, encoder: TextEncoder) -> dict[str, float]:
    """One by one, so that each may be as short as it is."""
    ours = encoder.preprocess(TEXTS)
    theirs = np.asarray(library(list(TEXTS)))
    actual = np.concatenate([encoder.run(row[None]) for row in ours])
    return {
        "texts": float(len(TEXTS)),
        "token_mismatches": float((ours != theirs).any(axis=1).sum()),
        **_compare("text", _run_torch(tower, theirs), actual),
    }


def _compare(tower: str, expected: FloatArray, actual: FloatArray) -> dict[str, float]:
    control = control_distance(expected)
    furthest = float(distances(expected, actual).max())
    return {
        f"{tower}_control_distance": control,
        f"{tower}_cosine": float(cosines(expected, actual).min()),
        f"{tower}_distance_to_control": furthest / control if control else float("inf"),
    }


def _run_torch(tower: torch.nn.Module, inputs: npt.NDArray[Any]) -> FloatArray:
    with torch.no_grad():
        embeddings: FloatArray = tower(torch.from_numpy(inputs)).numpy()
    return embeddings


def _golden(images: ImageEncoder, texts: TextEncoder, pictures: list[Pixels]) -> dict[str, Golden]:
    block_px = max(1, -(-max(images.manifest.image.shape) // 112))
    pixels = np.stack(
        [pixelate(images.preprocess(picture), block_px) for picture in (pictures[0], pictures[5])]
    )
    tokens = texts.preprocess(TEXTS)
    return {
        "image": Golden(pixels, images.run(pixels)),
        "text": Golden(tokens, np.concatenate([texts.run(row[None]) for row in tokens])),
    }


def _blank(manifest: Manifest) -> torch.Tensor:
    return torch.zeros(2, manifest.image.height, manifest.image.width, 3, dtype=torch.uint8)
