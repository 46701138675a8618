"""Several examples as one query: what hits are to be like, and what they are not to be like."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import FloatArray
from services.catalog.limits import CatalogLimits
from services.catalog.search.modification import Modification
from services.catalog.search.query import Example, ExamplesQuery, ImageQuery, TextQuery
from services.catalog.search.rank_terms import RankFacts, facts_of_text

NEGATIVE_WEIGHT = 0.25
"""How much a negative example counts beside a positive one of the same weight."""
REST_WEIGHT = 0.5
"""How much the words of a text that are neither colour nor category count beside a picture."""
_MAX_WEIGHT = 100.0
_CANCELLED = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class WeightedVector:
    """The vector (D,) of an example, L2-normalised; the weight is below 0 for a negative one.

    `categories` has the probabilities of its categories.
    """

    vector: FloatArray
    weight: float
    categories: Mapping[str, float]
    facts: RankFacts = field(default_factory=RankFacts)


def check_examples(query: ExamplesQuery, limits: CatalogLimits) -> None:
    """Raises InvalidInput for too few or too many examples, a bad weight, or several boxes."""
    count = len(query.positive) + len(query.negative)
    if not query.positive:
        raise InvalidInput("examples.positive", "must not be empty")
    if count > limits.max_examples:
        raise InvalidInput("examples", f"must hold at most {limits.max_examples} in all, got {count}")
    for path, example in named_examples(query):
        if not (math.isfinite(example.weight) and 0.0 < example.weight <= _MAX_WEIGHT):
            text = f"must be above 0 and at most {_MAX_WEIGHT:g}, got {example.weight:g}"
            raise InvalidInput(f"{path}.weight", text)
        if isinstance(example.query, ImageQuery) and len(example.query.boxes) > 1:
            text = f"must hold at most one box, got {len(example.query.boxes)}"
            raise InvalidInput(f"{path}.image.boxes", text)


def named_examples(query: ExamplesQuery) -> Iterator[tuple[str, Example]]:
    """All examples, each with its path in the request, positive ones first."""
    for name, examples in (("positive", query.positive), ("negative", query.negative)):
        for index, example in enumerate(examples):
            yield f"examples.{name}[{index}]", example


def has_picture(query: ExamplesQuery) -> bool:
    """Whether a positive example is more than words."""
    return any(not isinstance(example.query, TextQuery) for example in query.positive)


def combined_vector(parts: Sequence[WeightedVector]) -> FloatArray:
    """The weighted sum (D,) of the vectors, L2-normalised.

    Source: J. Rocchio, "Relevance feedback in information retrieval", in The SMART Retrieval System, 1971;
    here the positive examples take the place of the first query.

    Raises:
        InvalidInput: the vectors cancel each other out.
    """
    total = sum((part.weight * part.vector.astype(np.float64) for part in parts), np.zeros(1))
    length = float(np.linalg.norm(total))
    if length < _CANCELLED * sum(abs(part.weight) for part in parts):
        raise InvalidInput("examples", "cancel each other out; lower the weights of the negative ones")
    combined: FloatArray = (total / length).astype(np.float32)
    return combined


def combined_categories(parts: Sequence[WeightedVector]) -> dict[str, float]:
    """The mean probability of each category over the positive examples that have one."""
    positive = [part for part in parts if part.weight > 0.0 and part.categories]
    total = sum(part.weight for part in positive)
    categories: dict[str, float] = {}
    for part in positive:
        for name, probability in part.categories.items():
            categories[name] = categories.get(name, 0.0) + part.weight / total * probability
    return categories


def facts_of_words(wanted: Sequence[Modification], taxonomy: Taxonomy) -> RankFacts:
    """The colour, the pattern and the other attributes that texts beside a picture name first."""
    return facts_of_text(" ".join(word for each in wanted for word in (*each.colors, each.rest)), taxonomy)


def combined_facts(parts: Sequence[WeightedVector], words: RankFacts) -> RankFacts:
    """The facts of the example of the largest weight, but for what words beside it name."""
    facts = max(parts, key=lambda part: part.weight).facts
    attributes = {**facts.attributes, **words.attributes}
    return replace(facts, color=words.color or facts.color, attributes=attributes)
