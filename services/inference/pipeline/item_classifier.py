"""What a classifier says of items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.errors import FailedPrecondition
from domain.taxonomy import Taxonomy
from domain.types import AttributeValue, FloatArray, ScoredValue
from models.classifier import Classifier
from models.label_categories import LabelCategories
from services.inference.pipeline.options import PipelineOptions


@dataclass(frozen=True, slots=True)
class ItemCategories:
    """The most probable labels of an item, and the value of its attribute `category`.

    `category` is None where the attribute is the embedder's.
    """

    labels: tuple[ScoredValue, ...]
    category: AttributeValue | None


@dataclass(frozen=True, slots=True, eq=False)
class ItemClassifier:
    """Reads the probabilities of a classifier.

    `mapping` is None where the attribute `category` is the embedder's.
    """

    classifier: Classifier
    top_k: int
    min_score: float
    mapping: LabelCategories | None

    @classmethod
    def of(
        cls, classifier: Classifier | None, taxonomy: Taxonomy, options: PipelineOptions
    ) -> ItemClassifier | None:
        """None where no classifier is served.

        Raises:
            FailedPrecondition: the category is to be the classifier's, but there is none, or it has no label
            for any category.
        """
        from_classifier = options.category_source == "classifier"
        if classifier is None:
            if from_classifier:
                raise FailedPrecondition(
                    "the category is to be the classifier's (ARMOIRE_PIPELINE__CATEGORY_SOURCE), "
                    "but none is served: set ARMOIRE_MODELS__CLASSIFIER"
                )
            return None
        mapping = LabelCategories.of(classifier.manifest.labels, taxonomy) if from_classifier else None
        if mapping is not None and not mapping.names:
            raise FailedPrecondition(
                f"none of the {len(classifier.manifest.labels)} labels of {classifier.manifest.name} names a "
                "category of the taxonomy: add synonyms there, or set ARMOIRE_PIPELINE__CATEGORY_SOURCE to "
                "embedder"
            )
        return cls(classifier, options.categories_top_k, options.categories_min_score, mapping)

    def with_taxonomy(self, taxonomy: Taxonomy) -> ItemClassifier:
        """The same for another taxonomy. The embedder answers where no label names a category of it."""
        if self.mapping is None:
            return self
        return replace(self, mapping=LabelCategories.of(self.classifier.manifest.labels, taxonomy))

    def describe(self, probabilities: FloatArray) -> list[ItemCategories]:
        """What to report of each row of (N, C)."""
        categories: Sequence[AttributeValue | None] = (
            [None] * len(probabilities) if self.mapping is None else self.mapping.choose(probabilities)
        )
        return [
            ItemCategories(self._labels(row), category)
            for row, category in zip(probabilities, categories, strict=True)
        ]

    def _labels(self, probabilities: FloatArray) -> tuple[ScoredValue, ...]:
        best = self.classifier.postprocess(probabilities, self.top_k)
        return tuple([entry for entry in best if entry.score >= self.min_score])
