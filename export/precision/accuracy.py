"""What a lower precision costs on labelled photos, in points of a hundred."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.taxonomy import Taxonomy
from domain.types import Box, Detection, FloatArray
from export.gate_pictures import read_picture
from export.precision.average_precision import EvaluatedPicture, map50
from export.precision.labelled_photos import LabelledPhoto
from export.precision.reference import BATCH, against_reference, detect, nearest
from export.progress import tracked
from models.attributes import AttributeClassifier, build_vocabularies
from models.detector import Detector
from models.image_encoder import ImageEncoder
from models.text_encoder import TextEncoder


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedPhotos:
    """Labelled photos, embedded by the fp32 reference and by the converted graph.

    Attributes:
        taxonomy: has the category as its only attribute.
        categories: the right category of each photo.
        expected: embeddings (N, D) by the reference.
        actual: embeddings (N, D) by the converted graph.
    """

    taxonomy: Taxonomy
    categories: list[str]
    expected: FloatArray
    actual: FloatArray


def embed_photos(
    reference: ImageEncoder, converted: ImageEncoder, photos: Sequence[LabelledPhoto], taxonomy: Taxonomy
) -> EmbeddedPhotos:
    batches = [photos[start : start + BATCH] for start in range(0, len(photos), BATCH)]
    pairs = [
        _embed_batch(reference, converted, batch)
        for batch in tracked(batches, "embedding labelled photos", f"x {BATCH} photos")
    ]
    only_category = dataclasses.replace(taxonomy, attributes=(taxonomy.attribute("category"),))
    expected, actual = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return EmbeddedPhotos(only_category, [photo.category for photo in photos], expected, actual)


def measure_embeddings(
    photos: EmbeddedPhotos, reference: TextEncoder, converted: TextEncoder
) -> dict[str, float]:
    top1 = _top1(photos, photos.expected, reference)
    chance = 1 / len(photos.taxonomy.attribute("category").values)
    before, after = (_precision_at_10(photos.categories, rows) for rows in (photos.expected, photos.actual))
    return {
        "photos": float(len(photos.categories)),
        "category_top1_over_chance_points": _points(top1 - chance),
        "category_top1_drop_points": _points(top1 - _top1(photos, photos.actual, converted)),
        "precision_at_10_drop_points": _points(before - after),
    }


def measure_detections(
    reference: Detector, converted: Detector, photos: Sequence[LabelledPhoto]
) -> dict[str, float]:
    """Against the labelled boxes where any photo has one, else against the reference's."""
    with_box = [photo for photo in photos if photo.box is not None]
    evaluated = [
        _evaluate(reference, converted, photo)
        for photo in tracked(with_box or photos, "detecting on labelled photos")
    ]
    before, after = ([pair[side] for pair in evaluated] for side in (0, 1))
    return {
        "photos": float(len(evaluated)),
        "photo_boxes": float(sum(len(picture.ground_truth) for picture in after)),
        "photo_map50_points": _points(map50(before)),
        "map50_drop_points": _points(map50(before) - map50(after)),
    }


def _embed_batch(
    reference: ImageEncoder, converted: ImageEncoder, photos: Sequence[LabelledPhoto]
) -> tuple[FloatArray, FloatArray]:
    inputs = np.stack([reference.preprocess(read_picture(photo.path)) for photo in photos])
    return reference.run(inputs), converted.run(inputs)


def _evaluate(
    reference: Detector, converted: Detector, photo: LabelledPhoto
) -> tuple[EvaluatedPicture, EvaluatedPicture]:
    """What the reference and the converted graph detect in a photo."""
    picture = read_picture(photo.path)
    expected, actual = detect(reference, picture), detect(converted, picture)
    if photo.box is None:
        return against_reference(expected, expected), against_reference(expected, actual)
    height, width, _ = picture.shape
    ground_truth = [Detection(_in_pixels(photo.box, width, height), 1.0, photo.category)]
    return EvaluatedPicture(ground_truth, expected), EvaluatedPicture(ground_truth, actual)


def _in_pixels(shares: Box, width: int, height: int) -> Box:
    return Box(shares.x1 * width, shares.y1 * height, shares.x2 * width, shares.y2 * height)


def _top1(photos: EmbeddedPhotos, embeddings: FloatArray, texts: TextEncoder) -> float:
    classifier = AttributeClassifier(build_vocabularies(photos.taxonomy, texts), texts.logit_scale)
    answers = [answer["category"].value for answer in classifier.describe(embeddings)]
    return float(np.mean([a == b for a, b in zip(answers, photos.categories, strict=True)]))


def _precision_at_10(categories: list[str], embeddings: FloatArray) -> float:
    shares = [
        np.mean([categories[hit] == categories[row] for hit in hits])
        for row, hits in enumerate(nearest(embeddings))
    ]
    return float(np.mean(shares))


def _points(share: float) -> float:
    """Rounded to what tells photos apart, so that a drop of exactly half a point is one."""
    return round(100 * share, 6)
