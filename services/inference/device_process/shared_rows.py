"""Memory that an edge and the device both map: places for rows going in and rows coming out."""

from __future__ import annotations

import fcntl
import math
import mmap
import os
from bisect import bisect_left
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
    def from_json(cls, said: Mapping[str, Any]) -> RowLayout:
        return cls(
            tuple(said["input_shape"]), said["input_dtype"], tuple(said["output_shape"]), said["output_dtype"]
        )

    @property
    def input_bytes(self) -> int:
        return math.prod(self.input_shape) * np.dtype(self.input_dtype).itemsize

    @property
    def output_bytes(self) -> int:
        return math.prod(self.output_shape) * np.dtype(self.output_dtype).itemsize


@dataclass(frozen=True, slots=True, eq=False)
class SharedRows:
    """The places of one graph: `inputs` (P, ...) and `outputs` (P, ...), as both processes see them.

    Each graph has places of its own: what a row turns into while it runs, where nobody wants it any more and
    its place has gone to another, still is a valid row of that graph.
    """

    inputs: Array
    outputs: Array


def make_file(layouts: Sequence[RowLayout], places: Sequence[int]) -> int:
    """An open file in memory, gone with the last process that has it open, that nobody can make shorter.

    Memory is taken by the places that are used, not by those that there are.

    Raises:
        FailedPrecondition: the system has no such files.
    """
    if not hasattr(os, "memfd_create"):
        raise FailedPrecondition("several edge processes need shared memory as Linux has it (memfd_create)")
    file = os.memfd_create("armoire-rows", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(file, _total_bytes(layouts, places))
    fcntl.fcntl(file, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK)
    return file


def map_file(file: int, layouts: Sequence[RowLayout], places: Sequence[int]) -> list[SharedRows]:
    """The places of each graph, in one order at both ends. Raises ValueError where the file is too short.

    The memory stays mapped for as long as one of the arrays lives.
    """
    total = _total_bytes(layouts, places)
    if os.fstat(file).st_size < total:
        raise ValueError(f"the shared memory has {os.fstat(file).st_size} bytes, its places need {total}")
    memory = mmap.mmap(file, total)
    rows: list[SharedRows] = []
    start = 0
    for layout, count in zip(layouts, places, strict=True):
        inputs: Array = np.ndarray((count, *layout.input_shape), layout.input_dtype, memory, start)
        start += _whole_pages(inputs.nbytes)
        outputs: Array = np.ndarray((count, *layout.output_shape), layout.output_dtype, memory, start)
        start += _whole_pages(outputs.nbytes)
        rows.append(SharedRows(inputs, outputs))
    return rows


def _total_bytes(layouts: Sequence[RowLayout], places: Sequence[int]) -> int:
    return sum(
        _whole_pages(count * layout.input_bytes) + _whole_pages(count * layout.output_bytes)
        for layout, count in zip(layouts, places, strict=True)
    )


def _whole_pages(size: int) -> int:
    return -(-size // mmap.PAGESIZE) * mmap.PAGESIZE


class Places:
    """Which of `count` places are free. A job takes neighbours, the lowest there are."""

    def __init__(self, count: int) -> None:
        self._free: list[tuple[int, int]] = [(0, count)] if count else []

    @property
    def free(self) -> int:
        return sum(stop - start for start, stop in self._free)

    def take(self, count: int) -> int | None:
        """The first of `count` neighbours, or None where there are not as many."""
        for index, (start, stop) in enumerate(self._free):
            if stop - start >= count:
                self._free[index : index + 1] = [(start + count, stop)] if stop - start > count else []
                return start
        return None

    def give_back(self, first: int, count: int) -> None:
        """Free what `take` has given, whole."""
        start, stop = first, first + count
        index = bisect_left(self._free, (start, stop))
        if index < len(self._free) and self._free[index][0] == stop:
            stop = self._free.pop(index)[1]
        if index and self._free[index - 1][1] == start:
            index -= 1
            start = self._free.pop(index)[0]
        self._free.insert(index, (start, stop))
