"""Memory that a GPU copies from by itself."""

from __future__ import annotations

import ctypes
import logging
import math
import os
import threading
import weakref
from typing import Any

import numpy as np
import numpy.typing as npt

LOG = logging.getLogger("armoire.gpu")

_LIBRARIES = ("libcudart.so.13", "libcudart.so.12")
_PORTABLE = 1
"""cudaHostAllocPortable: locked for every context of the process. Source: driver_types.h."""


def loaded_runtime() -> Any:
    """The CUDA runtime that onnxruntime has brought into this process; None where it has brought none."""
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name, os.RTLD_LAZY | os.RTLD_NOLOAD)
        except OSError:
            continue
        library.cudaHostAlloc.argtypes = (ctypes.POINTER(ctypes.c_void_p), ctypes.c_size_t, ctypes.c_uint)
        library.cudaFreeHost.argtypes = (ctypes.c_void_p,)
        return library
    return None


class PinnedMemory:
    """A piece of page-locked memory for each thread that asks.

    The driver copies what lies elsewhere through a buffer of its own, while the thread waits. Source: CUDA
    C++ Best Practices Guide, "Pinned Memory". Where no more can be locked, ordinary memory has to do.
    """

    def __init__(self, runtime: Any) -> None:
        """`runtime`: as `loaded_runtime` finds it."""
        self._runtime = runtime
        self._of_thread = threading.local()
        self._refused = math.inf
        """Bytes that could not be had."""

    def __call__(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
        """An array for the calling thread, with whatever is in it; its next call takes the memory back."""
        size = math.prod(shape) * dtype.itemsize
        memory: npt.NDArray[np.uint8] | None = getattr(self._of_thread, "memory", None)
        if memory is None or len(memory) < size:
            memory = self._allocate(size)
            if memory is None:
                return np.empty(shape, dtype)
            self._of_thread.memory = memory
        return memory[:size].view(dtype).reshape(shape)

    def _allocate(self, size: int) -> npt.NDArray[np.uint8] | None:
        """Given back once nobody looks at it, so also where its thread has ended."""
        place = ctypes.c_void_p()
        if size >= self._refused:
            return None
        if error := self._runtime.cudaHostAlloc(ctypes.byref(place), size, _PORTABLE):
            self._runtime.cudaGetLastError()  # else onnxruntime takes it for one of its own
            self._refused = size
            LOG.warning("no %d bytes of page-locked memory (CUDA error %d): copies take longer", size, error)
            return None
        assert place.value is not None
        piece = (ctypes.c_uint8 * size).from_address(place.value)
        weakref.finalize(piece, self._runtime.cudaFreeHost, place).atexit = False
        return np.ctypeslib.as_array(piece)
