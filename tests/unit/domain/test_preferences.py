"""Preferences are the same whether feedback is summed up one by one or at once, in whatever order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.preference_rules import Facet
from domain.preferences import MAX_VALUES, Appearance, Preferences, Signal, Tally
from domain.types import ModelVersion

VERSION = ModelVersion("model-1", "square-1")
DAY_US = 86_400_000_000
HALF_LIFE_US = 30.0 * DAY_US
WEIGHTS = (1.0, -1.0, 2.0, -0.3)
COLORS = ("navy", "red", "white")


def unit(*numbers: float) -> np.ndarray:
    vector = np.array(numbers, np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def signal(day: float, weight: float, color: str = "navy", vector: np.ndarray | None = None) -> Signal:
    return Signal(round(day * DAY_US), weight, Appearance({Facet.COLOR: (color,)}, vector))


SIGNALS = st.builds(
    signal,
    st.floats(1, 400),
    st.sampled_from(WEIGHTS),
    st.sampled_from(COLORS),
    st.sampled_from([unit(1, 0), unit(0, 1), unit(1, 1), None]),
)


def summed(signals: list[Signal]) -> Preferences:
    known = Preferences()
    for each in signals:
        known = known.plus(each, VERSION, HALF_LIFE_US)
    return known


@given(st.lists(SIGNALS, min_size=1, max_size=30), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_one_by_one_is_as_all_at_once(signals: list[Signal], dice: object) -> None:
    known = summed(signals)
    last_us = max(each.moment_us for each in signals)
    assert (known.as_of_us, known.signals) == (last_us, len(signals))
    for color in COLORS:
        weights = [
            each.weight * 0.5 ** ((last_us - each.moment_us) / HALF_LIFE_US)
            for each in signals
            if each.seen.traits[Facet.COLOR] == (color,)
        ]
        tally = known.tallies[Facet.COLOR].get(color, Tally())
        assert tally.score == pytest.approx(sum(weights), abs=1e-9)
        assert tally.weight == pytest.approx(sum(map(abs, weights)), abs=1e-9)
    shuffled = list(signals)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    other = summed(shuffled)
    assert (other.direction is None) == (known.direction is None)
    if known.direction is not None and other.direction is not None:
        assert other.direction.vector == pytest.approx(known.direction.vector, abs=1e-3)
        assert other.direction.liked_weight == pytest.approx(known.direction.liked_weight, abs=1e-9)


def test_half_is_left_after_a_half_life() -> None:
    known = summed([signal(1, 2.0, vector=unit(1, 0))])
    later = known.at(DAY_US + round(HALF_LIFE_US), HALF_LIFE_US)
    assert later.tallies[Facet.COLOR]["navy"] == Tally(1.0, 1.0)
    assert known.direction is not None
    assert later.direction is not None
    assert later.direction.liked_weight == 1.0
    assert later.direction.vector == pytest.approx(known.direction.vector)
    assert known.at(0, HALF_LIFE_US).tallies == known.tallies


def test_the_direction_leads_from_what_is_disliked_to_what_is_liked() -> None:
    known = summed([signal(1, 1.0, vector=unit(1, 0)), signal(1, -1.0, vector=unit(0, 1))])
    assert known.direction is not None
    assert known.direction.vector == pytest.approx([1.0, -1.0])


def test_a_direction_is_of_one_version() -> None:
    known = summed([signal(1, 1.0, vector=unit(1, 0))])
    newer = ModelVersion("model-2", "square-1")
    mixed = known.plus(signal(2, 1.0, "red", unit(0, 1)), newer, HALF_LIFE_US)
    assert mixed.direction is not None
    assert (mixed.direction.version, mixed.direction.liked[1]) == (VERSION, 0.0)
    assert mixed.tallies[Facet.COLOR].keys() == {"navy", "red"}
    anew = mixed.with_direction([signal(1, 1.0, vector=unit(0, 1))], newer, HALF_LIFE_US)
    assert anew.direction is not None
    assert anew.direction.version == newer
    assert anew.direction.vector == pytest.approx([0.0, 1.0])
    assert anew.tallies == mixed.tallies
    assert mixed.with_direction([], newer, HALF_LIFE_US).direction is None


def test_values_are_bounded_and_the_least_is_forgotten() -> None:
    signals = [signal(1, 1.0, f"color {number}") for number in range(MAX_VALUES)]
    known = summed([signal(1, 2.0, "navy"), *signals])
    values = known.tallies[Facet.COLOR]
    assert len(values) == MAX_VALUES
    assert "navy" in values


def test_little_feedback_says_little() -> None:
    assert Tally().mean(1.0) == 0.0
    assert 0 < Tally(1.0, 1.0).mean(1.0) < Tally(9.0, 9.0).mean(1.0) < 1
    assert Tally(-9.0, 9.0).mean(1.0) == -Tally(9.0, 9.0).mean(1.0)
