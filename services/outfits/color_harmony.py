"""How well the colours of an outfit go together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from domain.outfit_rules import OutfitRules
from domain.taxonomy import Taxonomy
from services.outfits.piece import Piece

CLASH = 0.2
NEUTRAL = 0.75
ONE_COLOR = 0.85
SHADES = 0.8
"""Of shades of one family beside neutrals."""
CLASSIC = 0.95
LONE_CLASSIC = 1.0
"""Of a classic pair with nothing but neutrals beside it."""
NEAR_HUES = 0.7
OPPOSITE_HUES = 0.75
OTHER_HUES = 0.55
EACH_FURTHER = 0.15
"""What each colour beyond two that are not neutral costs."""
_MOST_COLORS = 2
_NEAR_DEG, _OPPOSITE_DEG = 45.0, 150.0


class ColorHarmony:
    """Source: the rules of dressing by the colour wheel: neutrals go with all, few colours, near or opposite
    hues. The hue is that of CIE L*a*b*, as an angle.
    """

    def __init__(self, rules: OutfitRules, taxonomy: Taxonomy) -> None:
        self._rules = rules
        self._taxonomy = taxonomy
        self._hue_deg = {
            name: math.degrees(math.atan2(lab[2], lab[1])) for name, lab in taxonomy.colors.items()
        }

    def value(self, pieces: Sequence[Piece]) -> tuple[float, str]:
        """From 0 to 1, and why; pieces without a colour do not count."""
        named = list(dict.fromkeys(piece.color for piece in pieces if piece.color))
        if not named:
            return NEUTRAL, ""
        pairs = list(combinations(named, 2))
        for pair in pairs:
            if frozenset(pair) in self._rules.clashes:
                return CLASH, f"{_both(pair)} clash"
        colors = [name for name in named if name not in self._rules.neutrals]
        families = list(dict.fromkeys(self._taxonomy.family_of(name) for name in colors))
        classic = next((pair for pair in pairs if frozenset(pair) in self._rules.classics), None)
        value, reason = self._basic(named, colors, families, classic)
        further = max(0, len(families) - _MOST_COLORS)
        if further:
            reason = f"{_listed(colors)} are {len(colors)} colours that are not neutral"
        return max(CLASH, value - EACH_FURTHER * further), reason

    def _basic(
        self, named: list[str], colors: list[str], families: list[str], classic: tuple[str, str] | None
    ) -> tuple[float, str]:
        """Whatever the number of colours."""
        if classic is not None:
            alone = all(name in classic for name in colors)
            return (LONE_CLASSIC if alone else CLASSIC), f"{_both(classic)} are a classic pair of colours"
        if not families:
            return NEUTRAL, f"{_listed(named)}: neutrals are always safe" if len(named) > 1 else ""
        if len(families) == 1:
            if len(colors) > 1:
                return SHADES, f"{_listed(colors)} are shades of one colour"
            beside = len(named) > 1
            return (ONE_COLOR, f"{colors[0]} is the one colour beside neutrals") if beside else (SHADES, "")
        return self._hues(colors)

    def _hues(self, colors: list[str]) -> tuple[float, str]:
        """The pair of colours that goes together least."""
        worst = min(
            (
                (self._of_hues(pair), pair)
                for pair in combinations(colors, 2)
                if self._taxonomy.family_of(pair[0]) != self._taxonomy.family_of(pair[1])
            ),
            key=lambda entry: entry[0],
        )
        value, pair = worst
        words = {NEAR_HUES: "are near on the colour wheel", OPPOSITE_HUES: "are opposite on the colour wheel"}
        return value, f"{_both(pair)} {words.get(value, 'are neither near nor opposite on the colour wheel')}"

    def _of_hues(self, pair: tuple[str, str]) -> float:
        apart = abs(self._hue_deg[pair[0]] - self._hue_deg[pair[1]]) % 360
        apart = min(apart, 360 - apart)
        if apart <= _NEAR_DEG:
            return NEAR_HUES
        return OPPOSITE_HUES if apart >= _OPPOSITE_DEG else OTHER_HUES


def _both(pair: tuple[str, str]) -> str:
    return f"{pair[0]} and {pair[1]}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
