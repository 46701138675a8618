"""The processes that `make crashes` kills: a catalogue with callers, a worker; and a look at the stores.

python -m tests.servers.crashes.load callers|worker|look STORES LIFE < KNOWN

STORES are the addresses of the stores as JSON; KNOWN are photos to send again, one JSON a line. Callers tell
of each call before it is made and once it was answered.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from domain.errors import ArmoireError, NotFound
from domain.types import DEFAULT_PRINCIPAL, ModelVersion
from services.background.backoff import Backoff
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.indexing.workers import WorkerOptions
from services.catalog.operations.audit import Audit, observe_nothing
from services.catalog.operations.runner import RunnerOptions
from services.catalog.options import CatalogOptions
from services.catalog.records import outbox
from services.catalog.records.jobs import Job
from services.catalog.records.operations import Operation
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import ProductKey
from tests.integration.catalog.fake_analyzer import CATEGORIES, TAXONOMY, FakeAnalyzer, photo

VERSIONS = tuple(ModelVersion(f"fake-embedder-{number}", "square-1") for number in (1, 2))
CALLERS = 4
LEASE_S = 3.0
PASSING = frozenset(
    {"VECTOR_STORE_UNAVAILABLE", "DATABASE_UNAVAILABLE", "BLOB_STORE_UNAVAILABLE", "DATABASE_BUSY"}
)
"""Reasons of failures while a store is away."""
IN_TURN = frozenset({"COLLECTION_EXISTS", "COLLECTION_LIVE", "COLLECTION_INCOMPLETE", "BACKFILL_RUNNING"})
"""Reasons for which a back-fill is not begun while another one is under way."""

T = TypeVar("T")


def tell(**fields: Any) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def options_of(stores: dict[str, str], workers: int) -> CatalogOptions:
    """Retries are quick; the work of a process that was killed is taken up within seconds."""
    quick = Backoff(0.05, 1.0, jitter=0.5)
    return CatalogOptions(
        **stores,
        workers=WorkerOptions(workers, lease_s=LEASE_S, retry=quick, claim_retry=quick, look_s=0.5),
        operations=RunnerOptions(lease_s=LEASE_S, renew_s=0.5, retry=quick, look_s=0.5),
        retry=quick,
        recheck_s=0.5,
        audit_every_s=0.0,
    )


@asynccontextmanager
async def running(stores: dict[str, str], workers: int, life: int) -> AsyncIterator[Catalog]:
    """A catalogue that serves; the default embedder is another one in every eighth life."""
    analyzer = FakeAnalyzer(VERSIONS[life // 8 % 2])
    analyzer.loaded = set(VERSIONS)
    catalog = Catalog(options_of(stores, workers), analyzer, TAXONOMY)
    while True:
        try:
            await catalog.start()
            break
        except ArmoireError as error:  # a store is away
            tell(op="start", phase="failed", text=str(error))
            await asyncio.sleep(0.5)
            catalog = Catalog(options_of(stores, workers), analyzer, TAXONOMY)
    await catalog.wait_until_ready()
    yield catalog
    await catalog.stop()


class Caller:
    """Calls the catalogue and tells of it; `entry` is what the ledger knows of a photo."""

    def __init__(self, catalog: Catalog, dice: random.Random) -> None:
        self._catalog, self._dice = catalog, dice

    async def call(self, op: str, number: int, value: str, call: Callable[[], Awaitable[T]]) -> T | None:
        """The answer; None where a store was away, after which nobody knows what happened."""
        tell(op=op, phase="sent", number=number, value=value)
        try:
            answer = await call()
        except ArmoireError as error:
            if error.reason not in PASSING | IN_TURN:
                tell(op=op, phase="wrong", number=number, text=f"{error.reason}: {error}")
            await asyncio.sleep(0.05)
            return None
        tell(op=op, phase="done", number=number, value=value)
        return answer

    async def live(self, number: int) -> None:
        """Index a photo of a product, search for it, change, correct, delete and restore it, by chance."""
        job = await self.index(number)
        if job is None:
            return
        item_id = await self._searchable(job, number)
        for _ in range(self._dice.randrange(1, 5)):
            await self._change(number, job, item_id)
        if self._dice.random() < 0.3:
            await self._delete(number, job)

    async def index(self, number: int) -> Job | None:
        """Index a photo, as often as it takes; a repeated call has the key of the first."""
        key = f"photo-{number}"
        product = ProductDraft(f"Product {number}", external_id=f"SKU-{number}", brand="first")
        request = IndexRequest(photo(number), product=product, image_name=key, idempotency_key=key)
        while True:
            job = await self.call(
                "index", number, "", lambda: self._catalog.images.index(DEFAULT_PRINCIPAL, request)
            )
            if job is not None:
                return job

    async def _searchable(self, job: Job, number: int) -> str:
        """The id of the job's first item once it can be found; "" where it cannot be known."""

        async def ended() -> Job:
            async for seen in self._catalog.jobs.watch(DEFAULT_PRINCIPAL, job.id):
                last = seen
            return last

        end = await self.call("watch", number, "", ended)
        return end.items[0].item_id if end is not None and end.items else ""

    async def _change(self, number: int, job: Job, item_id: str) -> None:
        catalog, principal = self._catalog, DEFAULT_PRINCIPAL
        op = self._dice.choice(("brand", "brand", "label", "label", "delete"))
        if op == "brand":
            brand = f"brand-{self._dice.randrange(10**9)}"
            key, draft = ProductKey(job.product_id), ProductDraft(brand=brand)
            await self.call(op, number, brand, lambda: catalog.products.update(principal, key, draft))
        elif op == "label" and item_id:
            label = self._dice.choice(CATEGORIES)
            await self.call(
                op, number, label, lambda: catalog.corrections.correct(principal, item_id, label=label)
            )
        elif op == "delete":
            await self._delete(number, job)
            await self._restore(number, job)

    async def _delete(self, number: int, job: Job) -> None:
        images = self._catalog.images
        await self.call("delete", number, "", lambda: _gone(images.delete(DEFAULT_PRINCIPAL, job.image_id)))

    async def _restore(self, number: int, job: Job) -> None:
        """Until it is answered, so that what follows finds the photo."""

        async def restore() -> bool:
            await self._catalog.images.restore(DEFAULT_PRINCIPAL, job.image_id)
            return True

        while not await self.call("restore", number, "", restore):
            pass

    async def backfill(self) -> None:
        """Fill a collection for the other embedder and swap it in, again and again."""
        while True:
            searched = (await self._catalog._collections.searched()).version
            (other,) = set(VERSIONS) - {searched}
            started = await self.call(
                "backfill",
                -1,
                other.model_version,
                lambda other=other: self._catalog.collections.start_backfill(
                    DEFAULT_PRINCIPAL, other.model_version, swap=True
                ),
            )
            if started is not None:
                await self.call("backfill watch", -1, "", lambda started=started: self._ended(started))
            await asyncio.sleep(0.2)

    async def _ended(self, operation: Operation) -> Operation:
        async for seen in self._catalog.operations.watch(DEFAULT_PRINCIPAL, operation.id):
            operation = seen
        return operation


