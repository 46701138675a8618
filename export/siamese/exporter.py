"""A Siamese network to an artifact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from domain.types import FloatArray, Pixels
from export import gates
from export.artifact_writer import library_versions, unmeasured_artifact, write_artifact
from export.classifier.network import ClassifierNetwork
from export.classifier.options import ClassifierOptions
from export.classifier.timm_network import load_timm
from export.gate_pictures import pixelate
from export.graph import OPSET, write_graph
from export.siamese.graph import SiameseGraph, embeddings
from export.siamese.parity import ADVICE, measure_embeddings, measure_photos
from models.artifact import Artifact
from models.golden import Golden
from models.manifest import Manifest
from models.session import OnnxSession
from models.siamese_encoder import SiameseEncoder


@dataclass(frozen=True, slots=True)
class SiameseOptions:
    """What to export: a folder that timm reads, whose network's outputs are an embedding."""

    folder: Path
    name: str
    license: str = ""
    source: str = ""


def export_siamese(
    options: SiameseOptions, folder: Path, pictures: Sequence[Pixels], report: Callable[[str], None]
) -> Artifact:
    """Write the artifact into an empty folder.

    Raises:
        GateFailure: a parity figure does not hold.
        Unsupported: the folder holds no network of timm.
    """
    report(f"loading {options.folder}")
    loaded = load_timm(ClassifierOptions(f"local-dir:{options.folder}", options.name))
    manifest = _describe(loaded, options)
    graph = SiameseGraph(loaded.network, manifest.image).eval()
    report(f"writing the graph of embeddings of width {manifest.embedding_width} (opset {OPSET})")
    blank = torch.zeros(2, *manifest.image.shape, dtype=torch.uint8)
    write_graph(graph, blank, folder / "siamese.onnx", inputs="images", outputs=("embeddings",))
    encoder = SiameseEncoder.load(unmeasured_artifact(folder, manifest), OnnxSession)
    report(f"comparing embeddings with torch on {len(pictures)} pictures")
    figures = measure_embeddings(graph, encoder, pictures)
    gates.require(gates.bounds("compare"), figures, ADVICE)
    figures |= measure_photos(encoder, pictures, *_library_embeddings(loaded, pictures))
    gates.require(gates.bounds("compare"), figures, ADVICE)
    return write_artifact(folder, manifest, figures, {"siamese": _golden(encoder, pictures)})


def _describe(loaded: ClassifierNetwork, options: SiameseOptions) -> Manifest:
    return Manifest(
        name=options.name,
        task="compare",
        source=options.source or loaded.source,
        license=options.license or loaded.license,
        image=loaded.image,
        opset=OPSET,
        files={},
        parity={},
        embedding_width=loaded.class_count(),
        made_with=library_versions("torch", "timm", "onnx", "onnxruntime"),
    )


def _library_embeddings(
    loaded: ClassifierNetwork, pictures: Sequence[Pixels]
) -> tuple[list[FloatArray], FloatArray]:
    """timm's inputs (H, W, 3), each in grey levels, and the embeddings (N, D) in torch."""
    from PIL import Image

    prepared = [loaded.transform(Image.fromarray(picture)) for picture in pictures]
    with torch.no_grad():
        found: FloatArray = torch.cat([embeddings(loaded.network(each[None])) for each in prepared]).numpy()
    mean, std = (np.asarray(values, np.float32) for values in (loaded.image.mean, loaded.image.std))
    return [(each.permute(1, 2, 0).numpy() * std + mean) * 255 for each in prepared], found


def _golden(encoder: SiameseEncoder, pictures: Sequence[Pixels]) -> Golden:
    """Two of the gate's pictures, in blocks so that they take little room, and their embeddings."""
    block_px = max(1, -(-max(encoder.manifest.image.shape) // 112))
    inputs = np.stack([pixelate(encoder.preprocess(each), block_px) for each in (pictures[0], pictures[5])])
    return Golden(inputs, encoder.run(inputs))
