"""Measures an exported detector on pictures with boxes, as a server would find them but at any score."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from domain.errors import ArtifactError, InvalidInput
from domain.types import Box, Detection
from export.precision.average_precision import EvaluatedPicture, average_precision, map50
from models.artifact import Artifact
from models.detector import Detector
from models.session import OnnxSession
from training.data.boxed_pictures import BoxedPicture, DetectionDataset
from training.evaluation.average_precision import MIN_SCORE, OVERLAPS
from training.evaluation.intervals import Estimate

NMS_IOU, MOST_BOXES = 0.7, 300
"""Within a label, as detectors are measured by convention."""
RESAMPLES = 200


@dataclass(frozen=True, slots=True)
class LabelPrecision:
    """Average precision of one label's boxes."""

    objects: int
    ap50: float
    ap50_95: float


@dataclass(frozen=True, slots=True)
class DetectorFigures:
    """Means over the labels that the pictures hold; the interval is by bootstrap over pictures."""

    pictures: int
    objects: int
    map50: Estimate
    map50_95: float
    labels: dict[str, LabelPrecision]


def evaluate_detector(artifact: Path, data: DetectionDataset, split: str, out: Path) -> DetectorFigures:
    """Measure average precision on a split, and write it as JSON.

    Raises:
        ArtifactError: the artifact does not hold, or is no detector.
        InvalidInput: the split has no boxes.
    """
    chosen = {"train": data.train, "val": data.dev}[split]
    if not any(len(picture.class_ids) for picture in chosen):
        raise InvalidInput("split", f"has no boxes: {split}")
    loaded = Artifact.load(artifact)
    if loaded.manifest.task != "detect":
        raise ArtifactError(f"{artifact} is for {loaded.manifest.task!r}; one for 'detect' is needed")
    detector = Detector.load(loaded, OnnxSession)
    figures = measure_pictures([*_evaluated(detector, chosen, data.labels)])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(asdict(figures), indent=1) + "\n", encoding="utf-8")
    return figures


def measure_pictures(pictures: Sequence[EvaluatedPicture], seed: int = 0) -> DetectorFigures:
    """Average precision at IoU 0.5, and the mean of those at IoU 0.5 to 0.95."""
    at = [average_precision(pictures, min_iou) for min_iou in OVERLAPS]
    counts = Counter(box.label for picture in pictures for box in picture.ground_truth)
    labels = {
        name: LabelPrecision(counts[name], at[0][name], float(np.mean([each[name] for each in at])))
        for name in at[0]
    }
    picks = np.random.default_rng(seed).integers(len(pictures), size=(RESAMPLES, len(pictures)))
    drawn = [map50([pictures[index] for index in row]) for row in picks]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    value = float(np.mean([each.ap50 for each in labels.values()]))
    objects = sum(counts.values())
    map50_95 = float(np.mean([each.ap50_95 for each in labels.values()]))
    estimate = Estimate(value, float(low), float(high), objects)
    return DetectorFigures(len(pictures), objects, estimate, map50_95, labels)


def _evaluated(
    detector: Detector, pictures: Sequence[BoxedPicture], labels: Sequence[str]
) -> Iterator[EvaluatedPicture]:
    for picture in tqdm(pictures, desc="pictures"):
        pixels = picture.pixels()
        inputs, transform = detector.preprocess(pixels)
        outputs = detector.run(inputs[None])[0]
        found = detector.postprocess(outputs, transform, MIN_SCORE, NMS_IOU, MOST_BOXES, 1.0)
        sides = np.array([pixels.shape[1], pixels.shape[0]] * 2, np.float32)
        boxes = [Box(*map(float, row)) for row in picture.boxes_xyxy * sides]
        expected = [
            Detection(box, 1.0, labels[index]) for box, index in zip(boxes, picture.class_ids, strict=True)
        ]
        yield EvaluatedPicture(expected, found)
