"""A timm or torchvision classifier to an artifact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from domain.types import FloatArray, Pixels
from export import gates
from export.artifact_writer import library_versions, unmeasured_artifact, write_artifact
from export.classifier.golden import classifier_golden
from export.classifier.graph import ProbabilityGraph
from export.classifier.labels import choose_labels
from export.classifier.network import ClassifierNetwork
from export.classifier.options import ClassifierOptions, Library
from export.classifier.parity import ADVICE, measure_answers, measure_probabilities
from export.classifier.timm_network import load_timm
from export.classifier.torchvision_network import load_torchvision
from export.graph import OPSET, write_graph
from models.artifact import Artifact
from models.classifier import Classifier
from models.manifest import Manifest
from models.session import OnnxSession

LOADERS: Mapping[Library, Callable[[ClassifierOptions], ClassifierNetwork]] = {
    "timm": load_timm,
    "torchvision": load_torchvision,
}


def export_classifier(
    options: ClassifierOptions, folder: Path, pictures: Sequence[Pixels], report: Callable[[str], None]
) -> Artifact:
    """Write the artifact into an empty folder.

    Raises:
        GateFailure: a parity figure does not hold.
        Unsupported: the model does not exist, is no image classifier, or cannot be exported.
    """
    report(f"loading {options.model} of {options.library}")
    loaded = LOADERS[options.library](options)
    manifest = _describe(loaded, options, report)
    image = manifest.image
    graph = ProbabilityGraph(loaded.network, image).eval()
    report(f"writing the graph ({image.height}x{image.width}, {image.resize_mode}, opset {OPSET})")
    blank = torch.zeros(2, *image.shape, dtype=torch.uint8)
    write_graph(graph, blank, folder / "classifier.onnx", inputs="images", outputs=("probabilities",))
    classifier = Classifier.load(unmeasured_artifact(folder, manifest), OnnxSession)
    report(f"comparing probabilities with torch on {len(pictures)} pictures")
    figures = measure_probabilities(graph, classifier, pictures)
    gates.require(gates.bounds("classify"), figures, ADVICE)
    report(f"comparing photos with {options.library}'s own preprocessing and network")
    figures |= measure_answers(classifier, pictures, *_library_answers(loaded, pictures))
    gates.require(gates.bounds("classify"), figures, ADVICE)
    return write_artifact(folder, manifest, figures, {"classifier": classifier_golden(classifier, pictures)})


def _describe(
    loaded: ClassifierNetwork, options: ClassifierOptions, report: Callable[[str], None]
) -> Manifest:
    labels, source = choose_labels(options.labels, loaded.labels, loaded.class_count())
    report(f"{len(labels)} labels from {source}: {', '.join(labels[:3])} ...")
    return Manifest(
        name=options.name,
        task="classify",
        source=options.source or loaded.source,
        license=options.license or loaded.license,
        image=loaded.image,
        opset=OPSET,
        files={},
        parity={},
        labels=labels,
        made_with=library_versions("torch", options.library, "onnx", "onnxruntime"),
    )


def _library_answers(
    loaded: ClassifierNetwork, pictures: Sequence[Pixels]
) -> tuple[list[FloatArray], FloatArray]:
    """The library's inputs (H, W, 3), each in grey levels, and its probabilities (N, classes)."""
    from PIL import Image

    prepared = [loaded.transform(Image.fromarray(picture)) for picture in pictures]
    with torch.no_grad():
        probabilities: FloatArray = torch.cat(
            [loaded.network(each[None]).softmax(dim=1) for each in prepared]
        ).numpy()
    mean, std = (np.asarray(values, np.float32) for values in (loaded.image.mean, loaded.image.std))
    return [(each.permute(1, 2, 0).numpy() * std + mean) * 255 for each in prepared], probabilities
