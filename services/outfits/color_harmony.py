"""How well the colours of an outfit go together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, permutations

from domain.outfit_rules import OutfitRules
from domain.taxonomy import Taxonomy
from services.outfits.piece import Piece

CLASH = 0.2
NEUTRAL = 0.7
"""Of neutrals alone; those that are a classic pair, such as black and white, are one."""
ONE_COLOR = 0.85
SHADES = 0.8
"""Of one colour alone, or shades of one family beside neutrals."""
CLASSIC = 0.95
LONE_CLASSIC = 1.0
"""Of a classic pair with nothing but neutrals beside it."""
NEAR_HUES = 0.75
OPPOSITE_HUES = 0.8
OTHER_HUES = 0.55
EACH_FURTHER = 0.15
"""What each colour beyond two that are not neutral costs."""
_MOST_COLORS = 2
_NEAR_DEG, _OPPOSITE_DEG = 45.0, 150.0
_MOST_KNOWN = 16_384
"""Sets of colours whose value is kept."""


class ColorHarmony:
    """Source: the rules of dressing by the colour wheel: neutrals go with all, few colours, near or opposite
    hues. The hue is that of CIE L*a*b*, as an angle.
    """

    def __init__(self, rules: OutfitRules, taxonomy: Taxonomy) -> None:
        self._rules = rules
        self._taxonomy = taxonomy
        self._hues = dict(_hue_values(rules, taxonomy))
        self._known = lru_cache(_MOST_KNOWN)(self._value)

    def value(self, colors: frozenset[str]) -> float:
        """From 0 to 1; "" for pieces without a colour does not count."""
        return self._known(colors)

    def _value(self, colors: frozenset[str]) -> float:
        value, _ = self._judged(sorted(colors - {""}))
        return value

    def reason(self, pieces: Sequence[Piece]) -> str:
        """What the value is made of; colours are named in the order of the pieces."""
        _, reason = self._judged(list(dict.fromkeys(piece.color for piece in pieces if piece.color)))
        return reason

    def _judged(self, named: Sequence[str]) -> tuple[float, str]:
        """The value, and why."""
        if not named:
            return NEUTRAL, "its colours are not known"
        pairs = list(combinations(named, 2))
        for pair in pairs:
            if frozenset(pair) in self._rules.clashes:
                return CLASH, f"{_both(pair)} clash"
        colors = [name for name in named if name not in self._rules.neutrals]
        families = list(dict.fromkeys(self._taxonomy.family_of(name) for name in colors))
        classics = [pair for pair in pairs if frozenset(pair) in self._rules.classics]
        value, reason = self._of_families(named, colors, families, classics)
        further = max(0, len(families) - _MOST_COLORS)
        if further:
            reason = f"{_listed(colors)} are {len(colors)} colours that are not neutral"
        return max(CLASH, value - EACH_FURTHER * further), reason

    def _of_families(
        self, named: Sequence[str], colors: list[str], families: list[str], classics: list[tuple[str, str]]
    ) -> tuple[float, str]:
        """Whatever the number of colours: as good as the pair that goes together least."""
        if len(families) > 1 and (worst := self._worst(colors)) is not None:
            return worst
        if classics:
            alone = next((pair for pair in classics if set(colors) <= set(pair)), None)
            pair = alone or classics[0]
            return (LONE_CLASSIC if alone else CLASSIC), f"{_both(pair)} are a classic pair of colours"
        if not families:
            reason = f"{_listed(named)} are neutrals alone, safe but plain" if len(named) > 1 else ""
            return NEUTRAL, reason or f"{named[0]} alone is safe but plain"
        if len(colors) > 1:
            return SHADES, f"{_listed(colors)} are shades of one colour"
        beside = len(named) > 1
        if beside:
            return ONE_COLOR, f"{colors[0]} is the one colour beside neutrals"
        return SHADES, f"{colors[0]} is its one colour"

    def _worst(self, colors: Sequence[str]) -> tuple[float, str] | None:
        """The pair of colours of two families that goes together least; None where all are classic pairs."""
        pairs = [(self._hues[pair], pair) for pair in combinations(colors, 2) if pair in self._hues]
        if not pairs:
            return None
        value, pair = min(pairs, key=lambda entry: entry[0])
        words = {NEAR_HUES: "are near on the colour wheel", OPPOSITE_HUES: "are opposite on the colour wheel"}
        return value, f"{_both(pair)} {words.get(value, 'are neither near nor opposite on the colour wheel')}"


def _hue_values(rules: OutfitRules, taxonomy: Taxonomy) -> Iterator[tuple[tuple[str, str], float]]:
    """Of the pairs of colours of two families that are no classic, in both orders, without neutrals."""
    hue_deg = {name: math.degrees(math.atan2(lab[2], lab[1])) for name, lab in taxonomy.colors.items()}
    colors = [name for name in hue_deg if name not in rules.neutrals]
    for pair in permutations(colors, 2):
        one, other = pair
        if frozenset(pair) in rules.classics or taxonomy.family_of(one) == taxonomy.family_of(other):
            continue
        apart = abs(hue_deg[one] - hue_deg[other]) % 360
        yield pair, _hue_value(min(apart, 360 - apart))


def _hue_value(apart_deg: float) -> float:
    if apart_deg <= _NEAR_DEG:
        return NEAR_HUES
    return OPPOSITE_HUES if apart_deg >= _OPPOSITE_DEG else OTHER_HUES


def _both(pair: tuple[str, str]) -> str:
    return f"{pair[0]} and {pair[1]}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
