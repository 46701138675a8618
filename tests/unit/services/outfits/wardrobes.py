"""Pieces for tests of outfits."""

from __future__ import annotations

import random
from functools import cache
from itertools import count

import numpy as np

from domain.outfit_rules import OutfitRules
from domain.taxonomy import Taxonomy, normalized
from services.outfits.piece import Piece
from settings import ROOT

WIDTH = 8
_IDS = count()


@cache
def taxonomy() -> Taxonomy:
    return Taxonomy.load(ROOT / "domain/taxonomy.toml")


@cache
def rules() -> OutfitRules:
    return OutfitRules.load(ROOT / "domain/outfit_rules.toml", taxonomy())


def piece(text: str, pattern: str = "plain") -> Piece:
    """Such as "navy chinos": a colour, and a garment type or a word for one."""
    (color, *_), rest = taxonomy().take_colors(text)
    found = next(each for each in taxonomy().garment_types if normalized(each.name) == rest)
    return Piece(f"item-{next(_IDS)}", found, color, pattern, found.formality)


def wardrobe(size: int, seed: int) -> list[Piece]:
    """Random pieces with random embeddings."""
    dice, numbers = random.Random(seed), np.random.default_rng(seed)
    pieces = []
    for index in range(size):
        kind = dice.choice(taxonomy().garment_types)
        vector = numbers.normal(size=WIDTH).astype(np.float32)
        color, pattern = dice.choice(list(taxonomy().colors)), dice.choice(("plain", "plain", "striped"))
        unit = vector / np.linalg.norm(vector)
        pieces.append(Piece(f"item-{index}", kind, color, pattern, kind.formality, unit))
    return pieces
