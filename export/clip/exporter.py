"""An open_clip two-tower model to an artifact."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from domain.types import Pixels
from export import gates
from export.artifact_writer import library_versions, unmeasured_artifact, write_artifact
from export.clip.image_tower import ImageTower
from export.clip.network import ClipNetwork, ClipOptions, load_network
from export.clip.parity import measure_images, measure_texts
from export.clip.preprocessing import read_preprocessing
from export.clip.text_tower import ShortTextTower, TextTower, takes_short_texts
from export.clip.texts import TEXTS
from export.gate_pictures import pixelate
from export.graph import OPSET, halve_weights, write_graph
from models.artifact import Artifact
from models.golden import Golden
from models.image_encoder import ImageEncoder
from models.manifest import TOKENIZER_NAME, Manifest
from models.session import OnnxSession
from models.text_encoder import TextEncoder

UNTRAINED = "the embeddings hardly depend on the input"
ADVICE = {
    "image_control_distance": UNTRAINED,
    "text_control_distance": UNTRAINED,
    "preprocess_cosine": "our preprocessing feeds the network something else than the library's transform",
    "token_mismatches": "the saved tokenizer gives other ids than the library's",
}


def export_clip(
    options: ClipOptions, folder: Path, pictures: list[Pixels], report: Callable[[str], None]
) -> Artifact:
    """Write the artifact into an empty folder.

    Raises:
        GateFailure: a parity figure does not hold.
        Unsupported: the model does not exist, or cannot be exported.
    """
    report(f"loading {options.model} ({options.pretrained or 'no pretrained tag'})")
    clip = load_network(options)
    manifest = _describe(clip, options, folder)
    image_tower = _write_image_tower(clip, manifest, folder, report)
    _write_text_tower(clip, manifest, folder, report)
    if options.half_text_weights:
        halve_weights(folder / "text.onnx")
    artifact = unmeasured_artifact(folder, manifest)
    report(f"comparing images with torch on {len(pictures)} pictures")
    images = ImageEncoder.load(artifact, OnnxSession)
    figures = measure_images(image_tower, clip, images, pictures)
    report("comparing texts with torch")
    texts = TextEncoder.load(artifact, OnnxSession)
    figures |= measure_texts(clip, texts)
    gates.require(gates.bounds("embed"), figures, ADVICE)
    return write_artifact(folder, manifest, figures, _golden(images, texts, pictures), TEXTS)


def _describe(clip: ClipNetwork, options: ClipOptions, folder: Path) -> Manifest:
    """Writes the tokenizer, too."""
    from export.clip.tokenizer import save_tokenizer

    network = clip.network
    with torch.no_grad():
        width = network.encode_text(torch.from_numpy(np.asarray(clip.tokenizer(["a"])))).shape[1]
    weights = options.pretrained or ("" if ":" in options.model else "random weights")
    return Manifest(
        name=options.name,
        task="embed",
        source=options.source or f"open_clip {options.model} {Path(weights).name}".strip(),
        license=options.license,
        image=read_preprocessing(network),
        text=save_tokenizer(clip.tokenizer, folder / TOKENIZER_NAME),
        opset=OPSET,
        files={},
        parity={},
        embedding_width=int(width),
        logit_scale=float(network.logit_scale.detach().exp()),
        short_texts=takes_short_texts(network),
        made_with=library_versions("torch", "open_clip_torch", "onnx", "onnxruntime"),
    )


def _write_image_tower(
    clip: ClipNetwork, manifest: Manifest, folder: Path, report: Callable[[str], None]
) -> ImageTower:
    settings = manifest.image
    size, width = f"{settings.height}x{settings.width}", manifest.embedding_width
    report(f"writing the image tower ({size}, {settings.resize_mode}, width {width})")
    tower = ImageTower(clip.network, settings).eval()
    blank = torch.zeros(2, *settings.shape, dtype=torch.uint8)
    write_graph(tower, blank, folder / "image.onnx", inputs="images", outputs=("embeddings",))
    return tower


def _write_text_tower(
    clip: ClipNetwork, manifest: Manifest, folder: Path, report: Callable[[str], None]
) -> None:
    tokens = torch.from_numpy(np.asarray(clip.tokenizer(["an example", "two"])))
    short = manifest.short_texts
    report(f"writing the text tower (context {tokens.shape[1]}{', of any length up to it' if short else ''})")
    tower = (ShortTextTower if short else TextTower)(clip.network).eval()
    path = folder / "text.onnx"
    write_graph(tower, tokens, path, inputs="tokens", outputs=("embeddings",), any_length=short)


def _golden(images: ImageEncoder, texts: TextEncoder, pictures: list[Pixels]) -> dict[str, Golden]:
    block_px = max(1, -(-max(images.manifest.image.shape) // 112))
    pixels = np.stack(
        [pixelate(images.preprocess_photo(picture), block_px) for picture in (pictures[0], pictures[5])]
    )
    tokens = texts.preprocess(TEXTS)
    return {
        "image": Golden(pixels, images.run(pixels)),
        "text": Golden(tokens, np.concatenate([texts.run(row[None]) for row in tokens])),
    }
