"""A checkpoint of the FCOS recipe to an artifact."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from domain.types import FloatArray, Pixels
from export import gates
from export.artifact_writer import library_versions, unmeasured_artifact, write_artifact
from export.detector_golden import detector_golden
from export.detector_parity import Predict, measure_heads, measure_predictions
from export.fcos.graph import FcosGraph
from export.fcos.network import FcosConfig, load
from export.graph import OPSET, keep_outputs, write_graph
from export.ignored_labels import ignored_labels
from models.artifact import Artifact
from models.detector import Detector
from models.manifest import Manifest
from models.preprocessing import ImagePreprocessing
from models.session import OnnxSession

DEFAULT_MIN_SCORE = 0.3
NOTHING_FOUND = "it finds nothing in the pictures: give some of what it was trained on with --images"
ADVICE = {
    "control_score_distance": (
        "the outputs hardly depend on the input: export a trained checkpoint, or give pictures of what it "
        "was trained on with --images"
    ),
    "matched_boxes": NOTHING_FOUND,
}


@dataclass(frozen=True, slots=True)
class FcosOptions:
    """What to export and how.

    Attributes:
        checkpoint: a file that the recipe has written.
        ignore: labels that are never reported, beside one called "ignore".
        min_score: detections below it are not reported, unless the server or a call says otherwise.
    """

    checkpoint: Path
    name: str
    license: str = ""
    source: str = ""
    ignore: tuple[str, ...] = ()
    min_score: float = DEFAULT_MIN_SCORE


def export_fcos(
    options: FcosOptions, folder: Path, pictures: list[Pixels], report: Callable[[str], None]
) -> Artifact:
    """Write the artifact into an empty folder.

    Raises:
        GateFailure: a parity figure does not hold.
        Unsupported: the checkpoint cannot be read, or has no label of `ignore`.
    """
    report(f"loading {options.checkpoint}")
    config, network = load(options.checkpoint)
    graph = FcosGraph(network, config).eval()
    ignored = ignored_labels(config.labels, options.ignore)
    manifest = _describe(config, options)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        report(f"writing the graph ({config.input_px}x{config.input_px}, opset {OPSET})")
        blank = torch.zeros(2, config.input_px, config.input_px, 3, dtype=torch.uint8)
        write_graph(graph, blank, full, inputs="images", outputs=graph.outputs)
        keep_outputs(full, folder / "detector.onnx", ("rows",))
        artifact = unmeasured_artifact(folder, manifest)
        detector = Detector.load(artifact, OnnxSession)
        figures = _measure(graph, network, OnnxSession(full), detector, pictures, report)
    manifest = replace(manifest, ignored_labels=ignored)  # the library reports them, too
    return write_artifact(folder, manifest, figures, {"detector": detector_golden(detector, pictures)})


def _measure(
    graph: FcosGraph,
    network: Any,
    full: OnnxSession,
    detector: Detector,
    pictures: list[Pixels],
    report: Callable[[str], None],
) -> Mapping[str, float]:
    bounds = gates.bounds("detect")
    report(f"comparing heads with torch on {len(pictures)} pictures")
    figures = measure_heads(graph, full, detector, pictures)
    gates.require(bounds, figures, ADVICE)
    report("comparing boxes with torchvision's own prediction")
    figures |= measure_predictions(predict_rows(network), detector, pictures)
    gates.require(bounds, figures, ADVICE)
    return figures


def predict_rows(network: Any) -> Predict:
    """The rows of torchvision's own `FCOS`, which would report several classes for one place.

    Its head is made to leave but the best class of each place, as the graph does.
    """
    library = copy.deepcopy(network).eval()
    library.head = _BestClass(library.head)

    def predict(image: Pixels) -> FloatArray:
        with torch.no_grad():
            (found,) = library([torch.from_numpy(image).permute(2, 0, 1).float() / 255])
        columns = (found["boxes"], found["scores"][:, None], found["labels"][:, None].float())
        rows: FloatArray = torch.cat(columns, dim=1).numpy().astype(np.float32)
        return rows

    return predict


class _BestClass(torch.nn.Module):
    """A head whose logits are those of the best class; those of other classes are -inf."""

    def __init__(self, head: torch.nn.Module) -> None:
        super().__init__()
        self._head = head
        self.box_coder = head.box_coder

    def forward(self, maps: list[torch.Tensor]) -> dict[str, torch.Tensor]:
        found: dict[str, torch.Tensor] = self._head(maps)
        logits = found["cls_logits"]
        best = logits.argmax(dim=2, keepdim=True)
        only = torch.full_like(logits, -torch.inf).scatter(2, best, logits.gather(2, best))
        return found | {"cls_logits": only}


def _describe(config: FcosConfig, options: FcosOptions) -> Manifest:
    return Manifest(
        name=options.name,
        task="detect",
        source=options.source or f"FCOS {options.checkpoint.name}",
        license=options.license,
        image=ImagePreprocessing(
            height=config.input_px,
            width=config.input_px,
            resize_mode="letterbox",
            interpolation="bilinear",
            mean=config.mean,
            std=config.std,
        ),
        opset=OPSET,
        files={},
        parity={},
        labels=config.labels,
        min_score=options.min_score,
        head="raw",
        made_with=library_versions("torch", "torchvision", "timm", "onnx", "onnxruntime"),
    )
