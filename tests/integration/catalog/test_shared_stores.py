"""Two catalogues and two workers on one PostgreSQL, one Milvus and one folder."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import pytest

from domain.types import DEFAULT_PRINCIPAL
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.indexing.workers import WorkerOptions
from services.catalog.operations.runner import RunnerOptions
from services.catalog.options import CatalogOptions
from services.catalog.records.jobs import Job, JobState
from services.catalog.records.operations import OperationKind, OperationState
from tests import milvus
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, garments_in, photo
from tests.integration.catalog.flows import end_of, milvus_rows

ROOT = Path(__file__).parents[3]
LONG_S = 3600.0
BRIEF_S = 3.0

Pair: TypeAlias = tuple[Catalog, Catalog]


@pytest.fixture
def shared(options: CatalogOptions, postgres_url: str, tmp_path: Path) -> Iterator[CatalogOptions]:
    """For catalogues without workers, which learn of changes by notifications alone."""
    with milvus.serving(tmp_path / "shared.db") as (uri, _):
        yield replace(
            options,
            database_url=postgres_url,
            milvus_uri=uri,
            workers=WorkerOptions(concurrency=0),
            operations=RunnerOptions(concurrency=0),
        )


@pytest.fixture
async def pair(shared: CatalogOptions) -> AsyncIterator[Pair]:
    catalogs = Catalog(shared, FakeAnalyzer(), TAXONOMY), Catalog(shared, FakeAnalyzer(), TAXONOMY)
    for catalog in catalogs:
        await catalog.start()
        await catalog.wait_until_ready()
    yield catalogs
    for catalog in catalogs:
        await catalog.stop()


@dataclass(frozen=True)
class Worker:
    """A worker in a process of its own."""

    process: subprocess.Popen[str]

    async def tells(self, word: str) -> None:
        """Wait for its next line, which is `word`."""
        assert self.process.stdout is not None
        assert (await asyncio.to_thread(self.process.stdout.readline)).strip() == word

    async def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return await asyncio.to_thread(self.process.wait)


@pytest.fixture
def start_worker(shared: CatalogOptions) -> Iterator[Callable[[str, float], Worker]]:
    workers: list[Worker] = []

    def start(mode: str, lease_s: float) -> Worker:
        stores = shared.database_url, shared.milvus_uri, shared.blob_url
        command = [sys.executable, "-m", "tests.integration.catalog.worker_child", *stores]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        process = subprocess.Popen([*command, str(lease_s), mode], cwd=ROOT, text=True, **pipes)
        workers.append(Worker(process))
        return workers[-1]

    yield start
    for worker in workers:
        worker.process.kill()
        worker.process.communicate()


async def queue(pair: Pair, first: int, last: int) -> dict[str, bytes]:
    """The photos by job, taken by the catalogues in turn."""
    photos: dict[str, bytes] = {}
    for seed in range(first, last):
        job = await pair[seed % 2].images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(seed)))
        photos[job.id] = photo(seed)
    return photos


async def ends(pair: Pair, job_ids: dict[str, bytes]) -> list[Job]:
    """The jobs once they have ended, as the catalogues see it that did not take their photos."""
    return await asyncio.gather(*(end_of(pair[1 - n % 2], id) for n, id in enumerate(job_ids)))


async def check(shared: CatalogOptions, pair: Pair, jobs: list[Job], photos: dict[str, bytes]) -> None:
    """Every photo has its items once, in SQL and in the vector store."""
    assert {job.state for job in jobs} == {JobState.COMPLETE}
    assert {job.id: len(job.items) for job in jobs} == {id: garments_in(photos[id]) for id in photos}
    items = {item.item_id for job in jobs for item in job.items}
    assert {id for _, id in milvus_rows(shared, FakeAnalyzer().served)} == items
    page = await pair[0].items.list(DEFAULT_PRINCIPAL, 200)
    assert sorted(item.id for item in page.entries) == sorted(items)


async def test_the_jobs_of_a_worker_that_was_killed_are_finished_by_another(
    shared: CatalogOptions, pair: Pair, start_worker: Callable[[str, float], Worker]
) -> None:
    killed = start_worker("hold", BRIEF_S)
    await killed.tells("ready")
    begun = await queue(pair, 0, 3)
    for _ in begun:
        await killed.tells("detect")
    other = start_worker("work", BRIEF_S)
    await other.tells("ready")
    more = await queue(pair, 3, 12)
    others = await ends(pair, more)
    assert await killed.end(signal.SIGKILL) == -signal.SIGKILL
    taken_over = await ends(pair, begun)
    assert min(job.attempts for job in taken_over) == 2
    await check(shared, pair, [*others, *taken_over], more | begun)


async def test_a_worker_that_is_told_to_end_hands_its_jobs_back_and_another_does_operations_too(
    shared: CatalogOptions, pair: Pair, start_worker: Callable[[str, float], Worker]
) -> None:
    leaving = start_worker("hold", LONG_S)  # its lease never runs out
    await leaving.tells("ready")
    begun = await queue(pair, 0, 3)
    for _ in begun:
        await leaving.tells("detect")
    other = start_worker("work", LONG_S)
    await other.tells("ready")
    assert await leaving.end(signal.SIGTERM) == 0
    jobs = await ends(pair, begun)
    assert {job.attempts for job in jobs} == {2}
    await check(shared, pair, jobs, begun)
    started = await pair[0].operations.start(DEFAULT_PRINCIPAL, OperationKind.AUDIT, {})
    async for operation in pair[1].operations.watch(DEFAULT_PRINCIPAL, started.id):
        last = operation
    assert (last.state, last.error) == (OperationState.SUCCEEDED, None)
