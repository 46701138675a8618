from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.errors import FailedPrecondition
from domain.garment_types import Slot
from services.outfits.grammar import problems
from services.outfits.outfit import Outfit
from services.outfits.piece import Piece
from services.outfits.rule_scorer import RuleScorer
from services.outfits.scorer import Occasion
from services.outfits.suggester import DEFAULT_DIVERSITY, OutfitRequest, Suggester
from tests.unit.services.outfits.wardrobes import piece, rules, taxonomy, wardrobe

SUGGESTER = Suggester(RuleScorer(rules(), taxonomy()))


def ids(outfits: list[Outfit]) -> list[list[str]]:
    return [[placed.piece.item_id for placed in outfit.pieces] for outfit in outfits]


def distance(outfits: list[Outfit]) -> float:
    """The mean cosine distance between the mean embeddings of outfits."""
    means = [np.mean([each.piece.embedding for each in outfit.pieces], axis=0) for outfit in outfits]  # type: ignore[arg-type,misc]
    units = np.stack([mean / np.linalg.norm(mean) for mean in means])
    cosines = units @ units.T
    return float(1.0 - cosines[np.triu_indices(len(units), 1)].mean())


@pytest.mark.parametrize("size", [60, 400])
def test_outfits_are_valid_differ_and_come_best_first(size: int) -> None:
    pool = wardrobe(size, seed=size)
    for seed in range(5):
        outfits = SUGGESTER.suggest(pool, OutfitRequest(count=4, seed=seed))
        assert len(outfits) == 4
        assert [problems(outfit.pieces) for outfit in outfits] == [[]] * 4
        assert len({outfit.item_ids for outfit in outfits}) == 4
        values = [outfit.score.value for outfit in outfits]
        assert values == sorted(values, reverse=True)


def test_a_seed_gives_the_same_outfits_and_another_one_others() -> None:
    pool = wardrobe(300, seed=1)
    first = ids(SUGGESTER.suggest(pool, OutfitRequest(seed=7)))
    assert ids(SUGGESTER.suggest(pool, OutfitRequest(seed=7))) == first
    assert ids(SUGGESTER.suggest(pool, OutfitRequest(seed=8))) != first


def test_as_many_as_asked_for_are_found() -> None:
    outfits = SUGGESTER.suggest(wardrobe(400, seed=9), OutfitRequest(count=50))
    assert len({outfit.item_ids for outfit in outfits}) == 50


def test_the_best_piece_is_not_in_every_outfit() -> None:
    for seed in range(5):
        outfits = SUGGESTER.suggest(wardrobe(300, seed=seed), OutfitRequest(count=10, seed=seed))
        worn = Counter(item_id for outfit in outfits for item_id in outfit.item_ids)
        assert max(worn.values()) <= 7


def test_a_small_wardrobe_is_used_wholly() -> None:
    pieces = [
        piece(f"{color} {kind}") for color in ("navy", "grey") for kind in ("t-shirt", "jeans", "sneakers")
    ]
    outfits = SUGGESTER.suggest(pieces, OutfitRequest(count=8))
    assert len({outfit.item_ids for outfit in outfits}) == 8


def test_each_outfit_has_the_base() -> None:
    blazer = piece("navy blazer")
    for outfit in SUGGESTER.suggest([*wardrobe(200, seed=2), blazer], OutfitRequest(base=(blazer,))):
        assert blazer.item_id in outfit.item_ids
        assert problems(outfit.pieces) == []


def test_a_slot_stays_empty_where_every_piece_would_take_from_the_outfit() -> None:
    pieces = [
        piece(text) for text in ("white t-shirt", "blue jeans", "white sneakers", "grey tights", "red tie")
    ]
    for seed in range(10):
        (outfit,) = SUGGESTER.suggest(pieces, OutfitRequest(seed=seed))
        assert [placed.slot for placed in outfit.pieces] == [Slot.TOP, Slot.BOTTOM, Slot.SHOES]
    coat = piece("camel puffer jacket")
    cold = OutfitRequest(occasion=Occasion(temperature_c=-5.0))
    assert any(
        placed.piece is coat
        for outfit in SUGGESTER.suggest([*pieces, coat], cold)
        for placed in outfit.pieces
    )


