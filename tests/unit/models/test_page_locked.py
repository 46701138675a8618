"""Page-locked memory, of a stand-in for the CUDA runtime: there is no GPU where these tests run."""

from __future__ import annotations

import ctypes
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from models.page_locked import PageLocked, loaded_runtime


class StandIn:
    """Gives out ordinary memory, up to `most` bytes at a time, and remembers what is not given back."""

    def __init__(self, most: int = 2**20) -> None:
        self.most = most
        self.held: dict[int, Any] = {}
        self.asked: list[tuple[int, int]] = []
        self.cudaHostAlloc, self.cudaFreeHost = self.allocate, self.free

    def allocate(self, place: Any, size: int, flags: int) -> int:
        self.asked.append((size, flags))
        if size > self.most:
            return 2
        memory = ctypes.create_string_buffer(size)
        place._obj.value = ctypes.addressof(memory)
        self.held[ctypes.addressof(memory)] = memory
        return 0

    def free(self, pointer: Any) -> int:
        del self.held[pointer.value]
        return 0


def test_a_thread_gets_the_same_memory_again_while_it_is_large_enough() -> None:
    runtime = StandIn()
    room = PageLocked(runtime)
    first = room((2, 3), np.dtype(np.float32))
    first[:] = 7.0
    second = room((6,), np.dtype(np.float32))
    assert (first.shape, first.dtype) == ((2, 3), np.float32)
    assert second.ctypes.data == first.ctypes.data
    assert second.tolist() == [7.0] * 6
    assert runtime.asked == [(24, 1)]


def test_memory_grows_with_the_batches_and_the_smaller_piece_goes_back() -> None:
    runtime = StandIn()
    room = PageLocked(runtime)
    room((4,), np.dtype(np.uint8))
    larger = room((1000, 3), np.dtype(np.uint8))
    assert list(runtime.held) == [larger.ctypes.data]
    assert runtime.asked == [(4, 1), (3000, 1)]


def test_threads_do_not_share_it() -> None:
    room = PageLocked(StandIn())
    mine = room((8,), np.dtype(np.uint8))
    with ThreadPoolExecutor(1) as other:
        theirs = other.submit(room, (8,), np.dtype(np.uint8)).result()
    assert mine.ctypes.data != theirs.ctypes.data


def test_where_nothing_can_be_locked_ordinary_memory_does(caplog: pytest.LogCaptureFixture) -> None:
    runtime = StandIn(most=100)
    room = PageLocked(runtime)
    with caplog.at_level(logging.WARNING):
        arrays = [room((size,), np.dtype(np.float64)) for size in (200, 300, 10)]
    assert [len(array) for array in arrays] == [200, 300, 10]
    assert [record.message for record in caplog.records] == [
        "no 1600 bytes of page-locked memory (CUDA error 2): copies take longer"
    ]
    assert runtime.asked == [(1600, 1)]


def test_without_cuda_in_the_process_there_is_no_runtime() -> None:
    assert loaded_runtime() is None
