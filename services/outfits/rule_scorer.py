"""Scores outfits by the rules of `outfit_rules.toml`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from domain.garment_types import Season
from domain.outfit_rules import OutfitRules, OutfitWeights
from domain.taxonomy import Taxonomy
from services.outfits.color_harmony import ColorHarmony
from services.outfits.piece import Piece
from services.outfits.scorer import Occasion, OutfitScore, Term

_SAME_VARIANCE, _LOWEST_VARIANCE = 0.01, 0.09
"""The variances of formality up to which nothing is lost, and at which nothing is left of its value: about
that of a ball gown with joggers.
"""
_COMPATIBLE, _GOOD, _BAD = 0.9, 0.05, 0.4
_MOST_GOOD = 0.1
"""What good pairs add at most."""
_FAR_FORMALITY, _OFF_FORMALITY = 0.25, 0.1
_FAR_WARMTH = 0.25
_AS_FORMAL, _MIXED = 0.9, 0.8
"""The least value of formality of which it is said that all pieces are about as formal; and below which that
one is less formal, or not for the season.
"""
_AT_MOST = 1.0 - 1e-9
"""What terms take together, so that rounding leaves no score below 0."""
_TWO_PATTERNS, _SAME_PATTERN = 0.4, 0.6
_PLAIN = "plain"
_COLDEST_C, _WARMEST_C = -5.0, 28.0
"""Between which the warmth that is wanted falls from 1 to 0."""


class RuleScorer:
    """Five terms: colours, formality, garments that go together, patterns, and the season or temperature.

    What a term lacks counts as often as the rules' severity, so that one severe fault shows; the score is not
    below 0.
    """

    def __init__(self, rules: OutfitRules, taxonomy: Taxonomy, weights: OutfitWeights | None = None) -> None:
        """`weights` of None are those of the rules."""
        self._rules = rules
        self._colors = ColorHarmony(rules, taxonomy)
        self._shares = (weights or rules.weights).shares

    def score(self, pieces: Sequence[Piece], occasion: Occasion = Occasion()) -> OutfitScore:
        """See `Scorer`."""
        values = {
            "color": self._colors.value(pieces),
            "formality": _formality(pieces, occasion),
            "compatibility": self._compatibility(pieces),
            "pattern": _pattern(pieces),
            "season": _season(pieces, occasion),
        }
        shares = self._shares
        lacking = sum(shares[name] * (1.0 - value) for name, (value, _) in values.items())
        severity = min(self._rules.severity, _AT_MOST / lacking) if lacking else self._rules.severity
        return OutfitScore(
            tuple(Term(name, value, shares[name], why, severity) for name, (value, why) in values.items())
        )

    def _compatibility(self, pieces: Sequence[Piece]) -> tuple[float, str]:
        goods, bads, good, bad = 0, 0, "", ""
        for one, other in combinations(pieces, 2):
            pair = frozenset({one.type.name, other.type.name})
            if pair in self._rules.bad_pairs:
                bads += 1
                bad = bad or f"{one.type.name} and {other.type.name} do not go together"
            elif pair in self._rules.good_pairs:
                goods += 1
                good = good or f"{one.type.name} and {other.type.name} go well together"
        value = _COMPATIBLE + min(_MOST_GOOD, _GOOD * goods) - _BAD * bads
        return max(0.0, value), bad or good


def _formality(pieces: Sequence[Piece], occasion: Occasion) -> tuple[float, str]:
    """1 less the variance between the pieces, and less the distance to what is asked for."""
    levels = [piece.formality for piece in pieces]
    mean = sum(levels) / len(levels)
    variance = sum((level - mean) ** 2 for level in levels) / len(levels)
    excess = max(0.0, variance - _SAME_VARIANCE) / (_LOWEST_VARIANCE - _SAME_VARIANCE)
    value, reason = 1.0 - min(1.0, excess), ""
    least, most = min(pieces, key=_formal), max(pieces, key=_formal)
    if value < _MIXED and most.formality - least.formality > _FAR_FORMALITY:
        reason = f"the {least.type.name} {_verb(least)} less formal than the {most.type.name}"
    if occasion.formality is not None:
        off = abs(mean - occasion.formality)
        value *= 1.0 - off
        if not reason and off > _OFF_FORMALITY:
            reason = f"it is {'more' if mean > occasion.formality else 'less'} formal than asked for"
    is_same = len(pieces) > 1 and value >= _AS_FORMAL
    return value, reason or ("all pieces are about as formal" if is_same else "")


def _formal(piece: Piece) -> float:
    return piece.formality


def _verb(piece: Piece) -> str:
    return "are" if piece.type.name.endswith("s") and not piece.type.name.endswith("ss") else "is"


def _pattern(pieces: Sequence[Piece]) -> tuple[float, str]:
    patterned = [piece for piece in pieces if piece.pattern not in ("", _PLAIN)]
    if len(patterned) < 2:
        return 1.0, f"the {patterned[0].pattern} {patterned[0].type.name} stands alone" if patterned else ""
    kinds = Counter(piece.pattern for piece in patterned)
    first, second = patterned[:2]
    value = _SAME_PATTERN if len(kinds) == 1 else _TWO_PATTERNS
    further = 0.2 * (len(patterned) - 2)
    words = f"the {first.pattern} {first.type.name} and the {second.pattern} {second.type.name} compete"
    return max(0.0, value - further), words


def _season(pieces: Sequence[Piece], occasion: Occasion) -> tuple[float, str]:
    """The share of the pieces that are worn in one season; and how near their warmth is to that wanted."""
    seasons = [occasion.season] if occasion.season else list(Season)
    counts = {season: sum(season in piece.seasons for piece in pieces) for season in seasons}
    season = max(seasons, key=lambda each: counts[each])
    value = counts[season] / len(pieces)
    odd = next((piece for piece in pieces if season not in piece.seasons), None)
    off, misfit = 0.0, ""
    if occasion.temperature_c is not None:
        wanted, worn = warmth_wanted(occasion.temperature_c), outfit_warmth(pieces)
        off = abs(wanted - worn)
        value *= 1.0 - off
        misfit = f"it is too {'warm' if worn > wanted else 'light'} for {occasion.temperature_c:g} °C"
    if value < _MIXED and odd and off <= _FAR_WARMTH:
        return value, f"the {odd.type.name} {_verb(odd)} not for {season}"
    if value < _MIXED:
        return value, misfit
    return value, f"all of it is for {season}" if occasion.season and not odd else ""


def warmth_wanted(temperature_c: float) -> float:
    """From 0 to 1."""
    share = (_WARMEST_C - temperature_c) / (_WARMEST_C - _COLDEST_C)
    return min(1.0, max(0.0, share))


def outfit_warmth(pieces: Sequence[Piece]) -> float:
    """The warmth of all pieces together, 0 to 1: each takes its share of the cold that the others leave."""
    cold = 1.0
    for piece in pieces:
        cold *= 1.0 - _COVER * piece.warmth
    return 1.0 - cold


_COVER = 0.6
"""The share of the body that a garment warms."""
