"""Memory that an edge and the device both map: slots for input rows and for output rows."""

from __future__ import annotations

import fcntl
import math
import mmap
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.errors import FailedPrecondition
from services.inference.batching.entries import Array


@dataclass(frozen=True, slots=True)
class RowLayout:
    """The shape and dtype of one row of a graph's input and of its output."""

    input_shape: tuple[int, ...]
    input_dtype: str
    output_shape: tuple[int, ...]
    output_dtype: str

    @classmethod
    def of(cls, input_row: Array, output_row: Array) -> RowLayout:
        return cls(input_row.shape, input_row.dtype.str, output_row.shape, output_row.dtype.str)

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> RowLayout:
        return cls(
            tuple(message["input_shape"]),
            message["input_dtype"],
            tuple(message["output_shape"]),
            message["output_dtype"],
        )

    @property
    def input_bytes(self) -> int:
        return math.prod(self.input_shape) * np.dtype(self.input_dtype).itemsize

    @property
    def output_bytes(self) -> int:
        return math.prod(self.output_shape) * np.dtype(self.output_dtype).itemsize


@dataclass(frozen=True, slots=True, eq=False)
class SharedRows:
    """The slots of one graph in shared memory: `inputs` (S, ...) and `outputs` (S, ...).

    The input of a withdrawn request may change while it runs, because its slots may be reused; it still is a
    valid row of the same graph.
    """

    inputs: Array
    outputs: Array


def create_memory_file(layouts: Sequence[RowLayout], slots: Sequence[int]) -> int:
    """Create a memory file with room for the slots of each graph.

    It has no name, cannot be shortened, and is freed when the last process closes and unmaps it. Only slots
    that have been used take memory.

    Raises:
        FailedPrecondition: the system has no memfd.
    """
    if not hasattr(os, "memfd_create"):
        raise FailedPrecondition("several edge processes need shared memory as Linux has it (memfd_create)")
    file = os.memfd_create("armoire-rows", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(file, _total_bytes(layouts, slots))
    fcntl.fcntl(file, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK)
    return file


def map_memory_file(file: int, layouts: Sequence[RowLayout], slots: Sequence[int]) -> list[SharedRows]:
    """Map the slots of each graph, in the same order at both ends.

    The memory stays mapped as long as one of the arrays exists.

    Raises:
        ValueError: the file is too short.
    """
    total, size = _total_bytes(layouts, slots), os.fstat(file).st_size
    if size < total:
        raise ValueError(f"the shared memory has {size} bytes; its slots need {total}")
    memory = mmap.mmap(file, total)
    rows: list[SharedRows] = []
    start = 0
    for layout, count in zip(layouts, slots, strict=True):
        inputs: Array = np.ndarray((count, *layout.input_shape), layout.input_dtype, memory, start)
        start += _whole_pages(inputs.nbytes)
        outputs: Array = np.ndarray((count, *layout.output_shape), layout.output_dtype, memory, start)
        start += _whole_pages(outputs.nbytes)
        rows.append(SharedRows(inputs, outputs))
    return rows


def _total_bytes(layouts: Sequence[RowLayout], slots: Sequence[int]) -> int:
    return sum(
        _whole_pages(count * layout.input_bytes) + _whole_pages(count * layout.output_bytes)
        for layout, count in zip(layouts, slots, strict=True)
    )


def _whole_pages(size: int) -> int:
    return -(-size // mmap.PAGESIZE) * mmap.PAGESIZE
