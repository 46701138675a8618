"""A YOLO detection or segmentation network to an artifact."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from domain.types import Pixels
from export import gates
from export.artifact_writer import library_versions, unmeasured_artifact, write_artifact
from export.detector_golden import detector_golden
from export.detector_parity import measure_heads, measure_predictions
from export.errors import Unsupported
from export.graph import OPSET, keep_outputs, write_graph
from export.ignored_labels import ignored_labels
from export.yolo.checkpoint import Size, YoloOptions, blank_input, labels_of
from export.yolo.detector_graph import DetectorGraph, build_graph
from export.yolo.detector_parity import letterbox_difference, predict_rows
from export.yolo.segmenter_graph import SEGMENTER_OUTPUTS, SegmenterGraph
from export.yolo.segmenter_parity import measure_mask_outputs, measure_masks
from models.artifact import Artifact
from models.detector import Detector
from models.golden import Golden
from models.manifest import Manifest
from models.preprocessing import ImagePreprocessing
from models.segmenter import GOLDEN_MASKS, Segmenter
from models.session import OnnxSession

DEFAULT_SIZE = 640, 640
DEFAULT_MIN_SCORE = 0.25

NOTHING_FOUND = "it finds nothing in the pictures: give some of what it was trained on with --images"
ADVICE = {
    "control_score_distance": (
        "the outputs hardly depend on the input. Random weights (a yaml without training) do that: export a "
        "trained checkpoint, or give pictures of what it was trained on with --images"
    ),
    "matched_boxes": NOTHING_FOUND,
    "matched_masks": NOTHING_FOUND,
    "preprocess_pixel_difference": "our letterbox differs from the library's",
    "control_mask_iou": "the masks hardly depend on the picture",
    "mask_iou": "our masks differ from the library's",
}


def export_detector(
    library: Any,
    options: YoloOptions,
    folder: Path,
    pictures: list[Pixels],
    report: Callable[[str], None],
) -> Artifact:
    """Write the artifact of a detector, or of a segmenter with or without its masks, into an empty folder.

    Raises:
        GateFailure: a parity figure does not hold.
        Unsupported: the network does not fit the options.
    """
    masks = library.task == "segment" and not options.no_masks
    if masks and options.precision != "fp32":
        raise Unsupported(
            f"masks stay in fp32: use --no-masks to export the boxes alone in {options.precision}"
        )
    size = options.size or DEFAULT_SIZE
    graph = build_graph(
        library, options, size, SegmenterGraph if library.task == "segment" else DetectorGraph
    )
    manifest = _describe(library, graph, options, size, masks)
    ignored = ignored_labels(manifest.labels, options.ignore or ())
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        report(f"writing the graph ({graph.kind} head, {size[0]}x{size[1]}, opset {OPSET})")
        write_graph(graph, blank_input(size), full, inputs="images", outputs=graph.outputs)
        keep_outputs(full, folder / "detector.onnx", ("rows",))
        if masks:
            keep_outputs(full, folder / "segmenter.onnx", SEGMENTER_OUTPUTS)
        artifact = unmeasured_artifact(folder, manifest)
        figures = _measure(library, graph, OnnxSession(full), artifact, pictures, report)
    golden = _golden(artifact, pictures)
    min_score = DEFAULT_MIN_SCORE if options.min_score is None else options.min_score
    manifest = replace(manifest, ignored_labels=ignored, min_score=min_score)
    return write_artifact(folder, manifest, figures, golden)


def _measure(
    library: Any,
    graph: DetectorGraph,
    full: OnnxSession,
    artifact: Artifact,
    pictures: list[Pixels],
    report: Callable[[str], None],
) -> dict[str, float]:
    """Figures of everything that the artifact holds. Raises GateFailure for the first that does not."""
    has_masks = artifact.manifest.mask_channels > 0
    bounds = gates.bounds_for(artifact.manifest, {})
    detector = Detector.load(artifact, OnnxSession)
    report(f"comparing heads with torch on {len(pictures)} pictures")
    figures = measure_heads(graph, full, detector, pictures)
    figures["preprocess_pixel_difference"] = letterbox_difference(detector, pictures)
    gates.require(bounds, figures, ADVICE)
    report("comparing boxes with ultralytics' own prediction")
    figures |= measure_predictions(predict_rows(library, detector.manifest), detector, pictures)
    gates.require(bounds, figures, ADVICE)
    if has_masks:
        report("comparing masks with torch and with ultralytics' own prediction")
        figures |= measure_mask_outputs(graph, full, detector, pictures)
        figures |= measure_masks(library, Segmenter.load(artifact, OnnxSession), pictures)
        gates.require(bounds, figures, ADVICE)
    return figures


def _describe(library: Any, graph: DetectorGraph, options: YoloOptions, size: Size, masks: bool) -> Manifest:
    return Manifest(
        name=options.name,
        task="detect",
        source=options.source_text,
        license=options.license,
        image=ImagePreprocessing(
            height=size[0],
            width=size[1],
            resize_mode="letterbox",
            interpolation="bilinear",
            mean=(0.0, 0.0, 0.0),
            std=(1.0, 1.0, 1.0),
        ),
        opset=OPSET,
        files={},
        parity={},
        labels=labels_of(library),
        head=graph.kind,
        mask_channels=graph.mask_channels if masks and isinstance(graph, SegmenterGraph) else 0,
        made_with=library_versions("torch", "ultralytics", "onnx", "onnxruntime"),
    )


def _golden(artifact: Artifact, pictures: list[Pixels]) -> dict[str, Golden]:
    boxes = detector_golden(Detector.load(artifact, OnnxSession), pictures)
    golden = {"detector": boxes}
    if artifact.manifest.mask_channels > 0:
        segmenter = Segmenter.load(artifact, OnnxSession)
        masks = segmenter.golden_masks(segmenter.run_masks(boxes.inputs), GOLDEN_MASKS)
        golden["segmenter"] = Golden(boxes.inputs, masks)
    return golden
