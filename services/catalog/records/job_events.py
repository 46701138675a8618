"""Events of jobs, within this process; a relay tells other processes of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.catalog.records.jobs import Progress


class Subscription:
    """The events that a watcher of one job has not received."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._progress: Progress | None = None
        self._must_read = False

    def put(self, progress: Progress | None) -> None:
        """Add the job's progress, or None if the job must be read from SQL."""
        self._progress = progress
        self._must_read = self._must_read or progress is None
        self._event.set()

    async def wait(self, timeout_s: float) -> Progress | None:
        """Wait for an event; returns the progress, or None if SQL must be read or the time is up."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._event.wait()
        except TimeoutError:
            return None
        progress = None if self._must_read else self._progress
        self._event.clear()
        self._progress, self._must_read = None, False
        return progress


def relay_nothing(_tenant_id: str, _job_id: str) -> None: ...


class JobEvents:
    """Notifies the watchers of a job. For the event loop's thread only.

    `relay` is called with the tenant and the job of each event of this process.
    """

    def __init__(self, relay: Callable[[str, str], None] = relay_nothing) -> None:
        self._relay = relay
        self._watches: dict[tuple[str, str], set[Subscription]] = {}

    def publish(self, tenant_id: str, job_id: str, progress: Progress | None = None) -> None:
        """Notify the watchers of a job; without `progress`, they must read SQL."""
        for watch in self._watches.get((tenant_id, job_id), ()):
            watch.put(progress)
        self._relay(tenant_id, job_id)

    def deliver(self, tenant_id: str, job_id: str) -> None:
        """Notify the watchers here of an event of another process; of all jobs where `job_id` is empty."""
        watched = [(tenant_id, job_id)] if job_id else list(self._watches)
        for key in watched:
            for watch in self._watches.get(key, ()):
                watch.put(None)

    @contextmanager
    def watch(self, tenant_id: str, job_id: str) -> Iterator[Subscription]:
        """Subscribe to all later changes of the job."""
        watch = Subscription()
        watches = self._watches.setdefault((tenant_id, job_id), set())
        watches.add(watch)
        try:
            yield watch
        finally:
            watches.discard(watch)
            if not watches:
                self._watches.pop((tenant_id, job_id), None)
