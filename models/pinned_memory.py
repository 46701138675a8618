"""Experimental: page-locked host memory, which a GPU copies from by itself.

No GPU has measured what it gains; ADR 6 says how it is used.
"""

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
    """The CUDA runtime that onnxruntime has loaded into this process; None where it has loaded none."""
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
    """A buffer of page-locked memory for each thread that calls.

    The driver copies from other memory through a buffer of its own, while the thread waits. Where no more
    memory can be locked, the thread gets ordinary memory. Source: CUDA C++ Best Practices Guide, "Pinned
    Memory".
    """

    def __init__(self, runtime: Any) -> None:
        """`runtime` is the CUDA runtime, as `loaded_runtime` returns it."""
        self._runtime = runtime
        self._of_thread = threading.local()
        self._refused = math.inf
        """The smallest size in bytes that could not be locked; it is not tried again."""

    def __call__(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
        """An array for the calling thread, with undefined content; the next call of the thread reuses it."""
        size = math.prod(shape) * dtype.itemsize
        memory: npt.NDArray[np.uint8] | None = getattr(self._of_thread, "memory", None)
        if memory is None or len(memory) < size:
            memory = self._allocate(size)
            if memory is None:
                return np.empty(shape, dtype)
            self._of_thread.memory = memory
        return memory[:size].view(dtype).reshape(shape)

    def _allocate(self, size: int) -> npt.NDArray[np.uint8] | None:
        """`size` bytes, freed with the last array that refers to them, whether or not their thread lives."""
        pointer = ctypes.c_void_p()
        if size >= self._refused:
            return None
        if error := self._runtime.cudaHostAlloc(ctypes.byref(pointer), size, _PORTABLE):
            self._runtime.cudaGetLastError()  # else onnxruntime would take the error for one of its own
            self._refused = size
            LOG.warning(
                "%d bytes of memory could not be page-locked (CUDA error %d): copies take longer", size, error
            )
            return None
        assert pointer.value is not None
        buffer = (ctypes.c_uint8 * size).from_address(pointer.value)
        weakref.finalize(buffer, self._runtime.cudaFreeHost, pointer).atexit = False
        return np.ctypeslib.as_array(buffer)
