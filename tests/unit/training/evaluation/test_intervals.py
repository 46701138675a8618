from __future__ import annotations

import numpy as np
import pytest

from training.evaluation.intervals import macro_mean, mean, share


def test_the_interval_of_a_share_is_wilsons() -> None:
    estimate = share([True] * 10)
    assert (estimate.value, estimate.count) == (1.0, 10)
    assert (estimate.low, estimate.high) == pytest.approx((0.7225, 1.0), abs=1e-4)


def test_where_contributors_differ_a_share_is_less_certain() -> None:
    right = ([True] * 9 + [False]) * 10 + ([False] * 9 + [True]) * 10
    apart, together = share(right), share(right, [str(index // 10) for index in range(200)])
    assert apart.value == together.value == 0.5
    assert (apart.low, apart.high) == pytest.approx((0.43, 0.57), abs=0.01)
    assert together.low < 0.4
    assert together.high > 0.6


def test_where_contributors_are_alike_the_interval_stays_wilsons() -> None:
    right = ([True] * 9 + [False]) * 10
    estimate = share(right, [str(index // 10) for index in range(100)])
    assert (estimate.low, estimate.high) == pytest.approx((0.8256, 0.9448), abs=1e-3)


@pytest.mark.parametrize("right", [True, False])
def test_a_share_of_all_or_nothing_still_has_a_width(right: bool) -> None:
    estimate = share([right] * 20)
    assert 0 <= estimate.low < estimate.high <= 1
    assert estimate.value == float(right)


def test_no_cases_are_no_share() -> None:
    with pytest.raises(ValueError, match="at least one"):
        share([])


def test_the_interval_of_a_mean_is_about_two_standard_errors() -> None:
    values = np.random.default_rng(1).normal(5, 2, 400)
    estimate = mean([*values])
    assert estimate.value == pytest.approx(values.mean())
    assert estimate.high - estimate.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)


def test_a_contributor_with_many_photos_weighs_as_many() -> None:
    values = [1.0] * 90 + [0.0] * 10
    estimate = mean(values, ["many"] * 90 + [f"one {index}" for index in range(10)])
    assert estimate.value == pytest.approx(0.9)
    assert estimate.low == pytest.approx(0.0)
    assert estimate.high > 0.95


def test_a_mean_over_one_contributor_has_no_width() -> None:
    estimate = mean([1.0, 2.0, 6.0], ["same"] * 3)
    assert (estimate.low, estimate.value, estimate.high) == (3.0, 3.0, 3.0)


def test_the_mean_over_groups_counts_every_group_alike() -> None:
    estimate = macro_mean([True] * 90 + [False] * 5 + [True] * 5, ["dress"] * 90 + ["hat"] * 10)
    assert estimate.value == pytest.approx(0.75)
    assert estimate.low < 0.65
    assert estimate.high > 0.85


def test_a_group_that_a_draw_misses_does_not_spoil_it() -> None:
    estimate = macro_mean([1.0, 1.0, 0.0], ["dress", "dress", "hat"], ["a", "b", "c"])
    assert estimate.value == 0.5
    assert (estimate.low, estimate.high) == (0.0, 1.0)
