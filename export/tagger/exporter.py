"""A tagger to an artifact."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from pydantic import TypeAdapter, ValidationError

from domain.types import FloatArray, Pixels
from export import gates
from export.artifact_writer import library_versions, unmeasured_artifact, write_artifact
from export.classifier.network import ClassifierNetwork
from export.classifier.options import ClassifierOptions
from export.classifier.timm_network import load_timm
from export.errors import Unsupported
from export.gate_pictures import pixelate
from export.graph import OPSET, write_graph
from export.tagger.graph import TaggerGraph, answers
from export.tagger.parity import ADVICE, measure_answers, measure_outputs
from models.artifact import Artifact
from models.golden import Golden
from models.manifest import Manifest
from models.session import OnnxSession
from models.tag_head import TagHead
from models.tagger import Tagger

HEADS = "heads.json"
"""Beside timm's config.json: the heads in the order of the network's outputs."""


@dataclass(frozen=True, slots=True)
class TaggerOptions:
    """What to export: a folder that timm reads and that has heads.json, too."""

    folder: Path
    name: str
    license: str = ""
    source: str = ""


def export_tagger(
    options: TaggerOptions, folder: Path, pictures: Sequence[Pixels], report: Callable[[str], None]
) -> Artifact:
    """Write the artifact into an empty folder.

    Raises:
        GateFailure: a parity figure does not hold.
        Unsupported: the folder holds no tagger.
    """
    report(f"loading {options.folder}")
    heads = read_heads(options.folder / HEADS)
    loaded = load_timm(ClassifierOptions(f"local-dir:{options.folder}", options.name))
    if (count := loaded.class_count()) != (wanted := sum(head.width for head in heads)):
        raise Unsupported(f"{options.folder}: the heads have {wanted} outputs, the network {count}")
    manifest = _describe(loaded, heads, options)
    graph = TaggerGraph(loaded.network, heads, manifest.image).eval()
    report(f"writing the graph of {', '.join(head.name for head in heads)} (opset {OPSET})")
    blank = torch.zeros(2, *manifest.image.shape, dtype=torch.uint8)
    write_graph(graph, blank, folder / "tagger.onnx", inputs="images", outputs=("answers",))
    tagger = Tagger.load(unmeasured_artifact(folder, manifest), OnnxSession)
    report(f"comparing answers with torch on {len(pictures)} pictures")
    figures = measure_outputs(graph, tagger, pictures)
    gates.require(gates.bounds("tag"), figures, ADVICE)
    figures |= measure_answers(tagger, pictures, *_library_answers(loaded, heads, pictures))
    gates.require(gates.bounds("tag"), figures, ADVICE)
    return write_artifact(folder, manifest, figures, {"tagger": _golden(tagger, pictures)})


def read_heads(file: Path) -> tuple[TagHead, ...]:
    """The heads in a file. Raises Unsupported where it cannot be read."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return TypeAdapter(tuple[TagHead, ...]).validate_json(json.dumps(rows))
    except (OSError, ValueError, ValidationError) as error:
        reason = str(error).splitlines()[0][:200]
        raise Unsupported(f"{file} cannot be read as the heads of a tagger: {reason}") from error


def _describe(loaded: ClassifierNetwork, heads: tuple[TagHead, ...], options: TaggerOptions) -> Manifest:
    return Manifest(
        name=options.name,
        task="tag",
        source=options.source or loaded.source,
        license=options.license or loaded.license,
        image=loaded.image,
        opset=OPSET,
        files={},
        parity={},
        heads=heads,
        made_with=library_versions("torch", "timm", "onnx", "onnxruntime"),
    )


def _library_answers(
    loaded: ClassifierNetwork, heads: tuple[TagHead, ...], pictures: Sequence[Pixels]
) -> tuple[list[FloatArray], FloatArray]:
    """timm's inputs (H, W, 3), each in grey levels, and the answers (N, O) in torch."""
    from PIL import Image

    prepared = [loaded.transform(Image.fromarray(picture)) for picture in pictures]
    with torch.no_grad():
        found: FloatArray = torch.cat(
            [answers(loaded.network(each[None]), heads) for each in prepared]
        ).numpy()
    mean, std = (np.asarray(values, np.float32) for values in (loaded.image.mean, loaded.image.std))
    return [(each.permute(1, 2, 0).numpy() * std + mean) * 255 for each in prepared], found


def _golden(tagger: Tagger, pictures: Sequence[Pixels]) -> Golden:
    """Two of the gate's pictures, in blocks so that they take little room, and their answers."""
    block_px = max(1, -(-max(tagger.manifest.image.shape) // 112))
    inputs = np.stack([pixelate(tagger.preprocess(each), block_px) for each in (pictures[0], pictures[5])])
    return Golden(inputs, tagger.run(inputs))
