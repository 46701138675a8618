"""Candidates: rows of the vector index, ranked before their items are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from domain.taxonomy import Taxonomy
from domain.types import ModelVersion
from services.catalog.records.items import StoredItem, read_items
from services.catalog.records.photo_hashes import read_bits
from services.catalog.records.primary import canonical_category_of
from services.catalog.search.copies import SeenPhotos
from services.catalog.search.result import Hit, ScoreTerm
from services.catalog.vectors.row import VectorHit


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ranked row of the vector index; its item may have been deleted since the row was written."""

    item_id: str
    score: float
    category_bonus: float
    other_terms: tuple[ScoreTerm, ...] = ()

    @property
    def rank_score(self) -> float:
        return sum((term.value for term in self.other_terms), self.score + self.category_bonus)

    @property
    def terms(self) -> tuple[ScoreTerm, ...]:
        similarity = ScoreTerm("similarity", self.score)
        return similarity, ScoreTerm("same_category", self.category_bonus), *self.other_terms


@dataclass(frozen=True, slots=True, eq=False)
class PageHits:
    """The hits of a page; `consumed` counts the candidates that it used up, deleted items included."""

    hits: list[Hit]
    consumed: int


def rank_candidates(
    hits: Sequence[VectorHit],
    categories: Mapping[str, float],
    bonus: float,
    taxonomy: Taxonomy,
    other_terms: Callable[[str], tuple[ScoreTerm, ...]] | None = None,
    certainty: Callable[[str], float] | None = None,
) -> list[Candidate]:
    """Rank hits, best first, by cosine + `bonus` x P(the query has the hit's category) + other terms.

    `categories` has the probabilities of the query's categories; `other_terms` is called with an item id, and
    so is `certainty`, the probability of a hit's category: without it, the category counts as certain.
    """
    bonuses: dict[tuple[str, ...], float] = {}
    for category, label in {hit.texts[:2] for hit in hits}:
        probability = categories.get(canonical_category_of(category, label, taxonomy), 0.0)
        bonuses[category, label] = bonus * probability
    candidates = [
        Candidate(
            hit.item_id,
            hit.score,
            bonuses[hit.texts[:2]] * (certainty(hit.item_id) if certainty else 1.0),
            other_terms(hit.item_id) if other_terms else (),
        )
        for hit in hits
    ]
    return sorted(candidates, key=lambda candidate: (-candidate.rank_score, candidate.item_id))


def read_hits(
    session: Session,
    tenant_id: str,
    ranked: Sequence[list[Candidate]],
    version: ModelVersion,
    top_k: int,
    known: Mapping[str, StoredItem],
    *,
    collapse_copies: bool = False,
) -> list[PageHits]:
    """The first `top_k` items of each list that are there and not rejected; fewer if it ends before.

    Items that are `known` are not read again. With `collapse_copies`, items are left out whose photo is a
    near duplicate of that of an item before.
    """
    stored = {id: entry for id, entry in known.items() if entry.item.reject_reason is None}
    unread = {candidate.item_id for candidates in ranked for candidate in candidates} - known.keys()
    bits_of = _bits_of(session, tenant_id, stored.values()) if collapse_copies else {}
    while next_ids := _next_to_read(ranked, stored, unread, bits_of, top_k):
        found = read_items(session, tenant_id, next_ids, version)
        stored |= {id: entry for id, entry in found.items() if entry.item.reject_reason is None}
        bits_of |= _bits_of(session, tenant_id, found.values()) if collapse_copies else {}
        unread.difference_update(next_ids)
    return [_page_hits(candidates, stored, bits_of, top_k) for candidates in ranked]


def _bits_of(session: Session, tenant_id: str, entries: Iterable[StoredItem]) -> dict[str, bytes]:
    """The hashes of the photos of items."""
    return read_bits(session, tenant_id, {entry.item.image_id for entry in entries})


def _next_to_read(
    ranked: Sequence[list[Candidate]],
    stored: Mapping[str, StoredItem],
    unread: set[str],
    bits_of: Mapping[str, bytes],
    top_k: int,
) -> list[str]:
    """The unread ids among the first `top_k` candidates of each list, those that are left out not counted.

    Where items in the top k were deleted, the next candidates take their place and must be read too.
    """
    top: list[str] = []
    for candidates in ranked:
        seen = SeenPhotos(bits_of)
        kept = (each.item_id for each in candidates if each.item_id in unread or _hit(each, stored, seen))
        top += islice(kept, top_k)
    return list(dict.fromkeys(item_id for item_id in top if item_id in unread))


def _page_hits(
    candidates: Sequence[Candidate],
    stored: Mapping[str, StoredItem],
    bits_of: Mapping[str, bytes],
    top_k: int,
) -> PageHits:
    hits: list[Hit] = []
    seen = SeenPhotos(bits_of)
    for consumed, candidate in enumerate(candidates):
        if len(hits) == top_k:
            return PageHits(hits, consumed)
        if (hit := _hit(candidate, stored, seen)) is not None:
            hits.append(hit)
    return PageHits(hits, len(candidates))


def _hit(candidate: Candidate, stored: Mapping[str, StoredItem], seen: SeenPhotos) -> Hit | None:
    """None for an item that is not there, or in a copy of a photo that was seen."""
    entry = stored.get(candidate.item_id)
    if entry is None or seen.is_copy(entry.item.image_id):
        return None
    return Hit(entry.item, entry.product, candidate.score, candidate.terms)
