"""A scorer of sets to an artifact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from domain.types import FloatArray
from export import gates
from export.artifact_writer import library_versions, unmeasured_artifact, write_artifact
from export.graph import OPSET, write_graph
from export.outfit.graph import OutfitGraph
from export.outfit.network import OutfitConfig, read_outfit_folder
from export.outfit.parity import ADVICE, measure_sets
from models.artifact import Artifact
from models.golden import Golden
from models.manifest import Manifest
from models.outfit_scorer import OutfitScorer, SetItem, pack_sets, set_shape
from models.session import OnnxSession

_GOLDEN_SETS, _GOLDEN_ITEMS = 4, 5


@dataclass(frozen=True, slots=True)
class OutfitOptions:
    """What to export: a folder that `write_outfit_folder` has written."""

    folder: Path
    name: str
    license: str = ""
    source: str = ""


def export_outfit(options: OutfitOptions, folder: Path, report: Callable[[str], None]) -> Artifact:
    """Write the artifact into an empty folder.

    Raises:
        GateFailure: a parity figure does not hold.
        Unsupported: the folder holds no scorer.
    """
    report(f"loading {options.folder}")
    network, sets = read_outfit_folder(options.folder)
    manifest = _describe(network.config, options)
    graph = OutfitGraph(network).eval()
    report(f"writing the graph of sets of up to {manifest.max_items} items (opset {OPSET})")
    blank = torch.zeros(2, *set_shape(manifest))
    write_graph(graph, blank, folder / "outfit.onnx", inputs="sets", outputs=("scores",))
    scorer = OutfitScorer.load(unmeasured_artifact(folder, manifest), OnnxSession)
    report(f"comparing scores with torch on {len(sets)} outfits")
    figures = measure_sets(graph, scorer, sets)
    gates.require(gates.bounds("score"), figures, ADVICE)
    inputs = noise_sets(manifest)
    golden = Golden(inputs, scorer.run(inputs))
    return write_artifact(folder, manifest, figures, {"outfit": golden})


def noise_sets(manifest: Manifest) -> FloatArray:
    """Sets (N, S, D + K) of random embeddings, since those of people's photos stay out of artifacts.

    The last item of each is asked for.
    """
    rng = np.random.default_rng(0)
    sets = []
    for _ in range(_GOLDEN_SETS):
        rows = rng.normal(size=(_GOLDEN_ITEMS, manifest.embedding_width))
        units = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        slots = rng.choice(manifest.slots, _GOLDEN_ITEMS)
        items: list[SetItem] = [(unit, str(slot)) for unit, slot in zip(units, slots, strict=True)]
        sets.append([*items[:-1], (None, items[-1][1])])
    return pack_sets(sets, manifest)


def _describe(config: OutfitConfig, options: OutfitOptions) -> Manifest:
    return Manifest(
        name=options.name,
        task="score",
        source=options.source or config.source,
        license=options.license or config.license,
        image=config.image,
        opset=OPSET,
        files={},
        parity={},
        embedder=config.embedder,
        slots=config.slots,
        max_items=config.max_items,
        embedding_width=config.embedding_width,
        made_with=library_versions("torch", "onnx", "onnxruntime"),
    )
