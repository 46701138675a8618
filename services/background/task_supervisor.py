"""The crew: loops in the background that are started again when they end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

_LOG = logging.getLogger(__name__)


class TaskSupervisor:
    """Runs loops that are meant to run for ever. One that ends nonetheless is logged and started again.

    The pause before that doubles up to `retry_max_s`; a loop that ran longer than this begins anew.
    """

    def __init__(
        self, loops: Mapping[str, Callable[[], Awaitable[None]]], *, retry_s: float, retry_max_s: float
    ) -> None:
        self._loops = dict(loops)
        self._retry_s = retry_s
        self._retry_max_s = retry_max_s
        self._down: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def complete(self) -> bool:
        """All loops run."""
        return bool(self._tasks) and not self._down and not any(task.done() for task in self._tasks)

    def start(self) -> None:
        """Begin with all loops."""
        self._tasks = [asyncio.create_task(self._keep(name), name=name) for name in self._loops]

    async def stop(self) -> None:
        """Cancel all loops and wait for their end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _keep(self, name: str) -> None:
        pause_s = self._retry_s
        while True:
            started_s = time.monotonic()
            error = await self._run(name)
            if time.monotonic() - started_s > self._retry_max_s:
                pause_s = self._retry_s
            self._down.add(name)
            _LOG.error("the %s ended unexpectedly; starts again in %.1f s", name, pause_s, exc_info=error)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, self._retry_max_s)
            self._down.discard(name)

    async def _run(self, name: str) -> Exception | None:
        try:
            await self._loops[name]()
        except Exception as error:
            return error
        return None
