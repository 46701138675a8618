"""Graphs of lower precision beside their twins in fp32, without labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from domain.types import Detection, FloatArray, Pixels
from export.boxes import Scene, map50, mean_iou
from export.pictures import view_all
from models.detector import Detector
from models.image_encoder import ImageEncoder
from models.parity import cosines

NEIGHBOURS = 10

# Twins need not agree on what is hardly a box: between the two scores it may be found or not.
TRUE_SCORE = 0.25
NEUTRAL_SCORE = 0.15
MIN_SCORE = 0.01
IOU_THRESHOLD = 0.6
MAX_BOXES = 300

BATCH = 8


def compare_images(twin: ImageEncoder, made: ImageEncoder, pictures: Sequence[Pixels]) -> dict[str, float]:
    """Figures on views of the pictures: many are alike, so the ranks are not given."""
    inputs = [twin.preprocess(view) for picture in pictures for view in view_all(picture)]
    expected, actual = embed(twin, inputs), embed(made, inputs)
    return {
        "twin_image_cosine": float(cosines(expected, actual).min()),
        "twin_overlap_at_10": neighbour_overlap(expected, actual),
    }


def compare_texts(expected: FloatArray, actual: FloatArray) -> dict[str, float]:
    return {"twin_text_cosine": float(cosines(expected, actual).min())}


def compare_detections(twin: Detector, made: Detector, pictures: Sequence[Pixels]) -> dict[str, float]:
    scenes = [against(detect(twin, picture), detect(made, picture)) for picture in pictures]
    return {
        "twin_boxes": float(sum(len(scene.truth) for scene in scenes)),
        "twin_map50": map50(scenes),
        "twin_box_iou": mean_iou(scenes),
    }


def against(expected: list[Detection], found: list[Detection]) -> Scene:
    """The twin's boxes as the truth."""
    truth = [detection for detection in expected if detection.score >= TRUE_SCORE]
    neutral = [detection for detection in expected if NEUTRAL_SCORE <= detection.score < TRUE_SCORE]
    return Scene(truth, found, neutral)


def detect(detector: Detector, picture: Pixels) -> list[Detection]:
    """Boxes in pixels of the picture, of the lowest scores on."""
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
