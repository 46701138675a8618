"""The bounds of one model's batches and of its queue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BatchingOptions:
    """Bounds of one model's batches and of its queue.

    Attributes:
        max_batch: rows in one run of the model.
        max_run_s: seconds of a run up to which batches may grow; see `LocalRunner.warm_up`.
        max_queue_rows: rows that may wait; more are refused.
        max_queue_bytes: bytes of rows that may wait; more are refused.
        batch_sizes: sizes that the model is warmed for, in growing order; a batch is padded to the next of
            them. Empty: batches run at their exact size.
        bulk_every: while bulk rows wait, one of them is taken before every this many interactive rows.
    """

    max_batch: int = 8
    max_run_s: float = 0.05
    max_queue_rows: int = 2048
    max_queue_bytes: int = 512 * 2**20
    batch_sizes: tuple[int, ...] = ()
    bulk_every: int = 8

    def __post_init__(self) -> None:
        if min(self.max_batch, self.max_queue_rows, self.max_queue_bytes, self.bulk_every) < 1:
            raise ValueError("every bound of BatchingOptions must be at least 1")
        if self.batch_sizes and max(self.batch_sizes) < self.max_batch:
            raise ValueError("batch_sizes must reach max_batch")

    def padded_size(self, rows: int) -> int:
        """The rows that a batch of `rows` is padded to."""
        return next((size for size in self.batch_sizes if size >= rows), rows)


DETECTOR_BATCHING = BatchingOptions(max_batch=4)
IMAGE_BATCHING = BatchingOptions(max_batch=16)
TEXT_BATCHING = BatchingOptions(max_batch=32)
"""The defaults of each model on a CPU, which are also those of the settings."""


def doubling_sizes(max_batch: int) -> tuple[int, ...]:
    """1, 2, 4 and so on up to `max_batch`."""
    powers = [2**exponent for exponent in range(max_batch.bit_length()) if 2**exponent < max_batch]
    return (*powers, max_batch)
