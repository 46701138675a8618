"""Medians, ranges and intervals of rounds."""

from __future__ import annotations

import pytest

from bench.spread import Spread, interval


def test_a_spread_has_the_middle_and_both_ends() -> None:
    spread = Spread.of([0.9, 1.2, 1.0])
    assert (spread.median, spread.least, spread.most) == (1.0, 0.9, 1.2)
    assert spread.show() == "1.00 (0.90–1.20)"


def test_no_rounds_have_no_spread() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Spread.of([])


def test_equal_values_leave_no_doubt() -> None:
    assert interval([0.5] * 6) == pytest.approx((0.5, 0.5))


def test_the_interval_is_student_s_on_a_scale_of_ratios() -> None:
    low, high = interval([0.9, 1.0, 1.0 / 0.9])
    reach = 4.303 * 0.1053605 / 3**0.5  # the logarithms are -0.105, 0 and 0.105
    assert (low, high) == pytest.approx((2.718281828**-reach, 2.718281828**reach), rel=1e-4)


def test_more_rounds_leave_less_doubt() -> None:
    few, many = interval([0.9, 1.1] * 2), interval([0.9, 1.1] * 20)
    assert few[0] < many[0] < 1 < many[1] < few[1]


def test_one_round_says_nothing_of_the_others() -> None:
    assert interval([0.9]) == (0.0, float("inf"))
    assert Spread.of([0.9]).show_interval() == ""


def test_a_run_without_an_answer_has_no_interval() -> None:
    assert interval([0.9, 0.0, 1.1]) == (0.0, float("inf"))
    assert Spread.of([0.9, 0.0]).show() == "0.45 (0.00–0.90)"
