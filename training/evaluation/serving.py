"""The server's pipeline without the server: the same functions in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from domain.errors import ArtifactError
from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, AttributeValue, Box, Detection, FloatArray, Pixels
from imaging.colors import Palette, dominant_colors
from imaging.crop import crop, expand
from imaging.quality import QualityLimits, assess
from models.artifact import Artifact
from models.attributes import AttributeClassifier, build_vocabularies
from models.detector import Detector
from models.image_encoder import ImageEncoder
from models.manifest import Task
from models.probes import fitting
from models.session import OnnxSession
from models.text_encoder import TextEncoder


@dataclass(frozen=True, slots=True)
class ServingOptions:
    """The server's defaults; a test compares them with `settings.py`.

    Attributes:
        category_bonus: added to a hit that shares the query's category with certainty, in logits.
        named_color: added to a hit of the colour that a text names, in cosine.
        named_color_bonus: factor on the category bonus of a text that names a colour.
        min_hits: minimum number of nearest rows that are re-ranked.
        overfetch: number of nearest rows that are re-ranked, as a multiple of the hits wanted.
    """

    min_score: float | None = None
    iou_threshold: float = 0.5
    any_class_iou_threshold: float = 0.7
    max_detections: int = 20
    expand_ratio: float = 0.1
    quality: QualityLimits = field(default_factory=QualityLimits)
    category_bonus: float = 3.0
    named_color: float = 0.7
    named_color_bonus: float = 3.0
    min_hits: int = 60
    overfetch: int = 3


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What the server predicts for a photo.

    `items` are the accepted items, best score first, or the whole photo if there is none; `whole` is the
    whole photo as one item, described and embedded without the detector.
    """

    whole: AnalyzedItem
    items: tuple[AnalyzedItem, ...]

    @property
    def main(self) -> AnalyzedItem:
        """The primary item of a photo without a product: the largest product of area and score."""
        return max(self.items, key=lambda item: item.box.width * item.box.height * max(item.score, 1e-6))


class ServingPath:
    """Detects, filters, crops, embeds and describes. It is safe to share between threads."""

    def __init__(
        self,
        detector: Detector,
        encoder: ImageEncoder,
        texts: TextEncoder,
        taxonomy: Taxonomy,
        options: ServingOptions = ServingOptions(),
    ) -> None:
        self.detector = detector
        self.encoder = encoder
        self.options = options
        self._texts = texts
        self._palette = Palette.of(taxonomy)
        probes = fitting(encoder.artifact.probes, taxonomy)
        self._classifier = AttributeClassifier(build_vocabularies(taxonomy, texts), texts.logit_scale, probes)

    @classmethod
    def load(cls, detector: Path, embedder: Path, taxonomy: Taxonomy) -> ServingPath:
        """Open both artifacts on one thread and compare their golden outputs, as the server does.

        Raises:
            ArtifactError: an artifact is damaged, for another task, or its outputs differ from the golden
            outputs.
        """
        session = partial(OnnxSession, intra_op_threads=1)
        boxes, towers = _open(detector, "detect"), _open(embedder, "embed")
        models = (
            Detector.load(boxes, session),
            ImageEncoder.load(towers, session),
            TextEncoder.load(towers, session),
        )
        for model in models:
            model.check()
        return cls(*models, taxonomy)

    @property
    def category_bonus(self) -> float:
        """The category bonus in cosine: the bonus in logits, divided by the logit scale."""
        return self.options.category_bonus / self._texts.logit_scale

    def predict(self, picture: Pixels) -> Prediction:
        """Run both models on one photo (H, W, 3)."""
        cut = [self._cut(picture, detection) for detection in self.detect(picture)]
        accepted = [(item, region) for item, region in cut if item.accepted]
        height, width = picture.shape[:2]
        whole = AnalyzedItem(Box(0.0, 0.0, float(width), float(height)), 0.0, "", whole_image=True)
        described = self._describe([(whole, picture), *accepted])
        return Prediction(described[0], tuple(described[1:]) or (described[0],))

    def detect(
        self, picture: Pixels, min_score: float | None = None, any_class_iou_threshold: float | None = None
    ) -> list[Detection]:
        """Detections after NMS, best first, with the server's thresholds unless others are given."""
        options = self.options
        inputs, transform = self.detector.preprocess(picture)
        return self.detector.postprocess(
            self.detector.run(inputs[None])[0],
            transform,
            options.min_score if min_score is None else min_score,
            options.iou_threshold,
            options.max_detections,
            options.any_class_iou_threshold if any_class_iou_threshold is None else any_class_iou_threshold,
        )

    def describe(self, regions: Sequence[Pixels]) -> list[AnalyzedItem]:
        """Embed and describe whole pictures, (H, W, 3) each; no pictures give no items."""
        frames = [Box(0.0, 0.0, float(r.shape[1]), float(r.shape[0])) for r in regions]
        items = [AnalyzedItem(frame, 0.0, "", whole_image=True) for frame in frames]
        return self._describe(list(zip(items, regions, strict=True))) if items else []

    def embed_texts(self, texts: Sequence[str]) -> FloatArray:
        """Embed texts: (N, D) float32, L2-normalised."""
        return self._texts.run(self._texts.preprocess(texts))

    def _cut(self, picture: Pixels, detection: Detection) -> tuple[AnalyzedItem, Pixels]:
        height, width = picture.shape[:2]
        region = crop(picture, expand(detection.box, self.options.expand_ratio, width, height))
        reason = assess(region, self.options.quality).reason
        return AnalyzedItem(detection.box, detection.score, detection.label, reason=reason), region

    def _describe(self, items: Sequence[tuple[AnalyzedItem, Pixels]]) -> list[AnalyzedItem]:
        rows = np.stack([self.encoder.preprocess(region) for _, region in items])
        embeddings = self.encoder.run(rows)
        answers = self._classifier.describe(embeddings)
        return [
            replace(
                item,
                label=item.label or attributes["category"].value,
                attributes=attributes,
                embedding=embedding,
                colors=tuple(dominant_colors(region, self._palette)),
            )
            for (item, region), attributes, embedding in zip(items, answers, embeddings, strict=True)
        ]


def category_of(item: AnalyzedItem) -> AttributeValue:
    """The category that the catalogue stores: the zero-shot answer, not the detector's label."""
    return item.attributes["category"]


def embedding_of(item: AnalyzedItem) -> FloatArray:
    """The embedding (D,) float32 of an accepted item."""
    if item.embedding is None:
        raise ValueError("a rejected item has no embedding")
    return item.embedding


def _open(folder: Path, task: Task) -> Artifact:
    artifact = Artifact.load(folder)
    if artifact.manifest.task != task:
        raise ArtifactError(f"{folder} is for {artifact.manifest.task!r}; one for {task!r} is needed")
    return artifact
