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


class JobChanges:
    """The jobs of a tenant that have changed since a watcher of many has looked; at most `MAX_CHANGES`.

    Where there were more, or events were lost, what has changed must be found in SQL.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._ids: dict[str, None] = {}
        self._lost = False

    def put(self, job_id: str) -> None:
        """Add a job that has changed, or with "" that any may have."""
        self._lost = self._lost or not job_id or len(self._ids) >= MAX_CHANGES
        if self._lost:
            self._ids.clear()
        else:
            self._ids[job_id] = None
        self._event.set()

    async def wait(self, timeout_s: float) -> tuple[str, ...] | None:
        """Wait for changes; returns the jobs, or None if SQL must be looked through or the time is up."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._event.wait()
        except TimeoutError:
            return None
        ids = None if self._lost else tuple(self._ids)
        self._event.clear()
        self._ids, self._lost = {}, False
        return ids


MAX_CHANGES = 10_000


def relay_nothing(_tenant_id: str, _job_id: str) -> None: ...


class JobEvents:
    """Notifies the watchers of a job. For the event loop's thread only.

    `relay` is called with the tenant and the job of each event of this process.
    """

    def __init__(self, relay: Callable[[str, str], None] = relay_nothing) -> None:
        self._relay = relay
        self._watches: dict[tuple[str, str], set[Subscription]] = {}
        self._tenant_watches: dict[str, set[JobChanges]] = {}

    def publish(self, tenant_id: str, job_id: str, progress: Progress | None = None) -> None:
        """Notify the watchers of a job; without `progress`, they must read SQL."""
        for watch in self._watches.get((tenant_id, job_id), ()):
            watch.put(progress)
        for changes in self._tenant_watches.get(tenant_id, ()):
            changes.put(job_id)
        self._relay(tenant_id, job_id)

    def deliver(self, tenant_id: str, job_id: str) -> None:
        """Notify the watchers here of an event of another process; of all jobs where `job_id` is empty."""
        watched = [(tenant_id, job_id)] if job_id else list(self._watches)
        for key in watched:
            for watch in self._watches.get(key, ()):
                watch.put(None)
        for tenant in [tenant_id] if job_id else list(self._tenant_watches):
            for changes in self._tenant_watches.get(tenant, ()):
                changes.put(job_id)

    @contextmanager
    def watch_all(self, tenant_id: str) -> Iterator[JobChanges]:
        """Subscribe to all later changes of a tenant's jobs."""
        changes = JobChanges()
        watches = self._tenant_watches.setdefault(tenant_id, set())
        watches.add(changes)
        try:
            yield changes
        finally:
            watches.discard(changes)
            if not watches:
                self._tenant_watches.pop(tenant_id, None)

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
