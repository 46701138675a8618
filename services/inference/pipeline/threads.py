"""Thread pools that decode, crop and encode pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar, TypeVarTuple

import cv2

from domain.calls import CURRENT_CALL
from services.inference.cores import BULK_NICENESS, lower_priority

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class PixelThreads:
    """Two thread pools, so that interactive work does not queue behind bulk work."""

    def __init__(self, count: int, bulk_count: int) -> None:
        cv2.setNumThreads(1)  # OpenCV's own threads would compete with those of the pools
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # of pictures that are refused
        self._interactive = ThreadPoolExecutor(count, "pixels")
        self._bulk = ThreadPoolExecutor(bulk_count, "bulk-pixels", partial(lower_priority, BULK_NICENESS))

    def submit(self, bulk: bool, function: Callable[[*Ts], T], *args: *Ts) -> Future[T]:
        """Queue a function. Raises DeadlineExceeded if the deadline of the current call has passed."""
        CURRENT_CALL.get().check_deadline()
        return (self._bulk if bulk else self._interactive).submit(function, *args)

    async def run(self, function: Callable[[*Ts], T], *args: *Ts, bulk: bool = False) -> T:
        """Queue a function and wait for its result. Raises DeadlineExceeded, or what `function` raises."""
        return await asyncio.wrap_future(self.submit(bulk, function, *args))

    def shutdown(self) -> None:
        """Wait for the functions that run or are queued."""
        self._interactive.shutdown()
        self._bulk.shutdown()
