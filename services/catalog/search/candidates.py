"""Candidates: rows of the vector index, ranked before the items are read."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.taxonomy import Taxonomy
from domain.types import ModelVersion
from services.catalog.records.items import StoredItem, read_items
from services.catalog.records.primary import category_in_words
from services.catalog.search.result import Hit, ScoreTerm
from services.catalog.vectors.row import VectorHit


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of the vector index and its rank; its item may be gone by now."""

    item_id: str
    score: float
    terms: tuple[ScoreTerm, ...]

    @property
    def rank_score(self) -> float:
        return sum(term.value for term in self.terms)


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
    session: Session,
    tenant_id: str,
    ranked: Sequence[list[Candidate]],
    version: ModelVersion,
    top_k: int,
) -> list[list[Hit]]:
    """The items of the first `top_k` candidates of each list that still exist."""
    stored = _read_best(session, tenant_id, ranked, version, top_k)
    return [[_hit(each, stored) for each in _among(candidates, stored)[:top_k]] for candidates in ranked]


def _read_best(
    session: Session,
    tenant_id: str,
    ranked: Sequence[list[Candidate]],
    version: ModelVersion,
    top_k: int,
) -> dict[str, StoredItem]:
    """Where items are gone, those of the candidates that move up are read, too."""
    stored: dict[str, StoredItem] = {}
    unread = {candidate.item_id for candidates in ranked for candidate in candidates}
    while True:
        best = [each.item_id for candidates in ranked for each in _among(candidates, stored, unread)[:top_k]]
        wanted = list(dict.fromkeys(item_id for item_id in best if item_id in unread))
        if not wanted:
            return stored
        stored |= read_items(session, tenant_id, wanted, version)
        unread.difference_update(wanted)


def _among(candidates: Sequence[Candidate], *known: Container[str]) -> list[Candidate]:
    return [each for each in candidates if any(each.item_id in ids for ids in known)]


def _hit(candidate: Candidate, stored: Mapping[str, StoredItem]) -> Hit:
    entry = stored[candidate.item_id]
    return Hit(entry.item, entry.product, candidate.score, candidate.terms)
