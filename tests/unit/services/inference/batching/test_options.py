from __future__ import annotations

import pytest

from services.inference.batching.options import BatchingOptions, doubling_sizes


@pytest.mark.parametrize(
    ("max_batch", "sizes"), [(1, (1,)), (2, (1, 2)), (6, (1, 2, 4, 6)), (8, (1, 2, 4, 8))]
)
def test_sizes_double_up_to_the_largest(max_batch: int, sizes: tuple[int, ...]) -> None:
    assert doubling_sizes(max_batch) == sizes


@pytest.mark.parametrize(("rows", "padded"), [(1, 1), (2, 4), (4, 4), (5, 8)])
def test_a_batch_is_padded_to_the_next_size(rows: int, padded: int) -> None:
    assert BatchingOptions(max_batch=8, batch_sizes=(1, 4, 8)).padded_size(rows) == padded


def test_without_sizes_batches_are_exact() -> None:
    assert BatchingOptions(max_batch=8).padded_size(5) == 5


@pytest.mark.parametrize("name", ["max_batch", "max_queue_rows", "max_queue_bytes", "bulk_every"])
def test_a_bound_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be at least 1, not 0"):
        BatchingOptions(**{name: 0})


def test_sizes_below_the_largest_batch_are_refused() -> None:
    with pytest.raises(ValueError, match="largest of batch_sizes must be at least max_batch, 8"):
        BatchingOptions(max_batch=8, batch_sizes=(1, 4))


def test_sizes_that_do_not_grow_are_refused() -> None:
    with pytest.raises(ValueError, match="growing order"):
        BatchingOptions(max_batch=8, batch_sizes=(8, 4))
