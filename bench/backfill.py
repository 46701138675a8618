"""A back-fill that is interrupted twice, while clients search: what fails, what is mixed, what is missing."""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from armoire import ArmoireError, AsyncClient, Box, Operation, OperationState, Photo, PhotoToIndex
from armoire.bench.tally import percentile
from armoire.messages.collections import backfill_report_from_any
from bench.options import Commands, add_command, inputs_note, pair_of, read_photos, scratch
from bench.report import Table, log, publish
from bench.switching import SECOND, second_versions
from demo.server import ServerProcess
from imaging.decode import DecodeLimits, probe

HEADERS = (
    *("items", "searches", "failed", "mixed", "empty", "cut off", "p50 ms", "p99 ms"),
    *("lacking", "back-fill, s"),
)
_BOXES = 8
_PAUSE_S, _AFTER_SWAP_S = 0.2, 10.0
_TEXTS = ("a dress", "red shoes", "a striped shirt", "a hat")


@dataclass(slots=True)
class Searches:
    """What clients saw.

    Attributes:
        failed: errors while the server was up.
        cut_off: errors while it was killed or started again.
        mixed: results with hits of another version than the result's.
        empty: results without a hit.
    """

    count: int = 0
    failed: int = 0
    cut_off: int = 0
    mixed: int = 0
    empty: int = 0
    latencies_ms: list[float] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Interrupted:
    """A back-fill that was killed with its server, and cancelled and retried.

    Attributes:
        progress: photos done at each interruption, and at the end.
        lacking: items without an embedding or a row at the end, or more than were indexed.
    """

    items: int
    searches: Searches
    progress: list[int] = field(default_factory=list)
    lacking: int = 0
    seconds: float = 0.0


