"""A YOLO classification network to an artifact."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from domain.types import Pixels
from export import gates
from export.artifact_writer import library_versions, unmeasured_artifact, write_artifact
from export.classifier.golden import classifier_golden
from export.classifier.parity import ADVICE as CLASSIFIER_ADVICE
from export.classifier.parity import measure_answers, measure_probabilities
from export.errors import Unsupported
from export.graph import OPSET, write_graph
from export.yolo.checkpoint import YoloOptions, blank_input, labels_of, require_multiple
from export.yolo.classifier_graph import ClassifierGraph
from export.yolo.classifier_parity import library_answers
from export.yolo.classifier_preprocessing import read_preprocessing
from models.artifact import Artifact
from models.classifier import Classifier
from models.manifest import Manifest
from models.session import OnnxSession

STRIDE = 32
"""The library rounds the sides of its inputs up to multiples of it."""

ADVICE = CLASSIFIER_ADVICE | {
    "control_probability_distance": (
        "the probabilities hardly depend on the input. Random weights (a yaml without training) do that: "
        "export a trained checkpoint, or give pictures of what it was trained on with --images"
    )
}


def export_classifier(
    library: Any,
    options: YoloOptions,
    folder: Path,
    pictures: list[Pixels],
    report: Callable[[str], None],
) -> Artifact:
    """Write the artifact of a classifier into an empty folder.

    Raises:
        GateFailure: a parity figure does not hold.
        Unsupported: the network does not fit the options.
    """
    _refuse_options_of_detectors(options)
    manifest = _describe(library, options)
    image = manifest.image
    require_multiple((image.height, image.width), STRIDE)
    graph = ClassifierGraph(library.model, image).eval()
    report(f"writing the graph ({image.height}x{image.width}, {image.resize_mode}, opset {OPSET})")
    blank = blank_input((image.height, image.width))
    write_graph(graph, blank, folder / "classifier.onnx", inputs="images", outputs=("probabilities",))
    classifier = Classifier.load(unmeasured_artifact(folder, manifest), OnnxSession)
    report(f"comparing probabilities with torch on {len(pictures)} pictures")
    figures = measure_probabilities(graph, classifier, pictures)
    gates.require(gates.bounds("classify"), figures, ADVICE)
    report("comparing photos with ultralytics' own prediction")
    theirs = library_answers(library, (image.height, image.width), pictures)
    figures |= measure_answers(classifier, pictures, *theirs)
    gates.require(gates.bounds("classify"), figures, ADVICE)
    return write_artifact(folder, manifest, figures, {"classifier": classifier_golden(classifier, pictures)})


def _refuse_options_of_detectors(options: YoloOptions) -> None:
    given = {
        "--head": options.head is not None,
        "--ignore": options.ignore is not None,
        "--min-score": options.min_score is not None,
        "--no-masks": options.no_masks,
        "--precision": options.precision != "fp32",
    }
    for name in (name for name, is_given in given.items() if is_given):
        raise Unsupported(f"{name} is not for classifiers, and {options.checkpoint} is one")


def _describe(library: Any, options: YoloOptions) -> Manifest:
    return Manifest(
        name=options.name,
        task="classify",
        source=options.source_text,
        license=options.license,
        image=read_preprocessing(library, options.size),
        opset=OPSET,
        files={},
        parity={},
        labels=labels_of(library),
        made_with=library_versions("torch", "ultralytics", "onnx", "onnxruntime"),
    )
