"""Supervises background loops and restarts them when they end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from services.background.backoff import Backoff
from services.background.retry import repeat

_LOG = logging.getLogger(__name__)


class _LoopReturned(Exception):
    """A background loop has returned, which it must not."""


class TaskSupervisor:
    """Runs background loops. A loop that ends is logged and restarted after a pause."""

    def __init__(self, loops: Mapping[str, Callable[[], Awaitable[None]]], backoff: Backoff) -> None:
        self._loops = dict(loops)
        self._backoff = backoff
        self._down: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def all_running(self) -> bool:
        """Whether all loops are running."""
        return bool(self._tasks) and not self._down and not any(task.done() for task in self._tasks)

    def start(self) -> None:
        """Start all loops."""
        self._tasks = [asyncio.create_task(self._supervise(name), name=name) for name in self._loops]

    async def stop(self) -> None:
        """Cancel all loops and wait until they have ended."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _supervise(self, name: str) -> None:
        await repeat(partial(self._run, name), self._backoff, partial(self._ended, name))

    async def _run(self, name: str) -> None:
        self._down.discard(name)
        await self._loops[name]()
        raise _LoopReturned

    def _ended(self, name: str, error: Exception, pause_s: float) -> None:
        self._down.add(name)
        cause = None if isinstance(error, _LoopReturned) else error
        _LOG.error("the %s ended unexpectedly and starts again in %.1f s", name, pause_s, exc_info=cause)
