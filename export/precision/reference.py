"""Graphs of lower precision beside their fp32 reference, without labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from domain.types import Detection, FloatArray, Pixels
from export.gate_pictures import view_all
from export.precision.average_precision import EvaluatedPicture, map50, mean_iou
from models.agreement import cosines
from models.detector import Detector
from models.image_encoder import ImageEncoder

NEIGHBOURS = 10

# The two need not agree on what is hardly a box: between these scores it may be found or not.
TRUE_SCORE = 0.25
IGNORED_SCORE = 0.15
MIN_SCORE = 0.01
IOU_THRESHOLD = 0.6
MAX_BOXES = 300

BATCH = 8


def compare_images(
    reference: ImageEncoder, converted: ImageEncoder, pictures: Sequence[Pixels]
) -> dict[str, float]:
    """Figures on views of the pictures; many views are alike, so their ranks are not trivial."""
    inputs = [reference.preprocess(view) for picture in pictures for view in view_all(picture)]
    expected, actual = embed(reference, inputs), embed(converted, inputs)
    return {
        "reference_image_cosine": float(cosines(expected, actual).min()),
        "reference_overlap_at_10": neighbour_overlap(expected, actual),
    }


def compare_texts(expected: FloatArray, actual: FloatArray) -> dict[str, float]:
    """Figures on embeddings (N, D) of the same texts."""
    return {"reference_text_cosine": float(cosines(expected, actual).min())}


def compare_detections(
    reference: Detector, converted: Detector, pictures: Sequence[Pixels]
) -> dict[str, float]:
    evaluated = [
        against_reference(detect(reference, picture), detect(converted, picture)) for picture in pictures
    ]
    return {
        "reference_boxes": float(sum(len(picture.ground_truth) for picture in evaluated)),
        "reference_map50": map50(evaluated),
        "reference_box_iou": mean_iou(evaluated),
    }


def against_reference(expected: list[Detection], detections: list[Detection]) -> EvaluatedPicture:
    """The reference's boxes as the ground truth."""
    ground_truth = [box for box in expected if box.score >= TRUE_SCORE]
    ignored = [box for box in expected if IGNORED_SCORE <= box.score < TRUE_SCORE]
    return EvaluatedPicture(ground_truth, detections, ignored)


def detect(detector: Detector, picture: Pixels) -> list[Detection]:
    """Boxes in pixels of the picture, down to the lowest scores."""
    image, transform = detector.preprocess(picture)
    rows = detector.run(image[None])[0]
    return detector.postprocess(rows, transform, MIN_SCORE, IOU_THRESHOLD, MAX_BOXES)


def embed(encoder: ImageEncoder, inputs: Sequence[Pixels]) -> FloatArray:
    """Embeddings (N, D) of prepared pictures, in batches: a range taken from a batch depends on all of it."""
    starts = range(0, len(inputs), BATCH)
    return np.concatenate([encoder.run(np.stack(inputs[start : start + BATCH])) for start in starts])


def neighbour_overlap(expected: FloatArray, actual: FloatArray) -> float:
    """Mean share of each row's ten nearest others in (N, D) that are its ten nearest in the other (N, D)."""
    pairs = zip(nearest(expected), nearest(actual), strict=True)
    return float(np.mean([len(set(a) & set(b)) / len(a) for a, b in pairs]))


def nearest(embeddings: FloatArray) -> list[list[int]]:
    """By row of (N, D): the ten other rows of highest cosine, best first."""
    scores = embeddings @ embeddings.T
    np.fill_diagonal(scores, -np.inf)
    count = min(NEIGHBOURS, len(embeddings) - 1)
    ranks: list[list[int]] = np.argsort(-scores, axis=1, kind="stable")[:, :count].tolist()
    return ranks
