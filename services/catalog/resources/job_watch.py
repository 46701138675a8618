"""Many jobs that are watched at once."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import dataclass, field, replace

from domain.clock import MICROSECONDS, now_us
from domain.errors import NotFound
from domain.types import Principal
from services.catalog.records import jobs
from services.catalog.records.job_events import JobChanges, JobEvents
from services.catalog.records.jobs import Job, JobFilter, JobState
from services.catalog.resources.jobs import check_job_filter
from services.sql.database import Database

_CHUNK = 200
"""Jobs that are read at a time, however many have changed."""
_MAX_KEPT = 10_000
"""Jobs of which one watch remembers what it has sent last."""
_OVERLAP_US = 10 * MICROSECONDS
"""How far back a look through SQL goes: a change is written a while after the moment that it bears."""


@dataclass(slots=True)
class _Sent:
    """What a watch has sent last of each job, of the latest that have changed."""

    jobs: OrderedDict[str, Job] = field(default_factory=OrderedDict)

    def is_new(self, job: Job) -> bool:
        """Whether the job is to be sent; COMPLETE only once it has ended, as for the watch of one job."""
        if job.state is JobState.COMPLETE and not job.ended:
            return False
        if self.jobs.get(job.id) == job:
            return False
        self.jobs[job.id] = job
        self.jobs.move_to_end(job.id)
        if len(self.jobs) > _MAX_KEPT:
            self.jobs.popitem(last=False)
        return True


class _Rechecks:
    """Waits for changes, and says every `every_s` that SQL must be looked through, however many come."""

    def __init__(self, changes: JobChanges, every_s: float) -> None:
        self._changes = changes
        self._every_s = every_s
        self._next_s = time.monotonic() + every_s

    async def wait(self) -> tuple[str, ...] | None:
        """The jobs that have changed; None if SQL must be looked through."""
        left_s = self._next_s - time.monotonic()
        heard = await self._changes.wait(left_s) if left_s > 0 else None
        if heard is None:
            self._next_s = time.monotonic() + self._every_s
        return heard


class JobWatch:
    """The watch of many jobs, within the caller's tenant.

    Its memory is bounded, however slow the caller is and however much changes: of a job that changes several
    times, the last state is sent. Where events are lost, SQL is looked through after `recheck_s`.
    """

    def __init__(self, database: Database, job_events: JobEvents, recheck_s: float) -> None:
        self._database = database
        self._job_events = job_events
        self._recheck_s = recheck_s

    async def watch(
        self, principal: Principal, wanted: JobFilter, changed_from_us: int | None = None
    ) -> AsyncGenerator[Job, None]:
        """Yield jobs that the filter lets through after each change.

        Those that it names are yielded at once, and the iteration ends when all of them have ended.

        Raises:
            InvalidInput: the filter is wrong.
            NotFound: the tenant has no job of a named id.
        """
        tenant_id, checked = principal.tenant_id, check_job_filter(wanted)
        with self._job_events.watch_all(tenant_id) as changes:
            follow = self._named if checked.job_ids else self._all
            async for job in follow(tenant_id, checked, changes, changed_from_us):
                yield job

    async def _named(
        self, tenant_id: str, wanted: JobFilter, changes: JobChanges, _changed_from_us: int | None
    ) -> AsyncIterator[Job]:
        left, sent, changed = dict.fromkeys(wanted.job_ids), _Sent(), wanted.job_ids
        await self._require(tenant_id, wanted.job_ids)
        rechecks = _Rechecks(changes, self._recheck_s)
        while left:
            gone = set(changed)
            async for job in self._read(tenant_id, JobFilter(job_ids=changed)):
                gone.discard(job.id)
                if job.ended:
                    left.pop(job.id, None)
                if sent.is_new(job) and wanted.lets_through(job):
                    yield job
            for id in gone:  # it was removed
                left.pop(id, None)
            if left:
                heard = await rechecks.wait()
                changed = tuple(left) if heard is None else tuple(id for id in heard if id in left)

    async def _require(self, tenant_id: str, ids: tuple[str, ...]) -> None:
        """Raises NotFound."""
        found = {job.id async for job in self._read(tenant_id, JobFilter(job_ids=ids))}
        if missing := [id for id in ids if id not in found]:
            raise NotFound("job", missing[0])

    async def _all(
        self, tenant_id: str, wanted: JobFilter, changes: JobChanges, changed_from_us: int | None
    ) -> AsyncIterator[Job]:
        sent, waiting = _Sent(), OrderedDict[str, None]()
        looked_us = now_us() if changed_from_us is None else changed_from_us
        heard: tuple[str, ...] | None = None if changed_from_us is not None else ()
        rechecks = _Rechecks(changes, self._recheck_s)
        while True:
            if heard is None:
                since_us, looked_us = looked_us, now_us() - _OVERLAP_US
                source = self._changed(tenant_id, wanted, since_us, tuple(waiting))
            else:
                source = self._read(tenant_id, replace(wanted, job_ids=heard))
            async for job in source:
                _note(waiting, job)
                if sent.is_new(job):
                    yield job
            heard = await rechecks.wait()

    async def _changed(
        self, tenant_id: str, wanted: JobFilter, since_us: int, waiting: tuple[str, ...]
    ) -> AsyncIterator[Job]:
        """Jobs that have changed since a moment, and those that wait for their end."""
        after = since_us - 1, ""
        full = True
        while full:
            page = await self._database.read(
                lambda session, after=after: jobs.changed_jobs(session, tenant_id, wanted, after, _CHUNK)  # type: ignore[misc]
            )
            for moment_us, job in page:
                yield job
                after = moment_us, job.id
            full = len(page) == _CHUNK
        async for job in self._read(tenant_id, replace(wanted, job_ids=waiting)):
            yield job

    async def _read(self, tenant_id: str, wanted: JobFilter) -> AsyncIterator[Job]:
        """The jobs that the filter names, as far as it lets them through."""
        for ids in _chunks(wanted.job_ids):
            chunk = replace(wanted, job_ids=ids)
            found = await self._database.read(
                lambda session, chunk=chunk: jobs.find_jobs(session, tenant_id, chunk)  # type: ignore[misc]
            )
            for job in found:
                yield job


def _note(waiting: OrderedDict[str, None], job: Job) -> None:
    if job.state is JobState.COMPLETE and not job.ended:
        waiting[job.id] = None
        if len(waiting) > _MAX_KEPT:
            waiting.popitem(last=False)
    else:
        waiting.pop(job.id, None)


def _chunks(ids: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
