from __future__ import annotations

from pathlib import Path

import pytest

from domain.taxonomy import Taxonomy
from services.catalog.search.candidates import rank_candidates
from services.catalog.vectors.row import VectorHit

TAXONOMY = Taxonomy.load(Path(__file__).parents[5] / "domain/taxonomy.toml")


def test_a_shared_category_raises_by_the_bonus_times_its_certainty() -> None:
    hits = [
        VectorHit("a", 0.90, ("hat", "")),
        VectorHit("b", 0.89, ("dress", "")),
        VectorHit("c", 0.1, ("", "")),
    ]
    ranked = rank_candidates(hits, {"dress": 0.5}, 0.1, TAXONOMY)
    assert [candidate.item_id for candidate in ranked] == ["b", "a", "c"]
    assert [candidate.rank_score for candidate in ranked] == pytest.approx([0.94, 0.90, 0.1])
    assert [candidate.score for candidate in ranked] == [0.89, 0.90, 0.1]
    assert [(term.name, term.value) for term in ranked[0].terms] == [
        ("similarity", 0.89),
        ("same_category", 0.05),
    ]


def test_a_category_that_is_unsure_raises_less() -> None:
    hits = [VectorHit("a", 0.5, ("dress", "")), VectorHit("b", 0.5, ("dress", ""))]
    certainties = {"a": 0.3, "b": 0.8}
    ranked = rank_candidates(hits, {"dress": 1.0}, 0.2, TAXONOMY, None, certainties.__getitem__)
    assert [candidate.item_id for candidate in ranked] == ["b", "a"]
    assert [candidate.category_bonus for candidate in ranked] == pytest.approx([0.16, 0.06])


def test_equal_ranks_are_ordered_by_id() -> None:
    hits = [VectorHit(id, 0.5, ("", "")) for id in "cab"]
    assert [candidate.item_id for candidate in rank_candidates(hits, {}, 0.1, TAXONOMY)] == ["a", "b", "c"]
