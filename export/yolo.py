"""Ultralytics detection networks to artifacts."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from domain.types import Detection, FloatArray, Pixels
from export import draft, gate, torchvision_fix
from export.errors import Unsupported
from export.graph import OPSET, keep_output, write_graph
from export.pictures import pixelate
from models.artifact import Artifact
from models.detector import Detector
from models.golden import Golden
from models.manifest import Head, ImagePreprocessing, Manifest
from models.parity import RowAgreement, compare_rows
from models.session import OnnxSession

MAX_ROWS = 300
MIN_SCORE = 0.01
IOU_THRESHOLD = 0.6

ADVICE = {
    "control_score_distance": (
        "the outputs hardly depend on the input. Random weights (a yaml without training) do that: export a "
        "trained checkpoint, or give pictures of what it was trained on with --images"
    ),
    "matched_boxes": "it finds nothing in the pictures: give some of what it was trained on with --images",
    "preprocess_pixel_difference": "our letterbox differs from the library's",
}


@dataclass(frozen=True, slots=True)
class YoloOptions:
    """What to export and how.

    `checkpoint` is a .pt file or the name of a yaml; `head` "auto" means NMS-free where the network has that.
    Labels to `ignore` are never reported, as is one called "ignore"; nor are detections below `min_score`,
    unless somebody asks for them.
    """

    checkpoint: str
    name: str
    height: int = 640
    width: int = 640
    head: Literal["auto", "raw", "nms_free"] = "auto"
    license: str = "AGPL-3.0"
    source: str = ""
    ignore: tuple[str, ...] = ()
    min_score: float = 0.25


class DetectorGraph(torch.nn.Module):
    """What is exported: uint8 NHWC in; rows (N, K, 6), and the head (N, 4 + classes, anchors) they come from.

    Boxes are xyxy in pixels of the input, scores 0 to 1.
    """

    def __init__(self, network: Any, kind: Head, max_rows: int) -> None:
        super().__init__()
        self.network = network
        self.kind = kind
        self.max_rows = max_rows
        self._select = network.model[-1].postprocess
        network.model[-1].postprocess = _keep_anchors

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        head = self.network(images.permute(0, 3, 1, 2).float() / 255)
        if self.kind == "nms_free":
            return self._select(head), head.permute(0, 2, 1)
        return self._best_rows(head), head

    def _best_rows(self, head: torch.Tensor) -> torch.Tensor:
        boxes, scores = head[:, :4], head[:, 4:]
        best, class_ids = scores.max(dim=1)
        best, anchors = best.topk(self.max_rows, dim=1)
        boxes = boxes.gather(2, anchors[:, None].expand(-1, 4, -1)).permute(0, 2, 1)
        return torch.cat([boxes, best[..., None], class_ids.gather(1, anchors)[..., None].float()], dim=2)


def export_yolo(
    options: YoloOptions, folder: Path, pictures: list[Pixels], report: Callable[[str], None]
) -> Artifact:
    """Write the artifact into an empty folder.

    Raises:
        GateFailure: a parity figure does not hold.
        Unsupported: the network is not a YOLO detector, or does not fit the options.
    """
    report(f"loading {options.checkpoint}")
    library = _load(options.checkpoint)
    graph = _build_graph(library, options)
    manifest = _describe(library, graph.kind, options)
    ignored = _ignored(manifest.labels, options.ignore)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        report(f"writing the graph ({graph.kind} head, {options.height}x{options.width}, opset {OPSET})")
        write_graph(graph, _blank(options), full, inputs="images", outputs=("rows", "head"))
        keep_output(full, folder / "detector.onnx", "rows")
        detector = Detector.load(draft.sketch(folder, manifest), OnnxSession)
        report(f"comparing heads with torch on {len(pictures)} pictures")
        figures = _measure_heads(graph, OnnxSession(full), detector, pictures)
    gate.require("detect", figures, ADVICE)
    report("comparing boxes with ultralytics' own prediction")
    figures |= _measure_predictions(library, detector, pictures)
    gate.require("detect", figures, ADVICE)
    golden = {"detector": _golden(detector, pictures)}
    return draft.finish(
        folder, replace(manifest, ignored_labels=ignored, min_score=options.min_score), figures, golden
    )


def _load(checkpoint: str) -> Any:
    torchvision_fix.apply()
    from ultralytics import YOLO  # after the fix: it imports torchvision

    if checkpoint.endswith(".pt") and Path(checkpoint).parent != Path() and not Path(checkpoint).is_file():
        raise Unsupported(f"{checkpoint} does not exist")
    torch.manual_seed(0)
    try:
        library = YOLO(checkpoint)
    except Exception as error:  # of many kinds, from pickle to yaml to the network
        raise Unsupported(f"ultralytics cannot load {checkpoint}: {error}") from error
    head = getattr(library.model, "model", [None])[-1]
    if library.task != "detect" or not hasattr(head, "postprocess"):
        raise Unsupported(
            f"{checkpoint} is a {library.task} model ({type(head).__name__}), not a YOLO detector"
        )
    return library


def _build_graph(library: Any, options: YoloOptions) -> DetectorGraph:
    network = copy.deepcopy(library.model).cpu().float().eval()
    strides = [int(stride) for stride in network.stride]
    if options.height % max(strides) or options.width % max(strides):
        raise Unsupported(
            f"--imgsz must be a multiple of {max(strides)}, not {options.height}x{options.width}"
        )
    kind = _choose_head(network.model[-1], options.head)
    network.end2end = kind == "nms_free"
    network.fuse(verbose=False)
    anchors = sum((options.height // stride) * (options.width // stride) for stride in strides)
    max_rows = min(MAX_ROWS, anchors)
    network.set_head_attr(export=True, format="onnx", xyxy=True, shape=None, dynamic=False, max_det=max_rows)
    graph = DetectorGraph(network, kind, max_rows).eval()
    with torch.no_grad():
        graph(_blank(options))  # fixes the anchors, so that they become constants of the graph
    return graph


def _choose_head(head: Any, wanted: str) -> Head:
    has_nms_free = getattr(head, "one2one_cv2", None) is not None
    if wanted == "nms_free" and not has_nms_free:
        raise Unsupported("this network has no NMS-free head: use --head raw")
    if wanted == "raw" and head.cv2 is None:
        raise Unsupported("this checkpoint was fused to its NMS-free head: use --head nms-free")
    return "nms_free" if has_nms_free and wanted != "raw" else "raw"


def _describe(library: Any, kind: Head, options: YoloOptions) -> Manifest:
    names = library.names
    return Manifest(
        name=options.name,
        task="detect",
        source=options.source or f"ultralytics {Path(options.checkpoint).name}",
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
        labels=tuple(str(names[index]) for index in sorted(names)),
        head=kind,
        made_with=draft.library_versions("torch", "ultralytics", "onnx", "onnxruntime"),
    )


def _ignored(labels: tuple[str, ...], asked: tuple[str, ...]) -> tuple[str, ...]:
    """Raises Unsupported for a label that the network does not have, or where none would be left."""
    if unknown := sorted(set(asked) - set(labels)):
        raise Unsupported(f"--ignore {unknown[0]}: the labels are {', '.join(labels)}")
    ignored = tuple(label for label in labels if label == "ignore" or label in asked)
    if len(ignored) == len(labels):
        raise Unsupported("--ignore must leave at least one label")
    return ignored


def _measure_heads(
    graph: DetectorGraph, session: OnnxSession, detector: Detector, pictures: list[Pixels]
) -> dict[str, float]:
    inputs = [detector.preprocess(picture)[0] for picture in pictures]
    expected = np.concatenate([_torch_head(graph, image) for image in inputs])
    chunks = [np.stack(inputs[start : start + 3]) for start in range(0, len(inputs), 3)]
    actual = np.concatenate([session.run(chunk)[1] for chunk in chunks])
    difference = np.abs(expected - actual)
    score = float(difference[:, 4:].max())
    control = _control(expected[:, 4:])
    return {
        "pictures": float(len(pictures)),
        "control_score_distance": control,
        "head_box_difference_px": float(difference[:, :4].max()),
        "head_score_difference": score,
        "head_score_difference_to_control": score / control if control else float("inf"),
        "preprocess_pixel_difference": _letterbox_difference(detector, pictures, inputs),
    }


def _torch_head(graph: DetectorGraph, image: Pixels) -> FloatArray:
    with torch.no_grad():
        head: FloatArray = graph(torch.from_numpy(image)[None])[1].numpy()
    return head


def _control(scores: FloatArray) -> float:
    """Median over pairs of pictures of the largest score difference, for scores (N, classes, anchors)."""
    first, second = np.triu_indices(len(scores), k=1)
    return float(np.median([np.abs(scores[i] - scores[j]).max() for i, j in zip(first, second, strict=True)]))


def _letterbox_difference(detector: Detector, pictures: list[Pixels], inputs: list[Pixels]) -> float:
    from ultralytics.data.augment import LetterBox

    theirs = LetterBox(detector.manifest.image.shape[:2], auto=False)
    pairs = [(theirs(image=picture), ours) for picture, ours in zip(pictures, inputs, strict=True)]
    return max(float(np.abs(a.astype(np.int16) - b.astype(np.int16)).max()) for a, b in pairs)


def _measure_predictions(library: Any, detector: Detector, pictures: list[Pixels]) -> dict[str, float]:
    agreements = [_compare_prediction(library, detector, picture) for picture in pictures]
    matched = sum(agreement.matched for agreement in agreements)
    unmatched = sum(agreement.unmatched for agreement in agreements)
    return {
        "matched_boxes": float(matched),
        "matched_box_difference_px": max(agreement.box_difference_px for agreement in agreements),
        "matched_score_difference": max(agreement.score_difference for agreement in agreements),
        "unmatched_share": unmatched / (matched + unmatched) if unmatched else 0.0,
    }


def _compare_prediction(library: Any, detector: Detector, picture: Pixels) -> RowAgreement:
    """Compare with the library's own prediction, both on the letterboxed picture and in its pixels."""
    image, _ = detector.preprocess(picture)
    image, unchanged = detector.preprocess(image)
    rows = detector.run(image[None])[0]
    ours = detector.postprocess(rows, unchanged, MIN_SCORE, IOU_THRESHOLD, MAX_ROWS)
    # Anchors beyond the graph's selection are seen by the library alone: look at rows that beat them all.
    edge = max(MIN_SCORE, float(rows[:, 4].min())) + 1e-3
    return compare_rows(_predict(library, detector, image), _as_rows(ours, detector), edge)


