"""The bounds of one model's batches and of its queue."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class BatchingOptions:
    """Bounds of one model's batches and of its queue.

    Attributes:
        max_batch: rows in one run of the model.
        max_run_s: the warm-up accepts a batch size if a run takes at most this many seconds; see
            `LocalRunner.warm_up`.
        max_queue_rows: rows that may wait; more are refused.
        max_queue_bytes: bytes of rows that may wait; more are refused.
        batch_sizes: sizes that the model is warmed for, in growing order; a batch is padded to the next of
            them. Empty: batches run at their exact size.
        bulk_every: once batches have taken this many interactive rows since the last bulk row, the next batch
            starts with a bulk row, if one waits.
    """

    max_batch: int = 8
    max_run_s: float = 0.05
    max_queue_rows: int = 2048
    max_queue_bytes: int = 512 * 2**20
    batch_sizes: tuple[int, ...] = ()
    bulk_every: int = 8

    def __post_init__(self) -> None:
        for name in ("max_batch", "max_queue_rows", "max_queue_bytes", "bulk_every"):
            if (value := getattr(self, name)) < 1:
                raise ValueError(f"{name} must be at least 1, not {value}")
        if any(size >= larger for size, larger in pairwise(self.batch_sizes)):
            raise ValueError(f"batch_sizes must be in growing order, not {self.batch_sizes}")
        if self.batch_sizes and self.batch_sizes[-1] < self.max_batch:
            raise ValueError(f"the largest of batch_sizes must be at least max_batch, {self.max_batch}")

    def padded_size(self, rows: int) -> int:
        """The rows that a batch of `rows` is padded to."""
        return next((size for size in self.batch_sizes if size >= rows), rows)


# The defaults of each model on a CPU. The settings have the same ones.
DETECTOR_BATCHING = BatchingOptions(max_batch=4)
IMAGE_BATCHING = BatchingOptions(max_batch=16)
TEXT_BATCHING = BatchingOptions(max_batch=32)
CLASSIFIER_BATCHING = BatchingOptions(max_batch=16)
OUTFIT_BATCHING = BatchingOptions(max_batch=64)


def doubling_sizes(max_batch: int) -> tuple[int, ...]:
    """1, 2, 4 and so on up to `max_batch`."""
    powers = [2**exponent for exponent in range(max_batch.bit_length()) if 2**exponent < max_batch]
    return (*powers, max_batch)
