"""A scorer of sets to an artifact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from export import gates
from export.artifact_writer import library_versions, unmeasured_artifact, write_artifact
from export.graph import OPSET, write_graph
from export.outfit.graph import OutfitGraph
from export.outfit.network import OutfitConfig, read_outfit_folder
from export.outfit.parity import ADVICE, measure_sets
from models.artifact import Artifact
from models.golden import Golden
from models.manifest import Manifest
from models.outfit_scorer import OutfitScorer, set_shape
from models.session import OnnxSession

_GOLDEN_SETS = 4


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
    golden = Golden(sets[:_GOLDEN_SETS], scorer.run(sets[:_GOLDEN_SETS]))
    return write_artifact(folder, manifest, figures, {"outfit": golden})


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
