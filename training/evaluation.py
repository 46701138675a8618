"""Measures exported artifacts on labelled photos, through the code that serves them: no torch."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from tqdm import tqdm

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import Box, FloatArray, Pixels
from imaging.crop import crop, expand
from imaging.decode import DecodeLimits, decode
from imaging.jpeg import encode_jpeg
from models.artifact import Artifact
from models.attributes import AttributeClassifier, build_vocabularies
from models.detector import Detector
from models.image_encoder import ImageEncoder
from models.session import OnnxSession
from models.text_encoder import TextEncoder
from training.photos import Photo, of_split, read_labels


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured, all 0 to 1; `balanced` is the mean recall over the categories."""

    photos: int
    boxed_share: float
    detector_top1: float
    detector_balanced: float
    photo_top1: float
    photo_balanced: float
    crop_top1: float
    crop_balanced: float
    self_retrieval_jpeg60: float


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """One photo through both models: what the detector says, and the embeddings (D,)."""

    label: str | None
    whole: FloatArray
    crop: FloatArray


class Pipeline:
    """The serving path of one photo at a time."""

    def __init__(self, detector: Artifact, embedder: Artifact, taxonomy: Taxonomy) -> None:
        session = partial(OnnxSession, intra_op_threads=1)
        self._detector = Detector.load(detector, session)
        self._encoder = ImageEncoder.load(embedder, session)
        texts = TextEncoder.load(embedder, session)
        vocabularies = build_vocabularies(taxonomy, texts)
        self._attributes = AttributeClassifier(vocabularies, texts.logit_scale)

    def look(self, picture: Pixels, margin: float = 0.15) -> Sighting:
        """The best box, or the whole picture where there is none."""
        height, width = picture.shape[:2]
        inputs, transform = self._detector.preprocess(picture)
        found = self._detector.postprocess(self._detector.run(inputs[None])[0], transform, 0.25, 0.5, 10)
        box = expand(found[0].box, margin, width, height) if found else Box(0, 0, width, height)
        views = [self._encoder.preprocess(region) for region in (picture, crop(picture, box))]
        whole, cropped = self._encoder.run(np.stack(views))
        return Sighting(found[0].label if found else None, whole, cropped)

    def categories(self, embeddings: FloatArray) -> list[str]:
        """The category of each of (N, D)."""
        return [answers["category"].value for answers in self._attributes.describe(embeddings)]


def evaluate(
    photos: Path, labels: Path, split: str, detector: Path, embedder: Path, taxonomy: Taxonomy
) -> Figures:
    """Run every labelled photo of a split through both models, as it is and re-encoded."""
    pipeline = Pipeline(Artifact.load(detector), Artifact.load(embedder), taxonomy)
    chosen = [photo for photo in of_split(read_labels(labels, photos), split) if photo.path.is_file()]
    if not chosen:
        raise InvalidInput("photos", f"holds none of the {split} photos that {labels} names")
    pairs = [_look_twice(pipeline, photo) for photo in tqdm(chosen, desc=split)]
    wanted = [photo.category for photo in chosen]
    first, again = ([pair[i] for pair in pairs] for i in (0, 1))
    whole, cropped = np.stack([s.whole for s in first]), np.stack([s.crop for s in first])
    detected = [sighting.label or "" for sighting in first]
    by_photo, by_crop = pipeline.categories(whole), pipeline.categories(cropped)
    return Figures(
        photos=len(chosen),
        boxed_share=round(float(np.mean([label != "" for label in detected])), 4),
        detector_top1=top1(wanted, detected),
        detector_balanced=balanced(wanted, detected),
        photo_top1=top1(wanted, by_photo),
        photo_balanced=balanced(wanted, by_photo),
        crop_top1=top1(wanted, by_crop),
        crop_balanced=balanced(wanted, by_crop),
        self_retrieval_jpeg60=retrieved(cropped, np.stack([s.crop for s in again])),
    )


def top1(wanted: Sequence[str], found: Sequence[str]) -> float:
    """Share of right answers."""
    return round(float(np.mean([a == b for a, b in zip(wanted, found, strict=True)])), 4)


def balanced(wanted: Sequence[str], found: Sequence[str]) -> float:
    """Mean over the categories of the share of right answers within each."""
    right, truth = np.asarray(wanted) == np.asarray(found), np.asarray(wanted)
    return round(float(np.mean([right[truth == name].mean() for name in sorted(set(wanted))])), 4)


def retrieved(catalogue: FloatArray, queries: FloatArray) -> float:
    """Share of the queries (N, D) whose nearest neighbour in the catalogue (N, D) has the same row."""
    nearest = (queries @ catalogue.T).argmax(axis=1)
    return round(float((nearest == np.arange(len(queries))).mean()), 4)


def write_figures(figures: Figures, path: Path | None) -> None:
    """Print the figures as JSON, and write them where a path is given."""
    text = json.dumps(asdict(figures), indent=1) + "\n"
    sys.stdout.write(text)
    if path is not None:
        path.write_text(text, encoding="utf-8")


def _look_twice(pipeline: Pipeline, photo: Photo) -> tuple[Sighting, Sighting]:
    picture = decode(photo.path.read_bytes(), DecodeLimits())
    return pipeline.look(picture), pipeline.look(decode(encode_jpeg(picture, 60), DecodeLimits()))
