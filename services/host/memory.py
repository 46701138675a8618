"""This process's memory, once it has started."""

from __future__ import annotations

import ctypes
import gc


def settle() -> None:
    """Give back what only the start needed, and let the collector pass over what will stay."""
    gc.collect()  # else garbage in cycles would stay too
    gc.freeze()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it
    if trim is not None:
        trim(0)
