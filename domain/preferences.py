"""What an end user likes, summed up from feedback one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np

from domain.preference_rules import Facet
from domain.types import FloatArray, ModelVersion

Traits: TypeAlias = Mapping[Facet, tuple[str, ...]]
"""What is known of a piece: the values of each facet but the embedding, where there are any."""

MAX_VALUES = 200
"""Of a facet; those that count least are forgotten."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What feedback says of a value: the sum of the weights, and of their amounts, which tells how much of it
    there was.
    """

    score: float = 0.0
    weight: float = 0.0

    def plus(self, weight: float) -> Tally:
        return Tally(self.score + weight, self.weight + abs(weight))

    def times(self, factor: float) -> Tally:
        return Tally(self.score * factor, self.weight * factor)

    def mean(self, prior: float) -> float:
        """How well it is liked, -1 to 1; `prior` is the weight of knowing nothing, which is 0."""
        return self.score / (self.weight + prior)


@dataclass(frozen=True, slots=True, eq=False)
class Direction:
    """Where in the space of embeddings of one version an end user's taste lies.

    Attributes:
        liked, disliked: (D,) float32, the sums of the embeddings by the amounts of their weights.
        liked_weight, disliked_weight: the sums of those amounts.
    """

    version: ModelVersion
    liked: FloatArray
    disliked: FloatArray
    liked_weight: float = 0.0
    disliked_weight: float = 0.0

    @classmethod
    def none(cls, version: ModelVersion, width: int) -> Direction:
        """Of somebody of whom nothing is known."""
        return cls(version, np.zeros(width, np.float32), np.zeros(width, np.float32))

    def plus(self, weight: float, vector: FloatArray) -> Direction:
        if weight > 0:
            return replace(self, liked=self.liked + weight * vector, liked_weight=self.liked_weight + weight)
        return replace(
            self, disliked=self.disliked - weight * vector, disliked_weight=self.disliked_weight - weight
        )

    def times(self, factor: float) -> Direction:
        return Direction(
            self.version,
            self.liked * factor,
            self.disliked * factor,
            self.liked_weight * factor,
            self.disliked_weight * factor,
        )

    @property
    def vector(self) -> FloatArray:
        """(D,): from the mean of what is disliked to that of what is liked.

        Source: relevance feedback by Rocchio (1971).
        """
        toward = self.liked / self.liked_weight if self.liked_weight else self.liked
        away = self.disliked / self.disliked_weight if self.disliked_weight else self.disliked
        result: FloatArray = toward - away
        return result


@dataclass(frozen=True, slots=True, eq=False)
class Appearance:
    """What tastes see of a piece; `vector` is (D,) float32, L2-normalised, None where there is none."""

    traits: Traits = field(default_factory=dict)
    vector: FloatArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """What one feedback says of one piece; `moment_us` is in microseconds since 1970."""

    moment_us: int
    weight: float
    seen: Appearance


@dataclass(frozen=True, slots=True, eq=False)
class Preferences:
    """What an end user likes, as of a moment; of a new one nothing is known.

    Attributes:
        signals: how many pieces feedback was given on.
    """

    as_of_us: int = 0
    signals: int = 0
    tallies: Mapping[Facet, Mapping[str, Tally]] = field(default_factory=dict)
    direction: Direction | None = None

    def at(self, moment_us: int, half_life_us: float) -> Preferences:
        """As they are at a moment: all weights decay; at an earlier one they are as they were last."""
        factor = 0.5 ** (max(0, moment_us - self.as_of_us) / half_life_us)
        tallies = {
            facet: {value: tally.times(factor) for value, tally in values.items()}
            for facet, values in self.tallies.items()
        }
        direction = None if self.direction is None else self.direction.times(factor)
        return Preferences(max(moment_us, self.as_of_us), self.signals, tallies, direction)

    def plus(self, signal: Signal, version: ModelVersion, half_life_us: float) -> Preferences:
        """With one more signal, whose vector is of that version; signals may come in any order.

        Where the direction is of another version, the vector is left out.
        """
        current = self.at(signal.moment_us, half_life_us)
        age_us = current.as_of_us - signal.moment_us
        weight = signal.weight * 0.5 ** (age_us / half_life_us)
        tallies = dict(current.tallies)
        for facet, values in signal.seen.traits.items():
            tallies[facet] = _counted(tallies.get(facet, {}), values, weight)
        direction = current.direction
        vector = signal.seen.vector
        if vector is not None:
            direction = direction or Direction.none(version, vector.size)
            if direction.version == version:
                direction = direction.plus(weight, vector)
        return Preferences(current.as_of_us, current.signals + 1, tallies, direction)

    def with_direction(
        self, signals: Sequence[Signal], version: ModelVersion, half_life_us: float
    ) -> Preferences:
        """With the direction that these signals give, of whose vectors that is the version."""
        anew = Preferences(self.as_of_us)
        for signal in signals:
            only_vector = replace(signal, seen=replace(signal.seen, traits={}))
            anew = anew.plus(only_vector, version, half_life_us)
        return replace(self, direction=anew.direction)


def _counted(known: Mapping[str, Tally], values: Sequence[str], weight: float) -> Mapping[str, Tally]:
    counted = dict(known)
    for value in values:
        counted[value] = counted.get(value, Tally()).plus(weight)
    if len(counted) > MAX_VALUES:
        least = min(counted, key=lambda value: (counted[value].weight, value))
        del counted[least]
    return counted
