"""Text-to-photo retrieval: texts of a colour and a category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.taxonomy import Taxonomy
from domain.types import FloatArray
from training.data.photos import Photo
from training.evaluation.ground_truth import GroundTruth, TextQuery
from training.evaluation.intervals import Estimate, mean
from training.evaluation.retrieval import SearchMode, named_color

TOP_K = 5


@dataclass(frozen=True, slots=True)
class QueryRow:
    """One text: the number of relevant photos, the highest precision@5 that it allows, and the one reached.

    `hits` are the ids of the first five photos, `right` whether each is relevant.
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
    """Means over the texts; `unjudged` photos have no annotated colour and count as not relevant."""

    precision: Estimate
    ceiling: float
    unjudged: int
    rows: tuple[QueryRow, ...]


class Judge:
    """Decides which photos are relevant for a text, by their category and their annotated colours."""

    def __init__(self, photos: Sequence[Photo], ground_truth: GroundTruth) -> None:
        self.names = [photo.path.stem for photo in photos]
        self._facts = [(photo.category, ground_truth.colors.get(photo.path.stem)) for photo in photos]
        self.unjudged = sum(colors is None for _, colors in self._facts)

    def relevant(self, query: TextQuery) -> set[int]:
        """Row numbers of the relevant photos."""
        return {
            row
            for row, (category, colors) in enumerate(self._facts)
            if category == query.category and query.color in (colors or ())
        }


def measure_texts(
    mode: SearchMode, queries: Sequence[TextQuery], vectors: FloatArray, judge: Judge, taxonomy: Taxonomy
) -> TextFigures | None:
    """Search with the embedding of each text, (N, D); None if no text has a relevant photo."""
    rows = []
    for query, vector in zip(queries, vectors, strict=True):
        relevant = judge.relevant(query)
        if relevant:
            named: Mapping[str, float] = dict.fromkeys(taxonomy.categories_in(query.text), 1.0)
            color = named_color(query.text, taxonomy)
            hits = mode.index.search(vector, named, TOP_K, color=color)
            rows.append(_row(query, relevant, hits, judge.names))
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
