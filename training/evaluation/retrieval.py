"""Retrieval: searches among the photos of a split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, FloatArray
from imaging.main_color import MainColor
from training.evaluation.intervals import Estimate, mean, share
from training.evaluation.serving import Prediction, ServingOptions, category_of, embedding_of

TOP_K = 10


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """The searched embeddings (M, D), with the photo, the category and the main colour of each.

    Without `options`, hits are ordered by cosine. With them, they are ordered as in the server: the best by
    cosine are re-ranked, with up to `category_bonus` added if a hit shares the query's category. If the query
    names a colour, the bonus is larger, but the less the hit's category is certain, and more is added the
    better its colour agrees. `certainties` (M,) are the probabilities of the categories.
    """

    embeddings: FloatArray
    photos: npt.NDArray[np.int64]
    categories: tuple[str, ...]
    colors: tuple[MainColor, ...]
    certainties: FloatArray
    options: ServingOptions | None = None
    category_bonus: float = 0.0

    def search(
        self,
        vector: FloatArray,
        categories: Mapping[str, float],
        top_k: int,
        without: int | None = None,
        color: MainColor | None = None,
    ) -> list[int]:
        """Row numbers of the photos nearest to (D,), best first.

        `categories` are the query's scores, `color` is one that it names.
        """
        scores = self.embeddings @ vector
        if without is not None:
            scores = np.where(self.photos == without, -np.inf, scores)
        order = np.argsort(-scores, kind="stable")
        if self.options is not None:
            fetched = order[: max(self.options.overfetch * top_k, self.options.min_hits)]
            raised = scores[fetched] + self._terms(fetched, categories, color, self.options)
            order = fetched[np.argsort(-raised, kind="stable")]
        found = [int(self.photos[row]) for row in order if np.isfinite(scores[row])]
        return list(dict.fromkeys(found))[:top_k]

    def _terms(
        self,
        rows: npt.NDArray[np.intp],
        categories: Mapping[str, float],
        color: MainColor | None,
        options: ServingOptions,
    ) -> FloatArray:
        """What each of the rows (K,) gains by its category and its colour: (K,)."""
        shared = np.array([categories.get(self.categories[row], 0.0) for row in rows], np.float32)
        gained: FloatArray = self.category_bonus * shared
        if color is not None:
            agreements = color.agreements([self.colors[row] for row in rows])
            certain = options.named_color_bonus * self.certainties[rows]
            gained = gained * certain + options.named_color * agreements
        return gained


@dataclass(frozen=True, slots=True, eq=False)
class SearchMode:
    """An index, and whether the query is a photo's main item or the whole photo."""

    index: Index
    by_item: bool

    def search(self, prediction: Prediction, top_k: int, without: int | None = None) -> list[int]:
        """Row numbers of the photos found with a photo."""
        item = prediction.main if self.by_item else prediction.whole
        answer = category_of(item)
        return self.index.search(embedding_of(item), {answer.value: answer.score}, top_k, without)


def search_modes(
    predictions: Sequence[Prediction], options: ServingOptions, category_bonus: float, taxonomy: Taxonomy
) -> dict[str, SearchMode]:
    """The three measured modes; "as served" is the server's search by image. The bonus is in cosine."""
    whole = _index([(prediction.whole,) for prediction in predictions], taxonomy, None)
    items = [prediction.items for prediction in predictions]
    return {
        "whole photo": SearchMode(whole, by_item=False),
        "item": SearchMode(_index(items, taxonomy, None), by_item=True),
        "as served": SearchMode(_index(items, taxonomy, options, category_bonus), by_item=True),
    }


def named_color(text: str, taxonomy: Taxonomy) -> MainColor | None:
    """The first colour that a text names, as the server reads it; None without one."""
    colors, _ = taxonomy.take_colors(text)
    return MainColor.named(colors[0], taxonomy) if colors else None


def same_category(
    mode: SearchMode,
    predictions: Sequence[Prediction],
    wanted: Sequence[str],
    senders: Sequence[str] | None = None,
) -> Estimate:
    """Mean precision@10: the share of the ten hits that have the category of the query."""
    shares = []
    for row, prediction in enumerate(predictions):
        hits = mode.search(prediction, TOP_K, without=row)
        shares.append(sum(wanted[hit] == wanted[row] for hit in hits) / TOP_K)
    return mean(shares, senders)


def reachable_precision(wanted: Sequence[str]) -> float:
    """The upper bound of `same_category`, since some categories have fewer than ten other photos."""
    counts = {name: wanted.count(name) for name in set(wanted)}
    return float(np.mean([min(TOP_K, counts[name] - 1) / TOP_K for name in wanted]))


def self_retrieval(
    mode: SearchMode, perturbed: Sequence[Prediction], senders: Sequence[str] | None = None
) -> Estimate:
    """Recall@1: the share of photos i whose perturbed copy `perturbed[i]` finds the original first."""
    return share([mode.search(prediction, 1) == [row] for row, prediction in enumerate(perturbed)], senders)


def _index(
    items: Sequence[Sequence[AnalyzedItem]],
    taxonomy: Taxonomy,
    options: ServingOptions | None,
    category_bonus: float = 0.0,
) -> Index:
    rows = [(photo, item) for photo, group in enumerate(items) for item in group]
    return Index(
        np.stack([embedding_of(item) for _, item in rows]),
        np.array([photo for photo, _ in rows], np.int64),
        tuple(category_of(item).value for _, item in rows),
        tuple(MainColor.of(item.colors, taxonomy) for _, item in rows),
        np.array([category_of(item).score for _, item in rows], np.float32),
        options,
        category_bonus,
    )
