from __future__ import annotations

import numpy as np
import pytest

from training.evaluation.intervals import macro_share, mean, share


def test_the_interval_of_a_share_is_wilsons() -> None:
    estimate = share([True] * 8 + [False] * 2)
    assert (estimate.value, estimate.count) == (0.8, 10)
    assert (estimate.low, estimate.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)


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


def test_the_macro_share_counts_every_group_alike() -> None:
    estimate = macro_share([True] * 90 + [False] * 5 + [True] * 5, ["dress"] * 90 + ["hat"] * 10)
    assert estimate.value == pytest.approx(0.75)
    assert estimate.low < 0.65
    assert estimate.high > 0.85
