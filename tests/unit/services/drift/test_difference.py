"""The tests of shares and of distances."""

from __future__ import annotations

import numpy as np
import pytest

from services.drift import difference
from services.drift.difference import energy_difference, share_difference
from services.drift.permutations import Exchanges

UNITS = np.arange(400)
EXCHANGES = Exchanges.draw(200, 200, 499, seed=0)


def test_equal_shares_have_no_effect() -> None:
    found = share_difference(np.array(["a", "b"] * 200), UNITS, EXCHANGES)
    assert found.p_value == 1.0
    assert found.effect == 0.0


def test_words_of_one_window_alone_are_a_whole_effect() -> None:
    found = share_difference(np.array(["a"] * 200 + ["b"] * 200), UNITS, EXCHANGES)
    assert found.p_value == pytest.approx(1 / 500)
    assert found.effect == pytest.approx(1.0, abs=0.06)


def test_the_effect_of_shares_is_what_moved() -> None:
    before, now = ["a"] * 100 + ["b"] * 100, ["a"] * 160 + ["b"] * 40
    found = share_difference(np.array(before + now), UNITS, EXCHANGES)
    assert found.effect == pytest.approx(0.3, abs=0.06)


def test_one_word_of_many_that_doubled_is_found() -> None:
    """G of fifty words hides it, the largest residual does not."""
    words = [f"word {number}" for number in range(50)]
    before = ["word 0"] * 40 + [words[1 + index % 49] for index in range(960)]
    now = ["word 0"] * 80 + [words[1 + index % 49] for index in range(920)]
    exchanges = Exchanges.draw(1000, 1000, 499, seed=0)
    found = share_difference(np.array(before + now), np.arange(2000), exchanges)
    assert found.p_value < 0.025
    counts = np.zeros((exchanges.current.shape[1], 50), np.float32)
    np.add.at(counts, (np.arange(2000), np.unique(before + now, return_inverse=True)[1]), 1.0)
    current = (exchanges.current @ counts).astype(np.float64)
    alone = difference._g_statistic(counts.sum(0, dtype=np.float64) - current, current)
    assert exchanges.p_value(alone) > 0.9


def test_a_residual_is_the_difference_in_standard_errors() -> None:
    """Of 100 and 300 garments, 20 and 30 have the word: 0.2 and 0.1, of 0.125 in both together."""
    residual = difference._largest_residual(np.array([[30.0, 270.0]]), np.array([[20.0, 80.0]]))
    assert residual[0] == pytest.approx(0.1 / np.sqrt(0.125 * 0.875 * (1 / 100 + 1 / 300)))


def test_points_that_moved_are_found() -> None:
    points = np.random.default_rng(1).normal(size=(400, 8)).astype(np.float32)
    points[200:, 0] += 1.0
    found = energy_difference(points, UNITS, EXCHANGES)
    assert found.p_value == pytest.approx(1 / 500)
    assert 0.02 < found.effect < 0.2


def test_points_that_spread_around_the_same_mean_are_found() -> None:
    points = np.random.default_rng(2).normal(size=(400, 1)).astype(np.float32)
    points[200:] *= 3.0
    assert energy_difference(points, UNITS, EXCHANGES).p_value == pytest.approx(1 / 500)


def test_points_without_any_distance_have_no_effect() -> None:
    found = energy_difference(np.ones((400, 3), np.float32), UNITS, EXCHANGES)
    assert (found.p_value, found.effect) == (1.0, 0.0)


def test_garments_of_one_call_count_together() -> None:
    """Ten calls a window, each with forty garments of one label, tell less than 400 garments would."""
    labels = np.repeat(np.array(["a", "b"] * 10), 20)
    together = share_difference(labels, np.repeat(np.arange(20), 20), Exchanges.draw(10, 10, 499, seed=0))
    moved = labels.copy()
    moved[:80] = "b"  # two calls of the reference
    apart = share_difference(moved, UNITS, EXCHANGES)
    whole = share_difference(moved, np.repeat(np.arange(20), 20), Exchanges.draw(10, 10, 499, seed=0))
    assert together.p_value == 1.0
    assert apart.p_value < 0.05 < whole.p_value


def test_many_points_are_drawn_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(difference, "MAX_ROWS", 100)
    points = np.random.default_rng(3).normal(size=(400, 2)).astype(np.float32)
    points[200:] += 2.0
    assert energy_difference(points, UNITS, EXCHANGES).p_value == pytest.approx(1 / 500)


@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize("seed", range(3))
def test_the_energy_distance_is_that_of_its_definition(seed: int, width: int) -> None:
    points = np.random.default_rng(seed).normal(size=(12, width)).astype(np.float32)
    points[3] = points[7]
    exchanges = Exchanges.draw(5, 7, 1, seed=seed)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    sums = difference._sorted_sums if width == 1 else difference._matrix_sums
    statistic, between = difference._energy(sums(points, exchanges.current), exchanges.current)
    for row, members in enumerate(exchanges.current > 0):
        own, others = np.flatnonzero(members), np.flatnonzero(~members)
        crossing = 2.0 * distances[np.ix_(own, others)].mean()
        inside = sum(distances[np.ix_(g, g)].sum() / (len(g) * (len(g) - 1)) for g in (own, others))
        assert between[row] == pytest.approx(crossing, rel=1e-5)
        assert statistic[row] == pytest.approx(crossing - inside, abs=1e-5)
