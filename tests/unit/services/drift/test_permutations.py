"""Exchanges of units, and the family of their p-values."""

from __future__ import annotations

import numpy as np
import pytest

from services.drift.permutations import Exchanges, holm


def test_exchanges_keep_the_sizes_of_windows_and_begin_with_what_was_observed() -> None:
    exchanges = Exchanges.draw(5, 3, 200, seed=1)
    assert exchanges.current.shape == (201, 8)
    assert exchanges.current[0].tolist() == [0, 0, 0, 0, 0, 1, 1, 1]
    assert set(exchanges.current.sum(1).tolist()) == {3.0}
    assert len(np.unique(exchanges.current, axis=0)) > 40


def test_the_observed_statistic_is_one_of_those_that_are_as_large() -> None:
    exchanges = Exchanges.draw(2, 2, 9, seed=0)
    assert exchanges.p_value(np.array([9.0, *range(9)])) == pytest.approx(0.1)
    assert exchanges.p_value(np.zeros(10)) == 1.0


def test_holm_adjusts_for_the_family() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005], [1.0] * 4) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([], []) == []
    assert holm([0.9, 0.8], [1.0, 1.0]) == [1.0, 1.0]


def test_a_test_with_more_weight_has_more_of_the_level() -> None:
    assert holm([0.02, 0.02, 0.5], [2.0, 1.0, 1.0]) == pytest.approx([0.04, 0.04, 0.5])
    assert holm([0.03, 0.01], [3.0, 1.0]) == pytest.approx([0.04, 0.04])
