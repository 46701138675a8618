from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from domain.garment_types import Slot
from domain.types import FloatArray, ModelVersion
from services.outfits.learned_scores import LEARNED, EmbeddedPiece, Embeddings, LearnedScores
from services.outfits.outfit import Outfit
from services.outfits.piece import Piece, PlacedPiece
from services.outfits.rule_scorer import RuleScorer
from services.outfits.scorer import PREFERENCE, OutfitScore, Term
from tests.unit.services.outfits.wardrobes import piece, rules, taxonomy

VERSION = ModelVersion("embedder-1", "p")
SHARE = 0.3
LOOK = (("white shirt", Slot.TOP), ("navy chinos", Slot.BOTTOM), ("brown loafers", Slot.SHOES))


class FakeScorer:
    """Says the same of all sets, and remembers them."""

    def __init__(self, value: float, embedder: str = VERSION.model_version) -> None:
        self.value, self.embedder = value, embedder
        self.sets: list[list[EmbeddedPiece]] = []
        self.asked: list[tuple[str, int]] = []

    async def embeddings(self, tenant_id: str, pieces: Sequence[Piece]) -> Embeddings:
        self.asked.append((tenant_id, len(pieces)))
        return {piece.item_id: piece.embedding for piece in pieces if piece.embedding is not None}

    async def probabilities(self, sets: Sequence[Sequence[EmbeddedPiece]]) -> FloatArray:
        self.sets += [list(each) for each in sets]
        return np.full(len(sets), self.value, np.float32)


def look(embedded: int = 3) -> Outfit:
    """A look of which so many pieces have an embedding."""
    placed = []
    for index, (text, slot) in enumerate(LOOK):
        vector = np.eye(4, dtype=np.float32)[index] if index < embedded else None
        placed.append(PlacedPiece(replace(piece(text), embedding=vector), slot))
    score = RuleScorer(rules(), taxonomy()).score([each.piece for each in placed])
    return Outfit(tuple(placed), score)


async def rescored(outfit: Outfit, value: float, version: ModelVersion = VERSION) -> Outfit:
    (found,) = await LearnedScores(FakeScorer(value), SHARE).rescored("t", [outfit], version, SHARE)
    return found


@pytest.mark.parametrize("value", [0.0, 0.4, 1.0])
async def test_the_term_has_its_share_and_terms_still_sum_to_the_score(value: float) -> None:
    before = look()
    after = await rescored(before, value)
    term = after.score.terms[-1]
    assert (term.name, term.share) == (LEARNED, SHARE)
    assert term.points == pytest.approx(SHARE * value)
    assert after.score.value == pytest.approx((1 - SHARE) * before.score.value + SHARE * value)
    assert sum(term.share for term in after.score.terms) == pytest.approx(1)
    assert after.pieces == before.pieces


async def test_the_sentence_says_what_the_model_says_where_it_moves_the_score() -> None:
    assert "people seldom put such pieces together" in (await rescored(look(), 0.1)).explanation
    assert "people" not in (await rescored(look(), 0.6)).explanation
    alone = Outfit(look().pieces, OutfitScore((Term("color", 0.9, 1.0),)))
    assert (await rescored(alone, 0.9)).explanation.endswith(": people put such pieces together.")


async def test_what_an_end_user_likes_is_added_as_before() -> None:
    before = look()
    liked = Term(PREFERENCE, 0.5, 0.2, "you like navy")
    after = await rescored(Outfit(before.pieces, OutfitScore((*before.score.terms, liked))), 0.5)
    assert liked in after.score.terms


async def test_pieces_without_an_embedding_are_left_out() -> None:
    scorer = FakeScorer(0.9)
    found = await LearnedScores(scorer, SHARE).rescored(
        "t", [look(3), look(2), look(1), look(0)], VERSION, SHARE
    )
    assert [[slot for _, slot in each] for each in scorer.sets] == [
        ["top", "bottom", "shoes"],
        ["top", "bottom"],
    ]
    values = [outfit.score.terms[-1].value for outfit in found]
    assert values == [pytest.approx(0.9), pytest.approx(0.9), 0.5, 0.5]
    assert await LearnedScores(scorer, SHARE).rescored("t", [], VERSION, SHARE) == []


async def test_embeddings_of_another_model_are_not_scored(caplog: pytest.LogCaptureFixture) -> None:
    before, scores = look(), LearnedScores(FakeScorer(0.9), SHARE)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert await scores.rescored("t", [before], ModelVersion("embedder-2", "p"), SHARE) == [before]
    assert [record.getMessage() for record in caplog.records] == [
        "the scorer of outfits takes embeddings of embedder-1, items have those of embedder-2: it is left out"
    ]


async def test_one_that_makes_its_own_embeddings_takes_those_of_any_model() -> None:
    scorer, before = FakeScorer(0.9, embedder=""), look()
    (found,) = await LearnedScores(scorer, SHARE).rescored("t", [before], ModelVersion("other", "p"), 0.5)
    assert (found.score.terms[-1].share, found.score.terms[-1].value) == (0.5, pytest.approx(0.9))
    assert scorer.asked == [("t", 3)]


async def test_with_a_share_of_0_the_model_does_not_run() -> None:
    scorer, before = FakeScorer(0.9), look()
    assert await LearnedScores(scorer, SHARE).rescored("t", [before], VERSION, 0.0) == [before]
    assert scorer.asked == []
