"""Finding photos with words: colour and category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.taxonomy import Taxonomy
from domain.types import FloatArray
from training.data.photos import Photo
from training.evaluation.intervals import Estimate, mean
from training.evaluation.retrieval import Way
from training.evaluation.truth import TextQuery, Truth

TOP_K = 5


@dataclass(frozen=True, slots=True)
class QueryRow:
    """One text: how many photos are right, the best precision@5 that allows, and that reached.

    `hits` are the ids of the first five photos, `right` says which of them are right.
    """

    text: str
    category: str
    color: str
    relevant: int
    ceiling: float
    precision: float
    hits: tuple[str, ...]
    right: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class TextFigures:
    """Means over the texts; `unjudged` photos have no colour by hand and never count as right."""

    precision: Estimate
    ceiling: float
    unjudged: int
    rows: tuple[QueryRow, ...]


class Judge:
    """Says which photos are right for a text, by category label and colours written down by hand."""

    def __init__(self, photos: Sequence[Photo], truth: Truth) -> None:
        self.names = [photo.path.stem for photo in photos]
        self._facts = [(photo.category, truth.colors.get(photo.path.stem)) for photo in photos]
        self.unjudged = sum(colors is None for _, colors in self._facts)

    def relevant(self, query: TextQuery) -> set[int]:
        """The rows of the photos that are right."""
        return {
            row
            for row, (category, colors) in enumerate(self._facts)
            if category == query.category and query.color in (colors or ())
        }


def measure_texts(
    way: Way, queries: Sequence[TextQuery], vectors: FloatArray, judge: Judge, taxonomy: Taxonomy
) -> TextFigures | None:
    """Search with each text, `vectors` (N, D); None where no text has a right answer among the photos."""
    rows = []
    for query, vector in zip(queries, vectors, strict=True):
        relevant = judge.relevant(query)
        if relevant:
            named: Mapping[str, float] = dict.fromkeys(taxonomy.categories_in(query.text), 1.0)
            rows.append(_row(query, relevant, way.index.search(vector, named, TOP_K), judge.names))
    if not rows:
        return None
    ceiling = sum(row.ceiling for row in rows) / len(rows)
    return TextFigures(mean([row.precision for row in rows]), ceiling, judge.unjudged, tuple(rows))


def _row(query: TextQuery, relevant: set[int], hits: Sequence[int], names: Sequence[str]) -> QueryRow:
    right = tuple(hit in relevant for hit in hits)
    return QueryRow(
        query.text,
        query.category,
        query.color,
        len(relevant),
        min(TOP_K, len(relevant)) / TOP_K,
        sum(right) / TOP_K,
        tuple(names[hit] for hit in hits),
        right,
    )
