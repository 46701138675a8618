"""The process that test_crash kills: indexes photos on a home folder and tells each step.

It goes on with a step once its parent has written a line, so the parent can strike in the middle of it.

python -m tests.integration.catalog.crash_child HOME index FIRST LAST
python -m tests.integration.catalog.crash_child HOME finish
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from domain.taxonomy import Taxonomy
from domain.types import DEFAULT_PRINCIPAL, Box, ImageAnalysis, ModelVersion
from services.catalog.analyzer import OnDetected
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.indexing.workers import WorkerOptions
from services.catalog.options import CatalogOptions
from services.catalog.records.jobs import JobState
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, bad_photo, photo
from tests.integration.catalog.flows import milvus_rows

BAD_EVERY = 7
STEPS = ("detect", "described")
"""What the parent is told of, and lets go on."""


def picture(seed: int) -> bytes:
    """Every seventh is damaged."""
    return bad_photo(seed) if seed % BAD_EVERY == 0 else photo(seed)


def tell(*words: object) -> None:
    sys.stdout.write(f"{' '.join(map(str, words))}\n")
    sys.stdout.flush()


class TellingAnalyzer(FakeAnalyzer):
    """Tells of each step and waits for leave to go on."""

    def __init__(self) -> None:
        super().__init__()
        self._leave = asyncio.Semaphore(0)

    async def analyze(
        self,
        content: bytes,
        boxes: Sequence[Box] = (),
        *,
        include_crops: bool = False,
        bulk: bool = False,
        min_score: float | None = None,
        on_detected: OnDetected | None = None,
        embedder: ModelVersion | None = None,
        taxonomy: Taxonomy | None = None,
    ) -> ImageAnalysis:
        tell(STEPS[0])
        await self._leave.acquire()
        analysis = await super().analyze(
            content,
            boxes,
            include_crops=include_crops,
            bulk=bulk,
            on_detected=on_detected,
            embedder=embedder,
            taxonomy=taxonomy,
        )
        tell(STEPS[1])
        await self._leave.acquire()
        return analysis

    async def take_leave(self) -> None:
        """Let one step go on for each line of the parent's."""
        while await asyncio.to_thread(sys.stdin.readline):
            self._leave.release()


def options(home: Path) -> CatalogOptions:
    return CatalogOptions(
        database_url=f"sqlite:///{home / 'catalog.db'}",
        blob_url=str(home / "blobs"),
        milvus_uri=str(home / "milvus.db"),
        workers=WorkerOptions(concurrency=3),
    )


async def index(home: Path, first: int, last: int) -> None:
    """Index the photos first..last-1, each under its own key, and then stay until killed."""
    analyzer = TellingAnalyzer()
    leave = asyncio.create_task(analyzer.take_leave())
    catalog = Catalog(options(home), analyzer, TAXONOMY)
    await catalog.start()
    await catalog.wait_until_ready()
    tell("ready")
    ids: list[str] = []
    for seed in range(first, last):
        request = IndexRequest(picture(seed), image_name=str(seed), idempotency_key=f"seed-{seed}")
        job = await catalog.images.index(DEFAULT_PRINCIPAL, request)
        tell("ack", seed, job.id)
        ids.append(job.id)
    for job_id in ids:
        await _end_of(catalog, job_id)
    tell("done")
    await leave


async def finish(home: Path) -> None:
    """Let every job end, then tell what SQL and the vector store hold."""
    catalog = Catalog(options(home), FakeAnalyzer(), TAXONOMY)
    await catalog.start()
    jobs = [await _end_of(catalog, job_id) for job_id in await _job_ids(catalog)]
    items = await _items(catalog)
    await catalog.stop()
    tell(json.dumps({"jobs": jobs, "items": items, "vectors": _vector_ids(home)}))


async def _job_ids(catalog: Catalog) -> list[str]:
    ids: list[str] = []
    token = ""
    while True:
        page = await catalog.jobs.list(DEFAULT_PRINCIPAL, 200, token)
        ids += [job.id for job in page.entries]
        token = page.next_token
        if not token:
            return ids


async def _end_of(catalog: Catalog, job_id: str) -> dict[str, object]:
    async for job in catalog.jobs.watch(DEFAULT_PRINCIPAL, job_id):
        last = job
    assert last.state in (JobState.COMPLETE, JobState.FAILED)
    return {
        "id": job_id,
        "seed": int(last.image_name),
        "state": last.state.value,
        "error": last.error.message if last.error else "",
        "items": [item.item_id for item in last.items],
    }


async def _items(catalog: Catalog) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    token = ""
    while True:
        page = await catalog.items.list(DEFAULT_PRINCIPAL, 200, token)
        found += [(item.image_name, item.id) for item in page.entries]
        token = page.next_token
        if not token:
            return found


def _vector_ids(home: Path) -> list[str]:
    served = FakeAnalyzer().served
    return [item_id for _, item_id in milvus_rows(options(home), served)]


if __name__ == "__main__":
    home, mode, *numbers = sys.argv[1:]
    if mode == "index":
        asyncio.run(index(Path(home), *map(int, numbers)))
    else:
        asyncio.run(finish(Path(home)))
