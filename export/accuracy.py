"""What a lower precision costs on labelled photos, in points of a hundred."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.taxonomy import Taxonomy
from domain.types import Box, Detection, FloatArray
from export.boxes import Scene, map50
from export.photos import LabelledPhoto
from export.pictures import read_picture
from export.twin import against, detect, embed, nearest
from models.attributes import AttributeClassifier, build_vocabularies
from models.detector import Detector
from models.image_encoder import ImageEncoder
from models.text_encoder import TextEncoder


@dataclass(frozen=True, slots=True, eq=False)
class Exam:
    """Photos, the questions asked of them, and their embeddings (N, D) by both graphs."""

    taxonomy: Taxonomy
    categories: list[str]
    expected: FloatArray
    actual: FloatArray


def prepare_exam(
    twin: ImageEncoder, made: ImageEncoder, photos: Sequence[LabelledPhoto], taxonomy: Taxonomy
) -> Exam:
    inputs = [twin.preprocess(read_picture(photo.path)) for photo in photos]
    question = dataclasses.replace(taxonomy, attributes=(taxonomy.attribute("category"),))
    return Exam(question, [photo.category for photo in photos], embed(twin, inputs), embed(made, inputs))


def measure_embeddings(exam: Exam, twin: TextEncoder, made: TextEncoder) -> dict[str, float]:
    top1 = _top1(exam, exam.expected, twin)
    chance = 1 / len(exam.taxonomy.attribute("category").values)
    precision = [_precision_at_10(exam.categories, rows) for rows in (exam.expected, exam.actual)]
    return {
        "photos": float(len(exam.categories)),
        "category_top1_over_chance_points": _points(top1 - chance),
        "category_top1_drop_points": _points(top1 - _top1(exam, exam.actual, made)),
        "precision_at_10_drop_points": _points(precision[0] - precision[1]),
    }


def measure_detections(twin: Detector, made: Detector, photos: Sequence[LabelledPhoto]) -> dict[str, float]:
    """Against boxes by hand where any photo has one, else against the twin's."""
    by_hand = [photo for photo in photos if photo.box is not None]
    scenes = [_scenes(twin, made, photo) for photo in by_hand or photos]
    expected, actual = ([pair[side] for pair in scenes] for side in (0, 1))
    return {
        "photos": float(len(scenes)),
        "photo_boxes": float(sum(len(scene.truth) for scene in actual)),
        "photo_map50_points": _points(map50(expected)),
        "map50_drop_points": _points(map50(expected) - map50(actual)),
    }


def _scenes(twin: Detector, made: Detector, photo: LabelledPhoto) -> tuple[Scene, Scene]:
    """What the twin and the other find in a photo."""
    picture = read_picture(photo.path)
    expected, actual = detect(twin, picture), detect(made, picture)
    if photo.box is None:
        return against(expected, expected), against(expected, actual)
    height, width, _ = picture.shape
    truth = [Detection(_in_pixels(photo.box, width, height), 1.0, photo.category)]
    return Scene(truth, expected), Scene(truth, actual)


def _in_pixels(shares: Box, width: int, height: int) -> Box:
    return Box(shares.x1 * width, shares.y1 * height, shares.x2 * width, shares.y2 * height)


def _top1(exam: Exam, embeddings: FloatArray, texts: TextEncoder) -> float:
    classifier = AttributeClassifier(build_vocabularies(exam.taxonomy, texts), texts.logit_scale)
    answers = [answer["category"].value for answer in classifier.describe(embeddings)]
    return float(np.mean([a == b for a, b in zip(answers, exam.categories, strict=True)]))


def _precision_at_10(categories: list[str], embeddings: FloatArray) -> float:
    shares = [
        np.mean([categories[hit] == categories[row] for hit in hits])
        for row, hits in enumerate(nearest(embeddings))
    ]
    return float(np.mean(shares))


def _points(share: float) -> float:
    """Rounded to what tells photos apart, so that a drop of exactly half a point is one."""
    return round(100 * share, 6)
