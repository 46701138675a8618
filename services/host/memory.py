"""The memory of this process after its start."""

from __future__ import annotations

import ctypes
import gc


def trim_memory() -> None:
    """Return memory that only the start needed, and exclude what remains from garbage collection."""
    gc.collect()  # otherwise cyclic garbage would be excluded too
    gc.freeze()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # only glibc has it
    if trim is not None:
        trim(0)
