"""What the rules' terms are made of, in words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from domain.garment_types import Season
from domain.outfit_rules import OutfitRules
from services.outfits.piece import Piece
from services.outfits.scorer import Occasion
from services.outfits.term_values import PLAIN, outfit_warmth, warmth_wanted

_FAR_FORMALITY, _OFF_FORMALITY = 0.25, 0.1
_FAR_WARMTH = 0.25
_AS_FORMAL, _MIXED = 0.9, 0.8
"""The least value of formality of which it is said that all pieces are about as formal; and below which that
one is less formal, or not for the season.
"""


def formality_reason(pieces: Sequence[Piece], occasion: Occasion, value: float) -> str:
    least, most = min(pieces, key=_formal), max(pieces, key=_formal)
    if value < _MIXED and most.formality - least.formality > _FAR_FORMALITY:
        return f"the {least.type.name} {_verb(least)} less formal than the {most.type.name}"
    mean = sum(map(_formal, pieces)) / len(pieces)
    if occasion.formality is not None and abs(mean - occasion.formality) > _OFF_FORMALITY:
        return f"it is {'more' if mean > occasion.formality else 'less'} formal than asked for"
    return "all pieces are about as formal" if len(pieces) > 1 and value >= _AS_FORMAL else ""


def compatibility_reason(pieces: Sequence[Piece], rules: OutfitRules) -> str:
    good = ""
    for one, other in combinations(pieces, 2):
        pair = frozenset({one.type.name, other.type.name})
        if pair in rules.bad_pairs:
            return f"{one.type.name} and {other.type.name} do not go together"
        if pair in rules.good_pairs:
            good = good or f"{one.type.name} and {other.type.name} go well together"
    return good


def pattern_reason(pieces: Sequence[Piece]) -> str:
    patterned = [piece for piece in pieces if piece.pattern not in ("", PLAIN)]
    words = [f"the {piece.pattern} {piece.type.name}" for piece in patterned]
    if len(words) < 2:
        return f"{words[0]} stands alone" if words else ""
    return f"{words[0]} and {words[1]} compete"


def season_reason(pieces: Sequence[Piece], occasion: Occasion, value: float) -> str:
    season = occasion.season or max(Season, key=lambda each: sum(each in piece.seasons for piece in pieces))
    odd = next((piece for piece in pieces if season not in piece.seasons), None)
    if value >= _MIXED:
        return f"all of it is for {season}" if occasion.season and not odd else ""
    wanted, worn = 0.0, 0.0
    if occasion.temperature_c is not None:
        wanted, worn = warmth_wanted(occasion.temperature_c), outfit_warmth(pieces)
    if odd and abs(wanted - worn) <= _FAR_WARMTH:
        return f"the {odd.type.name} {_verb(odd)} not for {season}"
    return f"it is too {'warm' if worn > wanted else 'light'} for {occasion.temperature_c:g} °C"


def _formal(piece: Piece) -> float:
    return piece.formality


def _verb(piece: Piece) -> str:
    return "are" if piece.type.name.endswith("s") and not piece.type.name.endswith("ss") else "is"
