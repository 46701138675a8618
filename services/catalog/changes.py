"""News of jobs, within this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Changes:
    """Tells those who watch a job that it changed. For the event loop's thread only."""

    def __init__(self) -> None:
        self._watchers: dict[tuple[str, str], set[asyncio.Event]] = {}

    def publish(self, tenant_id: str, job_id: str) -> None:
        """Wake the watchers of a job."""
        for event in self._watchers.get((tenant_id, job_id), ()):
            event.set()

    @contextmanager
    def watch(self, tenant_id: str, job_id: str) -> Iterator[asyncio.Event]:
        """An event that is set at every change of the job."""
        event = asyncio.Event()
        watchers = self._watchers.setdefault((tenant_id, job_id), set())
        watchers.add(event)
        try:
            yield event
        finally:
            watchers.discard(event)
            if not watchers:
                self._watchers.pop((tenant_id, job_id), None)