async def _gone(deletion: Awaitable[None]) -> bool:
    with suppress(NotFound):  # an earlier try was not answered
        await deletion
    return True


async def callers(stores: dict[str, str], life: int, known: list[dict[str, Any]]) -> None:
    """Load without end; photos of earlier lives without an answer are sent again first."""
    dice = random.Random(life)
    embedded = stores["database_url"].startswith("sqlite")
    async with running(stores, 3 if embedded else 1, life) as catalog:
        tell(op="ready")
        caller = Caller(catalog, dice)
        again = [entry["number"] for entry in known]
        numbers = iter([*again, *range(life * 10_000, life * 10_000 + 10_000)])

        async def lives() -> None:
            for number in numbers:
                await caller.live(number)

        await asyncio.gather(caller.backfill(), *(lives() for _ in range(CALLERS)))


async def worker(stores: dict[str, str], life: int) -> None:
    async with running(stores, 3, life):
        tell(op="ready")
        await asyncio.Event().wait()


async def look(stores: dict[str, str], life: int) -> None:
    """Let all work end, compare the stores, and tell what the catalogue holds."""
    async with running(stores, 3, life) as catalog:
        jobs = [await _end_of_job(catalog, job) async for job in _all(catalog.jobs.list)]
        async for operation in _all(catalog.operations.list):
            await Caller(catalog, random.Random(0))._ended(operation)
        while not await catalog._database.read(outbox.is_empty):  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.1)
        await catalog._sweeper.sweep(datetime.now(UTC) + timedelta(days=1))
        report = await _audit_of(catalog).audit(None)
        items = [item async for item in _all(catalog.items.list)]
        products = {product.external_id: product.brand async for product in _all(catalog.products.list)}
        images = Counter([image.name async for image in _all(catalog.images.list)])
        labels: dict[str, list[str]] = {}
        for item in items:
            labels.setdefault(item.image_name, []).append(item.label)
    tell(
        op="look",
        audit=report.response(),
        products=products,
        images=images,
        labels=labels,
        jobs=Counter(jobs),
    )


def _audit_of(catalog: Catalog) -> Audit:
    """An audit for which no picture is too young."""
    stores = (catalog._database, catalog._blobs, catalog._index, catalog._collections)
    return Audit(*stores, catalog._workers.wake, 0.0, observe_nothing)


async def _end_of_job(catalog: Catalog, job: Job) -> str:
    """How it ended. One that was killed too often is a dead letter, which an operator sends again."""
    while True:
        async for seen in catalog.jobs.watch(DEFAULT_PRINCIPAL, job.id):
            job = seen
        reason = job.error.reason if job.error else ""
        if reason != "INTERRUPTED":
            return f"{job.state.value} {reason}".strip()
        tell(op="retry", phase="done")
        job = await catalog.jobs.retry(DEFAULT_PRINCIPAL, job.id)


async def _all(list_page: Callable[..., Awaitable[Any]]) -> AsyncIterator[Any]:
    token = ""
    while True:
        page = await list_page(DEFAULT_PRINCIPAL, 200, token)
        for entry in page.entries:
            yield entry
        token = page.next_token
        if not token:
            return


def main(mode: str, stores: str, life: str) -> None:
    addresses = json.loads(stores)
    if mode == "callers":
        known = [json.loads(line) for line in sys.stdin]
        asyncio.run(callers(addresses, int(life), known))
    elif mode == "worker":
        asyncio.run(worker(addresses, int(life)))
    else:
        asyncio.run(look(addresses, int(life)))


if __name__ == "__main__":
    main(*sys.argv[1:])
