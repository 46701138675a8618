from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from training.recipes.optimization import interpolated, schedule, update_average  # noqa: E402


def test_the_rate_rises_and_then_falls_to_0() -> None:
    assert schedule(0.0, 0) == pytest.approx(0.01)
    assert schedule(0.0, 99) == pytest.approx(1.0)
    assert schedule(0.5, 1000) == pytest.approx(0.5)
    assert schedule(1.0, 1000) == schedule(2.0, 1000) == pytest.approx(0.0)


def test_the_average_follows_slowly_and_takes_counters_as_they_are() -> None:
    average, model = torch.nn.BatchNorm1d(1), torch.nn.BatchNorm1d(1)
    torch.nn.init.constant_(model.weight, 3.0)
    model.num_batches_tracked += 7
    update_average(average, model, 10_000)
    assert average.weight.item() == pytest.approx(1.004)
    assert average.num_batches_tracked.item() == 7
    update_average(average, model, 10)
    assert average.weight.item() == pytest.approx(2.002)


def test_half_way_is_the_middle_of_weights_and_the_last_of_counters() -> None:
    start, end = torch.nn.BatchNorm1d(1), torch.nn.BatchNorm1d(1)
    torch.nn.init.constant_(end.weight, 3.0)
    end.num_batches_tracked += 7
    middle = interpolated(start.state_dict(), end.state_dict(), 0.5)
    assert middle["weight"].item() == pytest.approx(2.0)
    assert middle["num_batches_tracked"].item() == 7