def test_one_person_may_wear_all_of_an_outfit() -> None:
    pool = [
        replace(each, audience=(("female", "male", "")[number % 3], ""))
        for number, each in enumerate(wardrobe(300, seed=8))
    ]
    outfits = SUGGESTER.suggest(pool, OutfitRequest(count=20))
    worn = [{placed.piece.audience[0] for placed in outfit.pieces} - {""} for outfit in outfits]
    assert len(outfits) == 20
    assert {len(genders) for genders in worn} <= {0, 1}
    assert {"female"} in worn
    assert {"male"} in worn


def test_the_missing_slot_is_filled() -> None:
    base = (piece("white shirt"), piece("navy chinos"))
    pool = wardrobe(200, seed=4)
    for outfit in SUGGESTER.suggest(pool, OutfitRequest(count=6, base=base, slots=(Slot.SHOES,))):
        assert [placed.slot for placed in outfit.pieces] == [Slot.TOP, Slot.BOTTOM, Slot.SHOES]


def test_the_cold_is_dressed_for() -> None:
    request = OutfitRequest(occasion=Occasion(temperature_c=0.0))
    for outfit in SUGGESTER.suggest(wardrobe(300, seed=5), request):
        assert Slot.OUTERWEAR in {placed.slot for placed in outfit.pieces}


@pytest.mark.parametrize("slots", [set(Slot), {Slot.TOP, Slot.BOTTOM, Slot.ONE_PIECE, Slot.SHOES}])
def test_diversity_costs_little(slots: set[Slot]) -> None:
    pool = [piece for piece in wardrobe(300, seed=6) if slots.issuperset(piece.slots)]
    scores, distances = np.zeros(2), np.zeros(2)
    for seed in range(12):
        for column, diversity in enumerate((0.0, 0.25)):
            outfits = SUGGESTER.suggest(pool, OutfitRequest(count=5, seed=seed, diversity=diversity))
            scores[column] += np.mean([outfit.score.value for outfit in outfits])
            distances[column] += distance(outfits)
    assert distances[1] >= 1.25 * distances[0]
    assert scores[1] >= 0.95 * scores[0]


def test_slots_that_are_asked_for_are_filled_as_well_as_drawn_ones() -> None:
    core = (Slot.TOP, Slot.BOTTOM, Slot.SHOES)
    pool = [piece for piece in wardrobe(300, seed=6) if set(core).issuperset(piece.slots)]
    scores, distances = np.zeros(2), np.zeros(2)
    for seed in range(12):
        for column, slots in enumerate(((), core)):
            outfits = SUGGESTER.suggest(pool, OutfitRequest(count=5, seed=seed, slots=slots))
            scores[column] += np.mean([outfit.score.value for outfit in outfits])
            distances[column] += distance(outfits)
    assert scores[1] >= 0.97 * scores[0]
    assert distances[1] >= 0.97 * distances[0]


@pytest.mark.parametrize(
    ("pool", "said"),
    [
        ([], "there is no outfit without a one-piece and shoes"),
        ([piece("white shirt"), piece("navy chinos")], "there is no outfit without shoes"),
    ],
)
def test_what_is_lacking_is_named(pool: list[Piece], said: str) -> None:
    with pytest.raises(FailedPrecondition, match=said):
        SUGGESTER.suggest(pool, OutfitRequest())


def test_the_contract_names_the_default_of_diversity() -> None:
    contract = Path("protos/armoire/v1/outfits.proto").read_text(encoding="utf-8")
    assert f"count beside good ones, 0 to 1; unset means {DEFAULT_DIVERSITY:g}." in contract
