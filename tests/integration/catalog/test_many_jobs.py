"""Many jobs at once: watched, counted, queued again, removed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime

import pytest

from domain.clock import now_us
from domain.errors import Conflict, InvalidInput, NotFound
from domain.types import DEFAULT_PRINCIPAL
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.jobs import Job, JobFilter, JobPriority, JobState
from tests.integration.catalog.fake_analyzer import FakeAnalyzer, bad_photo, photo
from tests.integration.catalog.flows import OTHER, end_of

FAILED = JobFilter(states=frozenset({JobState.FAILED}))
NOBODY = "00000000-0000-7000-8000-000000000000"


async def queue(catalog: Catalog, content: bytes, **fields: str) -> Job:
    return await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(content, **fields))


async def dead_letter(catalog: Catalog, seed: int) -> Job:
    return await end_of(catalog, (await queue(catalog, bad_photo(seed))).id)


@asynccontextmanager
async def changes(
    catalog: Catalog, wanted: JobFilter = JobFilter(), since_us: int | None = None
) -> AsyncIterator[Callable[[], asyncio.Future[Job]]]:
    """The next job that a watch yields, which listens from now on."""
    async with aclosing(catalog.job_watch.watch(DEFAULT_PRINCIPAL, wanted, since_us)) as watch:
        first: asyncio.Future[Job] | None = asyncio.ensure_future(anext(watch))
        await asyncio.sleep(0)  # it subscribes before it waits for anything

        def following() -> asyncio.Future[Job]:
            nonlocal first
            following, first = first or asyncio.ensure_future(anext(watch)), None
            return following

        yield following
        if first is not None:
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)


async def test_named_jobs_are_watched_until_all_have_ended(catalog: Catalog) -> None:
    jobs = [await queue(catalog, photo(seed)) for seed in range(3)] + [await queue(catalog, bad_photo(3))]
    wanted = JobFilter(job_ids=tuple(job.id for job in jobs))
    last: dict[str, Job] = {}
    async for job in catalog.job_watch.watch(DEFAULT_PRINCIPAL, wanted):
        assert job != last.get(job.id)
        last[job.id] = job
    assert [last[job.id].state for job in jobs] == [JobState.COMPLETE] * 3 + [JobState.FAILED]
    assert all(last[job.id].searchable for job in jobs[:3])
    again = [job async for job in catalog.job_watch.watch(DEFAULT_PRINCIPAL, wanted)]
    assert {job.id: job for job in again} == last


async def test_a_watch_of_unknown_or_foreign_jobs_is_refused(catalog: Catalog) -> None:
    job = await queue(catalog, photo(0))
    for principal, id in ((DEFAULT_PRINCIPAL, NOBODY), (OTHER, job.id)):
        with pytest.raises(NotFound):
            await anext(catalog.job_watch.watch(principal, JobFilter(job_ids=(id,))))
    with pytest.raises(InvalidInput, match=r"filter\.job_ids"):
        await anext(catalog.job_watch.watch(DEFAULT_PRINCIPAL, JobFilter(job_ids=("x",))))


async def test_a_job_that_is_removed_ends_its_watch(catalog: Catalog) -> None:
    job = await dead_letter(catalog, 0)
    waiting = await queue(catalog, photo(0))
    wanted = JobFilter(job_ids=(job.id, waiting.id))
    await catalog.dead_letters.delete(DEFAULT_PRINCIPAL, FAILED)
    with pytest.raises(NotFound):
        await anext(catalog.job_watch.watch(DEFAULT_PRINCIPAL, wanted))


async def test_jobs_that_fail_are_watched_as_they_come(catalog: Catalog) -> None:
    before = await dead_letter(catalog, 0)
    async with changes(catalog, FAILED) as following:
        await end_of(catalog, (await queue(catalog, photo(1))).id)
        later = [await dead_letter(catalog, seed) for seed in (2, 3)]
        assert [(await following()).id for _ in later] == [job.id for job in later]
    assert before.id not in {job.id for job in later}


async def test_a_watch_goes_on_where_another_has_ended(catalog: Catalog) -> None:
    first, second = await dead_letter(catalog, 0), await dead_letter(catalog, 1)
    since_us = int((second.update_time - datetime.fromtimestamp(0, UTC)).total_seconds() * 1_000_000) - 1
    assert first.update_time < second.update_time
    async with changes(catalog, FAILED, since_us) as following:
        assert (await following()).id == second.id
        third = await dead_letter(catalog, 2)
        assert (await following()).id == third.id


async def test_what_nobody_has_told_is_found_by_looking(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog.job_watch._recheck_s = 0.01
    monkeypatch.setattr(catalog._job_events, "publish", lambda *_: None)
    async with changes(catalog, since_us=now_us()) as following:
        job = await queue(catalog, photo(0))
        while (seen := await following()).state is not JobState.COMPLETE:
            assert seen.id == job.id
        assert seen.searchable


async def test_dead_letters_are_counted_retried_and_removed(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    analyzer.failures = [Conflict("moved")] * 3
    moved = await end_of(catalog, (await queue(catalog, photo(0))).id)
    damaged = [await dead_letter(catalog, seed) for seed in (1, 2)]
    (bad, once) = await catalog.dead_letters.count(DEFAULT_PRINCIPAL, FAILED)
    assert moved.error is not None
    assert (bad.reason, bad.count, once.reason, once.count) == ("INVALID_INPUT", 2, moved.error.reason, 1)
    assert await catalog.dead_letters.count(OTHER) == []

    of_reason = JobFilter(reasons=frozenset({once.reason}))
    page = await catalog.jobs.list(DEFAULT_PRINCIPAL, wanted=of_reason)
    assert [job.id for job in page.entries] == [moved.id]
    assert (await catalog.dead_letters.retry(OTHER, JobFilter())).jobs == 0
    retried = await catalog.dead_letters.retry(DEFAULT_PRINCIPAL, of_reason)
    assert (retried.jobs, retried.next_token) == (1, "")
    assert (await end_of(catalog, moved.id)).state is JobState.COMPLETE

    removed = await catalog.dead_letters.delete(DEFAULT_PRINCIPAL, JobFilter())
    assert (removed.jobs, removed.images) == (2, 2)
    left = await catalog.jobs.list(DEFAULT_PRINCIPAL)
    assert [job.id for job in left.entries] == [moved.id]
    with pytest.raises(NotFound):
        await catalog.images.get(DEFAULT_PRINCIPAL, damaged[0].image_id)


async def test_only_ended_jobs_are_removed_or_queued_again(catalog: Catalog) -> None:
    wanted = JobFilter(states=frozenset({JobState.COMPLETE, JobState.FAILED}))
    for change in (catalog.dead_letters.retry, catalog.dead_letters.delete):
        with pytest.raises(InvalidInput, match=r"filter\.states: must be FAILED or CANCELLED, got COMPLETE"):
            await change(DEFAULT_PRINCIPAL, wanted)


async def test_a_removed_job_gives_its_key_back(catalog: Catalog) -> None:
    first = await end_of(catalog, (await queue(catalog, bad_photo(0), idempotency_key="one")).id)
    await catalog.dead_letters.delete(DEFAULT_PRINCIPAL, JobFilter(job_ids=(first.id,)))
    second = await queue(catalog, photo(0), idempotency_key="one")
    assert second.id != first.id
    assert second.priority is JobPriority.INTERACTIVE
