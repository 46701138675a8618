"""Medians, ranges and intervals of rounds."""

from __future__ import annotations

import pytest

from bench.figures import Spread, interval


def test_a_spread_has_the_middle_and_both_ends() -> None:
    spread = Spread.of([0.9, 1.2, 1.0])
    assert (spread.median, spread.least, spread.most) == (1.0, 0.9, 1.2)
    assert spread.show() == "1.00 (0.90–1.20)"


def test_no_rounds_have_no_spread() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Spread.of([])


def test_equal_values_leave_no_doubt() -> None:
    assert interval([0.5] * 6) == (0.5, 0.5)


def test_the_interval_leaves_out_a_lone_outlier() -> None:
    low, high = interval([1.0] * 19 + [9.0])
    assert (low, high) == (1.0, 1.0)


def test_the_interval_lies_around_the_median_and_can_be_repeated() -> None:
    values = [value / 10 for value in range(1, 22)]
    low, high = interval(values)
    assert 0.1 < low < 1.1 < high < 2.1
    assert interval(values) == (low, high)
