"""A model that can be watched and held up."""

from __future__ import annotations

import asyncio
import threading

import numpy as np

from services.inference.batching.entries import Array
from tests.turns import turn


class Doubler:
    """A model that doubles its rows, remembers its batches, and runs only while its gate is open.

    With `together`, a run also waits until so many runs have begun.
    """

    def __init__(self, *, open_gate: bool = True, together: int = 1) -> None:
        self.batches: list[list[int]] = []
        self.started = threading.Semaphore(0)
        self.gate = threading.Event()
        self._barrier = threading.Barrier(together)
        if open_gate:
            self.gate.set()

    def __call__(self, rows: Array) -> Array:
        self.started.release()
        self._barrier.wait(60)
        assert self.gate.wait(60)
        self.batches.append([int(row[0]) for row in rows])
        return rows * 2

    async def wait_started(self, runs: int = 1) -> None:
        for _ in range(runs):
            assert await asyncio.to_thread(self.started.acquire, timeout=60)


def rows(*values: int) -> Array:
    return np.array([[value] for value in values], np.int64)


def values(outputs: Array) -> list[int]:
    return [int(row[0]) for row in outputs]


async def settle() -> None:
    """Let the tasks that can run do so, and what they have submitted be admitted."""
    for _ in range(5):
        await turn()
