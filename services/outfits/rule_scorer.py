"""Scores outfits by the rules of `outfit_rules.toml`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from domain.outfit_rules import OutfitRules, OutfitWeights
from domain.taxonomy import Taxonomy
from services.outfits.piece import Piece
from services.outfits.scorer import Occasion, OutfitScore, Scores, Term
from services.outfits.term_reasons import (
    compatibility_reason,
    formality_reason,
    pattern_reason,
    season_reason,
)
from services.outfits.term_values import TERMS, TermValues

_AT_MOST = 1.0 - 1e-9
"""What terms take together, so that rounding leaves no score below 0."""


class RuleScorer:
    """Five terms: colours, formality, garments that go together, patterns, and the season or temperature.

    What a term lacks counts as often as the rules' severity, so that one severe fault shows; the score is not
    below 0. It remembers pieces as `TermValues`.
    """

    def __init__(self, rules: OutfitRules, taxonomy: Taxonomy, weights: OutfitWeights | None = None) -> None:
        """`weights` of None are those of the rules."""
        self._rules = rules
        shares = (weights or rules.weights).shares
        self._shares = np.array([shares[name] for name in TERMS])
        self._values = TermValues(rules, taxonomy)

    def score(self, pieces: Sequence[Piece], occasion: Occasion = Occasion()) -> OutfitScore:
        """See `Scorer`."""
        (values,) = self._values([pieces], occasion)
        lacking = float((1.0 - values) @ self._shares)
        severity = min(self._rules.severity, _AT_MOST / lacking) if lacking else self._rules.severity
        reasons = self._reasons(pieces, occasion, values.tolist())
        each = zip(TERMS, values.tolist(), self._shares.tolist(), reasons, strict=True)
        return OutfitScore(tuple(Term(*term, severity) for term in each))

    def scores(self, sets: Sequence[Sequence[Piece]], occasion: Occasion = Occasion()) -> Scores:
        """See `Scorer`."""
        lacking = (1.0 - self._values(sets, occasion)) @ self._shares
        scores: Scores = 1.0 - np.minimum(_AT_MOST, self._rules.severity * lacking)
        return scores

    def _reasons(
        self, pieces: Sequence[Piece], occasion: Occasion, values: Sequence[float]
    ) -> tuple[str, ...]:
        """In the order of the terms."""
        _, formality, _, _, season = values
        return (
            self._values.colors.reason(pieces),
            formality_reason(pieces, occasion, formality),
            compatibility_reason(pieces, self._rules),
            pattern_reason(pieces),
            season_reason(pieces, occasion, season),
        )
