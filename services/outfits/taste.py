"""How well pieces suit an end user, from what feedback has said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.preference_rules import Facet, PreferenceRules
from domain.preferences import Appearance, Preferences, Traits
from domain.types import FloatArray

_DIRECTION_PRIOR = 4.0
"""How much feedback makes half of the certainty of a direction among embeddings, in priors."""


@dataclass(frozen=True, slots=True)
class Affinity:
    """How well a piece suits an end user.

    Attributes:
        value: -1 to 1; 0 where nothing is known.
        facet, word: what says so most, and its value; the word of the embedding is "".
    """

    value: float = 0.0
    facet: Facet | None = None
    word: str = ""


class Taste:
    """The preferences of an end user as of the moment of a call."""

    def __init__(self, preferences: Preferences, rules: PreferenceRules) -> None:
        self._preferences = preferences
        self._rules = rules

    def affinities(self, pool: Sequence[Appearance]) -> list[Affinity]:
        """Of each piece; the embeddings, of the version of the direction, count by how they differ within
        the pool.
        """
        near = self._near([each.vector for each in pool])
        return [self._affinity(each.traits, similarity) for each, similarity in zip(pool, near, strict=True)]

    def _affinity(self, traits: Traits, similarity: float) -> Affinity:
        shares = self._rules.facets
        parts = {
            (facet, value): shares[facet] * self._mean(facet, value) / len(values)
            for facet, values in traits.items()
            for value in values
        }
        parts[Facet.EMBEDDING, ""] = shares[Facet.EMBEDDING] * similarity
        value = float(np.tanh(self._rules.gain * sum(parts.values())))
        if not value:
            return Affinity()
        facet, word = max(parts, key=lambda key: parts[key] * value)
        return Affinity(value, facet, word)

    def _mean(self, facet: Facet, value: str) -> float:
        tally = self._preferences.tallies.get(facet, {}).get(value)
        return 0.0 if tally is None else tally.mean(self._rules.prior)

    def _near(self, vectors: Sequence[FloatArray | None]) -> list[float]:
        """How near the embeddings are to the direction, -1 to 1, 0 for the mean of the pool."""
        direction = self._preferences.direction
        given = [index for index, vector in enumerate(vectors) if vector is not None]
        near = [0.0] * len(vectors)
        if direction is None or len(given) < 2:
            return near
        along = np.stack([vectors[index] for index in given]) @ direction.vector  # type: ignore[misc]
        spread = float(along.std())
        if spread < 1e-6:
            return near
        amount = direction.liked_weight + direction.disliked_weight
        certainty = amount / (amount + _DIRECTION_PRIOR * self._rules.prior)
        scaled = certainty * np.tanh((along - along.mean()) / spread)
        for index, value in zip(given, scaled, strict=True):
            near[index] = float(value)
        return near
