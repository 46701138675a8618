"""Page-locked memory from a stand-in for the CUDA runtime, as these tests run without a GPU."""

from __future__ import annotations

import ctypes
import gc
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from models import pinned_memory
from models.pinned_memory import PinnedMemory, loaded_runtime


class StandIn:
    """Gives out ordinary memory, up to `most` bytes at a time, and remembers what is not freed.

    Like CUDA, it keeps an error until somebody asks for it.
    """

    def __init__(self, most: int = 2**20) -> None:
        self.most = most
        self.held: dict[int, Any] = {}
        self.asked: list[tuple[int, int]] = []
        self.last_error = 0
        self.cudaHostAlloc, self.cudaFreeHost = self.allocate, self.free
        self.cudaGetLastError = self.take_error

    def allocate(self, place: Any, size: int, flags: int) -> int:
        self.asked.append((size, flags))
        if size > self.most:
            self.last_error = 2
            return 2
        memory = ctypes.create_string_buffer(size)
        place._obj.value = ctypes.addressof(memory)
        self.held[ctypes.addressof(memory)] = memory
        return 0

    def free(self, pointer: Any) -> int:
        del self.held[pointer.value]
        return 0

    def take_error(self) -> int:
        error, self.last_error = self.last_error, 0
        return error


def test_a_thread_gets_the_same_memory_again_while_it_is_large_enough() -> None:
    runtime = StandIn()
    staging = PinnedMemory(runtime)
    first = staging((2, 3), np.dtype(np.float32))
    first[:] = 7.0
    second = staging((6,), np.dtype(np.float32))
    assert (first.shape, first.dtype) == ((2, 3), np.float32)
    assert second.ctypes.data == first.ctypes.data
    assert second.tolist() == [7.0] * 6
    assert runtime.asked == [(24, 1)]


def test_memory_grows_with_the_batches_and_the_smaller_buffer_is_freed() -> None:
    runtime = StandIn()
    staging = PinnedMemory(runtime)
    staging((4,), np.dtype(np.uint8))
    larger = staging((1000, 3), np.dtype(np.uint8))
    gc.collect()
    assert list(runtime.held) == [larger.ctypes.data]
    assert runtime.asked == [(4, 1), (3000, 1)]


def test_threads_do_not_share_it() -> None:
    staging = PinnedMemory(StandIn())
    mine = staging((8,), np.dtype(np.uint8))
    with ThreadPoolExecutor(1) as other:
        theirs = other.submit(staging, (8,), np.dtype(np.uint8)).result()
    assert mine.ctypes.data != theirs.ctypes.data


def test_memory_of_a_thread_that_has_ended_is_freed() -> None:
    runtime = StandIn()
    staging = PinnedMemory(runtime)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: staging((8,), np.dtype(np.uint8)).fill(1)).result()
        assert len(runtime.held) == 1
    gc.collect()
    assert not runtime.held


def test_memory_stays_as_long_as_an_array_refers_to_it() -> None:
    runtime = StandIn()
    staging = PinnedMemory(runtime)
    kept = staging((4,), np.dtype(np.uint8))
    kept[:] = 5
    staging((1000,), np.dtype(np.uint8))[:] = 9
    gc.collect()
    assert kept.tolist() == [5, 5, 5, 5]
    assert len(runtime.held) == 2


def test_what_cannot_be_locked_is_ordinary_and_tried_once(caplog: pytest.LogCaptureFixture) -> None:
    """Smaller batches keep theirs, and the error is not left for onnxruntime to find."""
    runtime = StandIn(most=100)
    staging = PinnedMemory(runtime)
    small = staging((10,), np.dtype(np.float64))
    with caplog.at_level(logging.WARNING):
        arrays = [staging((size,), np.dtype(np.float64)) for size in (200, 300, 200)]
    assert [len(array) for array in arrays] == [200, 300, 200]
    assert staging((10,), np.dtype(np.float64)).ctypes.data == small.ctypes.data
    assert [record.message for record in caplog.records] == [
        "1600 bytes of memory could not be page-locked (CUDA error 2): copies take longer"
    ]
    assert runtime.asked == [(80, 1), (1600, 1)]
    assert runtime.last_error == 0


def test_the_runtime_is_one_that_the_process_has_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str, mode: int) -> Any:
        assert mode & os.RTLD_NOLOAD
        if name != "libcudart.so.12":
            raise OSError(f"{name} is not loaded")
        return SimpleNamespace(cudaHostAlloc=SimpleNamespace(), cudaFreeHost=SimpleNamespace())

    monkeypatch.setattr(ctypes, "CDLL", load)
    runtime = loaded_runtime()
    assert ctypes.c_size_t in runtime.cudaHostAlloc.argtypes
    monkeypatch.setattr(pinned_memory, "_LIBRARIES", ("libcudart.so.99",))
    assert loaded_runtime() is None