def add_to(commands: Commands) -> None:
    summary = "A back-fill whose server is killed, and that is cancelled and retried, while clients search."
    parser = add_command(commands, "backfill", run, summary)
    parser.add_argument("--items", type=int, default=4000, help=f"{_BOXES} a photo (%(default)s)")
    parser.add_argument("--clients", type=int, default=4, help="that search (%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    photos = read_photos(arguments)
    with scratch() as home:
        folder = second_versions(home / "second", (arguments.embedder,))
        environment = {**pair_of(arguments).environment, "ARMOIRE_MODELS__FOLDER": str(folder)}
        with ServerProcess(home / "server", environment=environment) as server:
            found = asyncio.run(measure(server, photos, arguments))
    publish(_table(found, inputs_note(arguments, len(photos))), arguments.json)
    searches = found.searches
    return not (searches.failed or searches.mixed or searches.empty or found.lacking)


async def measure(
    server: ServerProcess, photos: Sequence[bytes], arguments: argparse.Namespace
) -> Interrupted:
    async with AsyncClient(server.address) as client:
        await _index(client, photos, arguments.items // _BOXES)
        (live,) = await client.list_collections()
        log(f"{live.items} items are indexed")
        model, *_ = await client.load_model(f"{SECOND}{Path(arguments.embedder).name}")
        await client.set_model_alias(model.version)
    found = Interrupted(live.items, Searches())
    async with _searching(server, arguments.clients, found.searches) as up:
        started_s = time.monotonic()
        await _interrupted(server, found, up)
        found.seconds = time.monotonic() - started_s
        await _to_and_fro(server)
    return found


async def _index(client: AsyncClient, photos: Sequence[bytes], count: int) -> None:
    """Index photos with boxes, and wait until all can be found."""
    draw = random.Random(0)
    wanted = [PhotoToIndex(_with_boxes(photos[number % len(photos)], draw)) for number in range(count)]
    jobs = []
    async for _, job in client.index_many(wanted):
        if isinstance(job, ArmoireError):
            raise job
        jobs.append(job)
    for job in jobs:
        await client.wait_for_indexing_job(job.id, timeout_s=3600.0)


def _with_boxes(content: bytes, draw: random.Random) -> Photo:
    info = probe(content, DecodeLimits())
    width, height = info.width, info.height
    corners = [(draw.uniform(0, width * 0.5), draw.uniform(0, height * 0.5)) for _ in range(_BOXES)]
    return Photo(content, tuple(Box(x, y, x + width * 0.4, y + height * 0.4) for x, y in corners))


@asynccontextmanager
async def _searching(server: ServerProcess, clients: int, searches: Searches) -> AsyncIterator[asyncio.Event]:
    """Search in the background; the event tells whether the server is meant to be up."""
    up, stop = asyncio.Event(), asyncio.Event()
    up.set()
    async with asyncio.TaskGroup() as group:
        for number in range(clients):
            group.create_task(_search(server.address, number, searches, up, stop))
        try:
            yield up
        finally:
            stop.set()


async def _search(
    address: str, number: int, searches: Searches, up: asyncio.Event, stop: asyncio.Event
) -> None:
    async with AsyncClient(address) as client:
        while not stop.is_set():
            number, started_s, was_up = number + 1, time.monotonic(), up.is_set()
            searches.count += 1
            try:
                result = await client.search(text=_TEXTS[number % len(_TEXTS)], top_k=20)
            except ArmoireError as error:
                if was_up and up.is_set():
                    log(f"a search failed: {error}")
                    searches.failed += 1
                else:
                    searches.cut_off += 1
                await asyncio.sleep(_PAUSE_S)
                continue
            searches.latencies_ms.append((time.monotonic() - started_s) * 1e3)
            hits = result.queries[0].hits
            searches.empty += not hits
            searches.mixed += {hit.item.model_version for hit in hits} - {result.model_version} != set()
            searches.versions.add(result.model_version)


async def _interrupted(server: ServerProcess, found: Interrupted, up: asyncio.Event) -> None:
    """Back-fill; the server is killed after a third of the photos, the operation cancelled after two."""
    async with AsyncClient(server.address) as client:
        operation = await client.start_backfill()
        operation = await _at(
            client, operation, lambda each: 3 * each.progress.done >= each.progress.total > 0
        )
    found.progress.append(operation.progress.done)
    up.clear()
    await asyncio.to_thread(server.kill)
    log(f"killed at {operation.progress.done} of {operation.progress.total} photos")
    await asyncio.to_thread(server.start)
    up.set()
    async with AsyncClient(server.address) as client:
        operation = await _at(
            client, operation, lambda each: 3 * each.progress.done >= 2 * each.progress.total
        )
        await client.cancel_operation(operation.id)
        operation = await _at(client, operation, lambda each: each.state.final)
        found.progress.append(operation.progress.done)
        log(f"{operation.state.name} at {operation.progress.done} of {operation.progress.total} photos")
        operation = await client.retry_operation(operation.id)
        operation = await _at(client, operation, lambda each: each.state.final)
    if operation.state is not OperationState.SUCCEEDED or operation.response is None:
        raise SystemExit(f"the back-fill ended as {operation.state.name}: {operation.error}")
    found.progress.append(operation.progress.done)
    report = backfill_report_from_any(operation.response)
    found.lacking = report.lacking + abs(report.items - report.vectors) + abs(report.items - found.items)


async def _at(client: AsyncClient, operation: Operation, reached: Callable[[Operation], bool]) -> Operation:
    """The operation once it has got somewhere, or has ended."""
    while not (reached(operation) or operation.state.final):
        await asyncio.sleep(_PAUSE_S)
        operation = await client.get_operation(operation.id)
    return operation


async def _to_and_fro(server: ServerProcess) -> None:
    """Swap to the collection that was filled, and roll back, while the searches go on."""
    async with AsyncClient(server.address) as client:
        live, other = await client.list_collections()
        for name in (other.name, live.name):
            await client.swap_collection(name)
            await asyncio.sleep(_AFTER_SWAP_S)


def _table(found: Interrupted, note: str) -> Table:
    searches = found.searches
    counts = (found.items, searches.count, searches.failed, searches.mixed, searches.empty, searches.cut_off)
    row = (
        *map(str, counts),
        f"{percentile(searches.latencies_ms, 50):.0f}",
        f"{percentile(searches.latencies_ms, 99):.0f}",
        str(found.lacking),
        f"{found.seconds:.0f}",
    )
    at = ", ".join(map(str, found.progress))
    notes = (
        note,
        f"{_BOXES} boxes a photo. The server was killed (SIGKILL), later the operation cancelled and "
        f"retried; photos done by then, and at the end: {at}. Then a swap and a roll-back.",
        "Searches that were under way or began while the server was down are cut off. Versions that "
        f"answered: {'; '.join(sorted(searches.versions))}.",
    )
    record = asdict(found)
    record["searches"]["versions"] = sorted(searches.versions)
    return Table("backfill", HEADERS, [row], notes, [record])