def _predict(library: Any, detector: Detector, picture: Pixels) -> FloatArray:
    (result,) = library.predict(
        np.ascontiguousarray(picture[..., ::-1]),
        imgsz=list(detector.manifest.image.shape[:2]),
        rect=False,
        conf=MIN_SCORE,
        iou=IOU_THRESHOLD,
        max_det=MAX_ROWS,
        nms=False if detector.manifest.head == "nms_free" else None,
        device="cpu",
        verbose=False,
    )
    rows: FloatArray = result.boxes.data.cpu().numpy()
    return rows


def _as_rows(detections: list[Detection], detector: Detector) -> FloatArray:
    labels = detector.manifest.labels
    rows = [(d.box.x1, d.box.y1, d.box.x2, d.box.y2, d.score, labels.index(d.label)) for d in detections]
    return np.array(rows, dtype=np.float32).reshape(len(rows), 6)


def _golden(detector: Detector, pictures: list[Pixels]) -> Golden:
    block_px = max(2, -(-max(detector.manifest.image.shape) // 160))
    inputs = np.stack(
        [pixelate(detector.preprocess(picture)[0], block_px) for picture in (pictures[0], pictures[5])]
    )
    return Golden(inputs, detector.run(inputs))


def _blank(options: YoloOptions) -> torch.Tensor:
    return torch.zeros(2, options.height, options.width, 3, dtype=torch.uint8)


def _keep_anchors(predictions: torch.Tensor) -> torch.Tensor:
    return predictions
