"""A plan keeps to its minutes where the models allow it, and says so where they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.tuning.budget import Budget, default_clients
from tests.unit.services.tuning.figures import figures


def test_trials_share_the_minutes() -> None:
    budget = Budget.of(4, 24, clients=8, typical=figures(single=10, throughput=100))
    assert budget.trial_s == pytest.approx(10 - 0.5 - 0.08)
    assert budget.total_s == pytest.approx(240)


def test_slow_models_take_the_time_they_need() -> None:
    slow = replace(figures(single=1000, throughput=2), load_models_s=5)
    budget = Budget.of(1, 20, clients=8, typical=slow)
    assert budget.trial_s == 0
    assert budget.total_s == pytest.approx(20 * (5 + 6 * 1.0 + 3 * 8 / 2))


@pytest.mark.parametrize(("cores", "clients"), [(1, 8), (2, 8), (8, 32), (64, 64)])
def test_the_load_grows_with_the_cores(cores: int, clients: int) -> None:
    assert default_clients(["cpu"], cores) == clients


def test_a_gpu_takes_a_large_load() -> None:
    assert default_clients(["cpu", "cuda"], 2) == 64
