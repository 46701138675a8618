"""Searching the photos of a split among themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from domain.types import AnalyzedItem, FloatArray
from training.evaluation.intervals import Estimate, mean, share
from training.evaluation.serving import ServingOptions, Sighting, category_of, embedding_of

TOP_K = 10


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """What is searched: embeddings (M, D), which photo each is of, and its category.

    `options` None: by cosine alone. Otherwise as the server's search orders its hits: the best by cosine,
    each raised by up to `category_bonus` where it shares the query's category.
    """

    embeddings: FloatArray
    photos: npt.NDArray[np.int64]
    categories: tuple[str, ...]
    options: ServingOptions | None = None
    category_bonus: float = 0.0

    def search(
        self,
        vector: FloatArray,
        categories: Mapping[str, float],
        top_k: int,
        without: int | None = None,
    ) -> list[int]:
        """The photos nearest to (D,), best first, each once; `categories` are the query's, with certainty."""
        scores = self.embeddings @ vector
        if without is not None:
            scores = np.where(self.photos == without, -np.inf, scores)
        order = np.argsort(-scores, kind="stable")
        if self.options is not None:
            order = self._raised(order, scores, categories, top_k, self.options)
        found = [int(self.photos[row]) for row in order if np.isfinite(scores[row])]
        return list(dict.fromkeys(found))[:top_k]

    def _raised(
        self,
        order: npt.NDArray[np.intp],
        scores: FloatArray,
        categories: Mapping[str, float],
        top_k: int,
        options: ServingOptions,
    ) -> npt.NDArray[np.intp]:
        fetched = order[: max(options.overfetch * top_k, options.min_hits)]
        bonus = [self.category_bonus * categories.get(self.categories[row], 0.0) for row in fetched]
        return fetched[np.argsort(-(scores[fetched] + np.asarray(bonus)), kind="stable")]


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One way of searching: an index, and whether a photo asks by its main item or as a whole."""

    index: Index
    by_item: bool

    def ask(self, sighting: Sighting, top_k: int, without: int | None = None) -> list[int]:
        """The photos found with a photo."""
        item = sighting.main if self.by_item else sighting.whole
        answer = category_of(item)
        return self.index.search(embedding_of(item), {answer.value: answer.score}, top_k, without)


def ways(sightings: Sequence[Sighting], options: ServingOptions, category_bonus: float) -> dict[str, Way]:
    """The three that are measured; "as served" is a search by image, with the bonus in cosines."""
    whole = _index([(sighting.whole,) for sighting in sightings], None)
    items = [sighting.items for sighting in sightings]
    return {
        "whole photo": Way(whole, by_item=False),
        "item": Way(_index(items, None), by_item=True),
        "as served": Way(_index(items, options, category_bonus), by_item=True),
    }


def same_category(
    way: Way, sightings: Sequence[Sighting], wanted: Sequence[str], senders: Sequence[str] | None = None
) -> Estimate:
    """Precision@10: of ten other photos found with a photo, the share of its category."""
    shares = []
    for row, sighting in enumerate(sightings):
        hits = way.ask(sighting, TOP_K, without=row)
        shares.append(sum(wanted[hit] == wanted[row] for hit in hits) / TOP_K)
    return mean(shares, senders)


def reachable_precision(wanted: Sequence[str]) -> float:
    """What `same_category` can be at best: some categories have fewer than ten other photos."""
    counts = {name: wanted.count(name) for name in set(wanted)}
    return float(np.mean([min(TOP_K, counts[name] - 1) / TOP_K for name in wanted]))


def finds_itself(way: Way, changed: Sequence[Sighting], senders: Sequence[str] | None = None) -> Estimate:
    """The share of changed photos whose first hit is the original; row i of `changed` is photo i."""
    return share([way.ask(sighting, 1) == [row] for row, sighting in enumerate(changed)], senders)


def _index(
    items: Sequence[Sequence[AnalyzedItem]], options: ServingOptions | None, category_bonus: float = 0.0
) -> Index:
    rows = [(photo, item) for photo, group in enumerate(items) for item in group]
    return Index(
        np.stack([embedding_of(item) for _, item in rows]),
        np.array([photo for photo, _ in rows], np.int64),
        tuple(category_of(item).value for _, item in rows),
        options,
        category_bonus,
    )
