"""The values of the rules' terms, of many sets of pieces at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from domain.garment_types import Season
from domain.outfit_rules import OutfitRules, Pair
from domain.taxonomy import Taxonomy
from services.outfits.color_harmony import ColorHarmony
from services.outfits.piece import Piece
from services.outfits.scorer import Occasion

TERMS = ("color", "formality", "compatibility", "pattern", "season")
PLAIN = "plain"
Values: TypeAlias = npt.NDArray[np.float64]
_Rows: TypeAlias = npt.NDArray[np.intp]

_SAME_VARIANCE, _LOWEST_VARIANCE = 0.01, 0.09
"""The variances of formality up to which nothing is lost, and at which nothing is left of its value: about
that of a ball gown with joggers.
"""
_COMPATIBLE, _GOOD, _BAD = 0.9, 0.05, 0.4
_MOST_GOOD = 0.1
"""What good pairs add at most."""
_TWO_PATTERNS, _SAME_PATTERN, _FURTHER_PATTERN = 0.4, 0.6, 0.2
_COLDEST_C, _WARMEST_C = -5.0, 28.0
"""Between which the warmth that is wanted falls from 1 to 0."""
_COVER = 0.6
"""The share of the body that a garment warms."""
_SEASONS = tuple(Season)


class TermValues:
    """Remembers the pieces that it has seen: made for a request, or for pieces that stay the same."""

    def __init__(self, rules: OutfitRules, taxonomy: Taxonomy) -> None:
        self.colors = ColorHarmony(rules, taxonomy)
        self._types = _numbered(
            name for pair in (*rules.good_pairs, *rules.bad_pairs) for name in sorted(pair)
        )
        self._good = _pair_table(rules.good_pairs, self._types)
        self._bad = _pair_table(rules.bad_pairs, self._types)
        self._patterns = {"": 0, PLAIN: 0}
        self._rows: dict[Piece, int] = {}
        self._seen = _PieceTable.of_nothing()

    def __call__(self, sets: Sequence[Sequence[Piece]], occasion: Occasion) -> Values:
        """(N, 5) float64, 0 to 1, in the order of `TERMS`, of N sets of one piece and more."""
        rows = self._rows_of(sets)
        sizes = np.array([len(pieces) for pieces in sets], np.float64)
        seen = self._seen
        columns = (
            np.array([self.colors.value(frozenset([piece.color for piece in pieces])) for pieces in sets]),
            _formality(seen.formality[rows], rows > 0, sizes, occasion.formality),
            self._compatibility(seen.types[rows]),
            _pattern(seen.patterns[rows]),
            _season(seen.seasons[rows], seen.cold[rows], sizes, occasion),
        )
        return np.stack(columns, axis=1)

    def _rows_of(self, sets: Sequence[Sequence[Piece]]) -> _Rows:
        """(N, L): the rows of the pieces in the table, 0 behind the last."""
        rows = self._rows
        if unseen := {piece: None for pieces in sets for piece in pieces if piece not in rows}:
            rows.update((piece, number) for number, piece in enumerate(unseen, start=len(rows) + 1))
            self._seen = self._seen.followed_by(_PieceTable.of(unseen, self._types, self._patterns))
        padded = np.zeros((len(sets), max(map(len, sets))), np.intp)
        for number, pieces in enumerate(sets):
            padded[number, : len(pieces)] = [rows[piece] for piece in pieces]
        return padded

    def _compatibility(self, types: _Rows) -> Values:
        first, second = np.triu_indices(types.shape[1], 1)
        pairs = types[:, first], types[:, second]
        good, bad = (table[pairs].sum(axis=1) for table in (self._good, self._bad))
        value: Values = _COMPATIBLE + np.minimum(_MOST_GOOD, _GOOD * good) - _BAD * bad
        return np.maximum(0.0, value, out=value)


class _PieceTable(NamedTuple):
    """What the rules see of pieces, a row each.

    Attributes:
        formality, cold: (P,) float64; the latter is the share of the cold that the piece leaves.
        types, patterns: (P,) numbers; 0 for types in no pair, and for plain pieces.
        seasons: (P, 4) 1 for those in which it is worn, else 0.
    """

    formality: Values
    cold: Values
    types: _Rows
    patterns: _Rows
    seasons: _Rows

    @classmethod
    def of(cls, pieces: Collection[Piece], types: Mapping[str, int], patterns: dict[str, int]) -> _PieceTable:
        """Patterns that are new get a number."""
        for piece in pieces:
            patterns.setdefault(piece.pattern, len(patterns))
        return cls(
            np.array([piece.formality for piece in pieces], np.float64),
            np.array([1.0 - _COVER * piece.warmth for piece in pieces], np.float64),
            np.array([types.get(piece.type.name, 0) for piece in pieces], np.intp),
            np.array([patterns[piece.pattern] for piece in pieces], np.intp),
            np.array([[season in piece.seasons for season in _SEASONS] for piece in pieces], np.intp),
        )

    @classmethod
    def of_nothing(cls) -> _PieceTable:
        """One row that changes no sum, product or maximum."""
        none = np.zeros(1, np.intp)
        return cls(np.zeros(1), np.ones(1), none, none, np.zeros((1, len(_SEASONS)), np.intp))

    def followed_by(self, other: _PieceTable) -> _PieceTable:
        """The rows of both."""
        return _PieceTable(*(np.concatenate(columns) for columns in zip(self, other, strict=True)))


def _numbered(names: Iterable[str]) -> dict[str, int]:
    """Each name with its number, from 1 on."""
    return {name: number for number, name in enumerate(dict.fromkeys(names), start=1)}


def _pair_table(pairs: Iterable[Pair], numbers: Mapping[str, int]) -> Values:
    """(T + 1, T + 1): 1 for the pairs, in both orders."""
    table = np.zeros((len(numbers) + 1, len(numbers) + 1))
    for pair in pairs:
        one, *others = sorted(pair)
        other = others[0] if others else one
        table[numbers[one], numbers[other]] = table[numbers[other], numbers[one]] = 1.0
    return table


def _formality(levels: Values, there: npt.NDArray[np.bool_], sizes: Values, wanted: float | None) -> Values:
    """1 less the variance between the pieces, and less the distance to what is asked for."""
    mean = levels.sum(axis=1) / sizes
    variance = (((levels - mean[:, None]) ** 2) * there).sum(axis=1) / sizes
    excess = np.maximum(0.0, variance - _SAME_VARIANCE) / (_LOWEST_VARIANCE - _SAME_VARIANCE)
    value: Values = 1.0 - np.minimum(1.0, excess)
    return value if wanted is None else value * (1.0 - np.abs(mean - wanted))


def _pattern(patterns: _Rows) -> Values:
    count = (patterns > 0).sum(axis=1)
    most = patterns.max(axis=1)
    same = ((patterns == 0) | (patterns == most[:, None])).all(axis=1)
    several = np.where(same, _SAME_PATTERN, _TWO_PATTERNS) - _FURTHER_PATTERN * (count - 2)
    return np.where(count < 2, 1.0, np.maximum(0.0, several))


def _season(seasons: _Rows, cold: Values, sizes: Values, occasion: Occasion) -> Values:
    """The share of the pieces that are worn in one season; and how near their warmth is to that wanted."""
    counts = seasons.sum(axis=1)
    most = counts.max(axis=1) if occasion.season is None else counts[:, _SEASONS.index(occasion.season)]
    value: Values = most / sizes
    if occasion.temperature_c is None:
        return value
    off: Values = np.abs(warmth_wanted(occasion.temperature_c) - (1.0 - cold.prod(axis=1)))
    return np.multiply(value, 1.0 - off, out=value)


def warmth_wanted(temperature_c: float) -> float:
    """From 0 to 1."""
    share = (_WARMEST_C - temperature_c) / (_WARMEST_C - _COLDEST_C)
    return min(1.0, max(0.0, share))


def outfit_warmth(pieces: Sequence[Piece]) -> float:
    """The warmth of all pieces together, 0 to 1: each takes its share of the cold that the others leave."""
    return 1.0 - float(np.prod([1.0 - _COVER * piece.warmth for piece in pieces]))
