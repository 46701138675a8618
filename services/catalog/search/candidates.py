"""Candidates: rows of the vector index, ranked before their items are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from domain.taxonomy import Taxonomy
from domain.types import ModelVersion
from services.catalog.records.items import StoredItem, read_items
from services.catalog.records.primary import category_in_words
from services.catalog.search.result import Hit, ScoreTerm
from services.catalog.vectors.row import VectorHit


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of the vector index with its place in the ranking; its item may be gone by now."""

    item_id: str
    score: float
    terms: tuple[ScoreTerm, ...]

    @property
    def rank_score(self) -> float:
        return sum(term.value for term in self.terms)


@dataclass(frozen=True, slots=True, eq=False)
class PageHits:
    """The hits of a page, and how many candidates they took, those included whose items are gone."""

    hits: list[Hit]
    used: int


def rank_candidates(
    hits: Sequence[VectorHit], categories: Mapping[str, float], bonus: float, taxonomy: Taxonomy
) -> list[Candidate]:
    """Best first, by cosine plus `bonus` times how surely the query's category is the hit's."""
    candidates: list[Candidate] = []
    for hit in hits:
        category, label = hit.texts
        certainty = categories.get(category_in_words(category, label, taxonomy), 0.0)
        terms = (ScoreTerm("similarity", hit.score), ScoreTerm("same_category", bonus * certainty))
        candidates.append(Candidate(hit.item_id, hit.score, terms))
    return sorted(candidates, key=lambda candidate: (-candidate.rank_score, candidate.item_id))


def read_hits(
    session: Session, tenant_id: str, ranked: Sequence[list[Candidate]], version: ModelVersion, top_k: int
) -> list[PageHits]:
    """The first `top_k` items of each list that still exist."""
    stored: dict[str, StoredItem] = {}
    unread = {candidate.item_id for candidates in ranked for candidate in candidates}
    while wanted := _unread_best(ranked, stored.keys() | unread, unread, top_k):
        stored |= read_items(session, tenant_id, wanted, version)
        unread.difference_update(wanted)
    return [_page(candidates, stored, top_k) for candidates in ranked]


def _unread_best(
    ranked: Sequence[list[Candidate]], known: set[str], unread: set[str], top_k: int
) -> list[str]:
    """The items to read next: where some are gone, others move up."""
    best = (
        each.item_id
        for candidates in ranked
        for each in islice((each for each in candidates if each.item_id in known), top_k)
    )
    return list(dict.fromkeys(item_id for item_id in best if item_id in unread))


def _page(candidates: Sequence[Candidate], stored: Mapping[str, StoredItem], top_k: int) -> PageHits:
    hits: list[Hit] = []
    for used, candidate in enumerate(candidates):
        if len(hits) == top_k:
            return PageHits(hits, used)
        if (entry := stored.get(candidate.item_id)) is not None:
            hits.append(Hit(entry.item, entry.product, candidate.score, candidate.terms))
    return PageHits(hits, len(candidates))
