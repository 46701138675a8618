"""Searches by everyday words for a kind of garment, among photos of one garment and garments on people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tqdm import tqdm

from domain.taxonomy import Taxonomy
from domain.types import FloatArray
from imaging.crop import crop, expand
from imaging.decode import DecodeLimits, decode
from training.data.street import StreetPhoto
from training.evaluation.ground_truth import SynonymQuery
from training.evaluation.intervals import Estimate, mean
from training.evaluation.retrieval import SearchMode, search_modes
from training.evaluation.serving import Prediction, ServingPath
from training.evaluation.worn import MIN_AREA_PX

TOP_K = 5
STREET = "worn: "
"""Before the label of a garment on a person, which is of another data set."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledItem:
    """A searched picture: the finest label that its data set gives, and what the server makes of it."""

    label: str
    prediction: Prediction


@dataclass(frozen=True, slots=True)
class SynonymRow:
    """One word: the number of pictures that it fits, the highest precision@5 they allow, and the one reached.

    `hits` are the labels of the first five, `right` whether each fits.
    """

    text: str
    relevant: int
    ceiling: float
    precision: float
    hits: tuple[str, ...]
    right: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class SynonymFigures:
    """Means over the words."""

    precision: Estimate
    ceiling: float
    searched: int
    rows: tuple[SynonymRow, ...]


def worn_items(path: ServingPath, photos: Sequence[StreetPhoto]) -> Iterator[LabelledItem]:
    """The garments of people that are large enough, cropped by their true box as the server crops."""
    for photo in tqdm(photos, desc="worn garments"):
        picture = decode(photo.path.read_bytes(), DecodeLimits())
        height, width = picture.shape[:2]
        chosen = [g for g in photo.garments if g.box.width * g.box.height >= MIN_AREA_PX]
        regions = [crop(picture, expand(g.box, path.options.expand_ratio, width, height)) for g in chosen]
        for garment, item in zip(chosen, path.describe(regions), strict=True):
            yield LabelledItem(f"{STREET}{garment.label}", Prediction(item, (item,)))


def measure_synonyms(
    queries: Sequence[SynonymQuery], items: Sequence[LabelledItem], path: ServingPath, taxonomy: Taxonomy
) -> dict[str, SynonymFigures]:
    """Search with each word, by search mode; words that fit no picture are left out."""
    labels = [item.label for item in items]
    known = [query for query in queries if any(fits(query, label) for label in labels)]
    if not known:
        return {}
    vectors = path.embed_texts([query.text for query in known])
    modes = search_modes([item.prediction for item in items], path.options, path.category_bonus, taxonomy)
    return {name: _measure(mode, known, vectors, labels, taxonomy) for name, mode in modes.items()}


def fits(query: SynonymQuery, label: str) -> bool:
    """Whether a picture with this label may be called so."""
    if label.startswith(STREET):
        return label.removeprefix(STREET) in query.street
    return label in query.labels


def _measure(
    mode: SearchMode,
    queries: Sequence[SynonymQuery],
    vectors: FloatArray,
    labels: Sequence[str],
    taxonomy: Taxonomy,
) -> SynonymFigures:
    rows = []
    for query, vector in zip(queries, vectors, strict=True):
        named = dict.fromkeys(taxonomy.categories_in(query.text), 1.0)
        hits = [labels[row] for row in mode.index.search(vector, named, TOP_K)]
        rows.append(_row(query, hits, labels))
    ceiling = sum(row.ceiling for row in rows) / len(rows)
    return SynonymFigures(mean([row.precision for row in rows]), ceiling, len(labels), tuple(rows))


def _row(query: SynonymQuery, hits: Sequence[str], labels: Sequence[str]) -> SynonymRow:
    relevant = sum(fits(query, label) for label in labels)
    right = tuple(fits(query, hit) for hit in hits)
    return SynonymRow(
        query.text, relevant, min(TOP_K, relevant) / TOP_K, sum(right) / TOP_K, tuple(hits), right
    )
