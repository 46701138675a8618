from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.errors import Unavailable
from domain.garment_types import Slot
from domain.types import ModelVersion
from services.host.learned_scorer import load_scorer
from services.host.outfit_scorer import OutfitScorerOptions
from services.host.pair_scorer import HostedPairScorer
from services.host.recent_embeddings import RecentEmbeddings
from services.inference.batching.batcher import BatchRun, observe_nothing
from services.outfits.learned_scores import LearnedScores
from services.outfits.outfit import Outfit
from services.outfits.piece import Piece, PlacedPiece
from services.outfits.scorer import OutfitScore, Term
from tests.siamese_artifact import write_siamese
from tests.unit.services.outfits.wardrobes import piece

RED, GREEN = (255, 0, 0), (0, 255, 0)


class Crops:
    """The crops of one tenant's items, and which were read."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}
        self.read: list[tuple[str, str]] = []

    def put(self, given: Piece, rgb: tuple[int, int, int]) -> Piece:
        picture = np.full((24, 24, 3), rgb[::-1], np.uint8)
        self.stored[given.item_id] = cv2.imencode(".png", picture)[1].tobytes()
        return given

    async def __call__(self, tenant_id: str, item_id: str) -> bytes | None:
        self.read.append((tenant_id, item_id))
        return self.stored.get(item_id)


async def opened(folder: Path, crops: Crops, runs: list[BatchRun] | None = None) -> HostedPairScorer:
    options = OutfitScorerOptions(write_siamese(folder / "pairs"), 0.5)
    observe = observe_nothing if runs is None else runs.append
    scorer = await load_scorer(options, crops, observe)
    assert isinstance(scorer, HostedPairScorer)
    return scorer


async def test_what_lies_near_each_other_goes_together(tmp_path: Path) -> None:
    crops, runs = Crops(), list[BatchRun]()
    scorer = await opened(tmp_path, crops, runs)
    shirt, skirt, shoes = (
        crops.put(piece(text), rgb)
        for text, rgb in (("red shirt", RED), ("red skirt", RED), ("green sneakers", GREEN))
    )
    rule = OutfitScore((Term("color", 0.8, 1.0),))
    outfits = [
        Outfit((PlacedPiece(shirt, Slot.TOP), PlacedPiece(skirt, Slot.BOTTOM)), rule),
        Outfit((PlacedPiece(shirt, Slot.TOP), PlacedPiece(shoes, Slot.SHOES)), rule),
    ]
    scores = LearnedScores(scorer, 0.5)
    found = await scores.rescored("t", outfits, ModelVersion("any", "p"), 0.5)
    values = [outfit.score.terms[-1].value for outfit in found]
    assert values == [pytest.approx(1.0, abs=1e-3), pytest.approx(1 - 2**0.5 / 2, abs=1e-3)]
    assert [outfit.score.value for outfit in found] == [0.4 + value / 2 for value in values]
    assert {(run.model, run.rows) for run in runs} <= {("siamese", 1), ("siamese", 2), ("siamese", 3)}
    assert sum(run.rows for run in runs) == 3
    await scorer.close()
    with pytest.raises(Unavailable):
        await scorer.embeddings("t", [crops.put(piece("red hat"), RED)])


async def test_crops_are_read_once_while_they_are_the_same(tmp_path: Path) -> None:
    crops = Crops()
    scorer = await opened(tmp_path, crops)
    shirt = crops.put(replace(piece("red shirt"), embedding=np.eye(4, dtype=np.float32)[0]), RED)
    (before,) = (await scorer.embeddings("t", [shirt])).values()
    await scorer.embeddings("t", [shirt])
    assert crops.read == [("t", shirt.item_id)]
    await scorer.embeddings("u", [shirt])
    assert crops.read[1:] == [("u", shirt.item_id)]
    changed = crops.put(replace(shirt, embedding=np.eye(4, dtype=np.float32)[1]), GREEN)
    (after,) = (await scorer.embeddings("t", [changed])).values()
    assert not np.allclose(before, after)
    await scorer.close()


async def test_items_without_a_crop_have_no_embedding(tmp_path: Path) -> None:
    crops = Crops()
    scorer = await opened(tmp_path, crops)
    gone, damaged = piece("red shirt"), crops.put(piece("red skirt"), RED)
    crops.stored[damaged.item_id] = b"no picture"
    assert await scorer.embeddings("t", [gone, damaged]) == {}
    await scorer.close()


async def test_little_is_kept_and_nothing_of_what_end_users_own() -> None:
    kept, vector = RecentEmbeddings(most=2), np.ones(3, np.float32)
    pieces = [piece("red shirt"), piece("red skirt"), piece("red hat")]
    for each in pieces:
        kept.put("t", each, vector)
    assert [kept.get("t", each) is not None for each in pieces] == [False, True, True]
    kept.put("t", own := replace(piece("red coat"), is_own=True), vector)
    assert kept.get("t", own) is None
    assert len(kept) == 2
