"""A YOLO detection network to an artifact."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from domain.types import Pixels
from export import gates
from export.artifact_writer import library_versions, unmeasured_artifact, write_artifact
from export.errors import Unsupported
from export.gate_pictures import pixelate
from export.graph import OPSET, keep_output, write_graph
from export.yolo.checkpoint import YoloOptions, labels_of, load_checkpoint
from export.yolo.detector_graph import blank_input, build_graph
from export.yolo.detector_parity import measure_heads, measure_predictions
from models.artifact import Artifact
from models.detector import Detector
from models.golden import Golden
from models.manifest import Head, Manifest
from models.preprocessing import ImagePreprocessing
from models.session import OnnxSession

ADVICE = {
    "control_score_distance": (
        "the outputs hardly depend on the input. Random weights (a yaml without training) do that: export a "
        "trained checkpoint, or give pictures of what it was trained on with --images"
    ),
    "matched_boxes": "it finds nothing in the pictures: give some of what it was trained on with --images",
    "preprocess_pixel_difference": "our letterbox differs from the library's",
}


def export_yolo(
    options: YoloOptions, folder: Path, pictures: list[Pixels], report: Callable[[str], None]
) -> Artifact:
    """Write the artifact into an empty folder.

    Raises:
        GateFailure: a parity figure does not hold.
        Unsupported: the network is not a YOLO detector, or does not fit the options.
    """
    report(f"loading {options.checkpoint}")
    library = load_checkpoint(options.checkpoint)
    graph = build_graph(library, options)
    manifest = _describe(library, graph.kind, options)
    ignored = ignored_labels(manifest.labels, options.ignore)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        report(f"writing the graph ({graph.kind} head, {options.height}x{options.width}, opset {OPSET})")
        write_graph(graph, blank_input(options), full, inputs="images", outputs=("rows", "head"))
        keep_output(full, folder / "detector.onnx", "rows")
        detector = Detector.load(unmeasured_artifact(folder, manifest), OnnxSession)
        report(f"comparing heads with torch on {len(pictures)} pictures")
        figures = measure_heads(graph, OnnxSession(full), detector, pictures)
    bounds = gates.bounds("detect")
    gates.require(bounds, figures, ADVICE)
    report("comparing boxes with ultralytics' own prediction")
    figures |= measure_predictions(library, detector, pictures)
    gates.require(bounds, figures, ADVICE)
    manifest = replace(manifest, ignored_labels=ignored, min_score=options.min_score)
    return write_artifact(folder, manifest, figures, {"detector": _golden(detector, pictures)})


def ignored_labels(labels: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Raises Unsupported for a label that the network does not have, or where none would be left."""
    if unknown := sorted(set(wanted) - set(labels)):
        raise Unsupported(f"--ignore {unknown[0]}: the labels are {', '.join(labels)}")
    ignored = tuple(label for label in labels if label == "ignore" or label in wanted)
    if len(ignored) == len(labels):
        raise Unsupported("--ignore must leave at least one label")
    return ignored


def _describe(library: Any, kind: Head, options: YoloOptions) -> Manifest:
    return Manifest(
        name=options.name,
        task="detect",
        source=options.source_text,
        license=options.license,
        image=ImagePreprocessing(
            height=options.height,
            width=options.width,
            resize_mode="letterbox",
            interpolation="bilinear",
            mean=(0.0, 0.0, 0.0),
            std=(1.0, 1.0, 1.0),
        ),
        opset=OPSET,
        files={},
        parity={},
        labels=labels_of(library),
        head=kind,
        made_with=library_versions("torch", "ultralytics", "onnx", "onnxruntime"),
    )


def _golden(detector: Detector, pictures: list[Pixels]) -> Golden:
    block_px = max(2, -(-max(detector.manifest.image.shape) // 160))
    inputs = np.stack(
        [pixelate(detector.preprocess(picture)[0], block_px) for picture in (pictures[0], pictures[5])]
    )
    return Golden(inputs, detector.run(inputs))
