"""Searching a catalogue as it grows, with and without filters, and while photos are being indexed."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from math import nan
from typing import TypeAlias

import numpy as np

from armoire import AsyncClient, Embedding
from armoire.bench.requests import Requests
from armoire.bench.tally import percentile
from armoire.calls.search import Query, SearchOptions, search
from bench.endpoints import GrpcEndpoint
from bench.facet_truth import FIELDS, FacetCheck, check_facets
from bench.indexing_load import indexing
from bench.options import Commands, add_command, inputs_note, pair_of, read_photos, scratch
from bench.process_tree import ProcessTree
from bench.report import Table, log, publish
from bench.stocked_catalog import StockedCatalog, stock
from demo.server import ServerProcess
from models.artifact import Artifact
from services.catalog.vectors.lite_mirror import UP_TO_DATE
from services.inference.pipeline.options import PipelineOptions, cropped_version

SEARCH_HEADERS = ("items", "query", "filter", "meanwhile", "searches/s", "p50 ms", "p99 ms", "errors")
FACET_HEADERS = ("items", "filter", "items that pass", "counts equal SQL's", "p50 ms")
RESTART_HEADERS = ("items", "width", "drained, items/s", "ready, s", "PSS MB", "recall@10")
FILTER = "price<50"
QUERIES, TOP_K = 50, 10
POLL_S = 0.1
MAX_DRAIN_S = 600.0
LEAD_S = 1.0
"""Of the indexing before the search beside it is measured."""

Searched: TypeAlias = tuple[float, list[float], int]
"""Searches a second, the milliseconds of each, errors."""


@dataclass(frozen=True, slots=True)
class SearchCell:
    items: int
    query: str
    filter: str
    meanwhile: str
    throughput_per_s: float
    latencies_ms: Sequence[float]
    errors: int


@dataclass(frozen=True, slots=True)
class Restart:
    """A catalogue after a restart.

    Attributes:
        drained_per_s: items that reached the index a second, before the restart.
        ready_s: from the start of the process to health SERVING.
        memory_mb: PSS of the process tree before the first search.
        recall: share of the ten nearest items, by brute force, among the first ten hits.
    """

    items: int
    width: int
    drained_per_s: float
    ready_s: float
    memory_mb: float
    recall: float


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "search", run, "Searches in catalogues of several sizes.")
    parser.add_argument("--items", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--seconds", type=float, default=5.0, help="of every run; 0 for none (%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    photos, artifact = read_photos(arguments), Artifact.load(arguments.embedder)
    version = cropped_version(artifact.version, PipelineOptions())
    restarts: list[Restart] = []
    cells: list[SearchCell] = []
    facets: list[FacetCheck] = []
    for items in arguments.items:
        with scratch() as home:
            catalog = stock(home, version, artifact.manifest.embedding_width, items)
            log(f"{len(catalog.ids)} items are in the database")
            server = ServerProcess(home, environment=pair_of(arguments).environment, start_timeout_s=600.0)
            restarts.append(restart(server, catalog))
            facets += asyncio.run(count_facets(server.address, catalog))
            if arguments.seconds:
                cells += measure(server.address, catalog, photos, arguments.seconds)
            server.stop()
    note = inputs_note(arguments, len(photos))
    publish(restart_table(restarts, note), None)
    publish(facet_table(facets, note), None)
    publish(search_table(cells, note), arguments.json)
    return not any(cell.errors for cell in cells) and all(each.equal for each in facets)


async def count_facets(address: str, catalog: StockedCatalog) -> list[FacetCheck]:
    async with AsyncClient(address) as client:
        return await check_facets(client, catalog.database, len(catalog.ids))


def restart(server: ServerProcess, catalog: StockedCatalog) -> Restart:
    """Leaves the server running."""
    with server:
        drained_per_s = drain_rate(catalog)
        wait_until(lambda: UP_TO_DATE in server.log_path.read_text())
    ready_s = server.start()
    assert server.process is not None
    memory_mb = ProcessTree(server.process.pid).pss_mb()
    recall = asyncio.run(measure_recall(server.address, catalog))
    items, width = catalog.vectors.shape
    found = Restart(items, width, drained_per_s, ready_s, memory_mb, recall)
    log(f"{found}")
    return found


def drain_rate(catalog: StockedCatalog) -> float:
    """Items a second, from the first batch until the outbox is empty; nan where that was too quick to see."""
    before = catalog.count_outbox()
    wait_until(lambda: catalog.count_outbox() < before or not before)
    first, started_s = catalog.count_outbox(), time.monotonic()
    wait_until(lambda: not catalog.count_outbox())
    return first / (time.monotonic() - started_s) if first else nan


def wait_until(is_true: Callable[[], bool]) -> None:
    """Raises TimeoutError after `MAX_DRAIN_S`."""
    deadline = time.monotonic() + MAX_DRAIN_S
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"the catalogue did not get as far within {MAX_DRAIN_S:g} s")
        time.sleep(POLL_S)


async def measure_recall(address: str, catalog: StockedCatalog) -> float:
    """Of queries beside items, not of the items themselves."""
    random, shares = np.random.default_rng(1), list[float]()
    async with AsyncClient(address) as client:
        asked = await read_embeddings(address, evenly(catalog.ids))
        for embedding in asked:
            near = np.array(embedding.values) + random.normal(size=len(embedding.values)) / 50
            vector = (near / np.linalg.norm(near)).astype(np.float32)
            found = await client.search(
                embedding=replace(embedding, values=tuple(vector.tolist())), top_k=TOP_K
            )
            ids = {hit.item.id for hit in found.queries[0].hits}
            shares.append(len(ids & set(catalog.nearest(vector, TOP_K))) / TOP_K)
    return sum(shares) / len(shares)


def evenly(ids: Sequence[str]) -> list[str]:
    return [ids[index * len(ids) // QUERIES] for index in range(QUERIES)]


def measure(
    address: str, catalog: StockedCatalog, photos: Sequence[bytes], seconds: float
) -> Iterator[SearchCell]:
    asked = evenly(catalog.ids)
    embeddings = asyncio.run(read_embeddings(address, asked))
    for meanwhile in ("nothing", "indexing"):
        for where in ("", FILTER):
            for query in ("embedding", "item"):
                requests = query_requests(query, embeddings, asked, where)
                search = partial(search_for, address, requests, seconds)
                rate, latencies, errors = search() if meanwhile == "nothing" else beside(search, photos)
                yield SearchCell(len(catalog.ids), query, where, meanwhile, rate, latencies, errors)
                log(f"{query} {where} {meanwhile}: p50 {percentile(latencies, 50):.1f} ms")


def beside(search: partial[Searched], photos: Sequence[bytes]) -> Searched:
    """The search while another process indexes."""
    address, _, seconds = search.args
    with indexing(address, photos, seconds + 3 * LEAD_S):
        time.sleep(LEAD_S)
        return search()


def search_for(address: str, requests: Requests, seconds: float) -> Searched:
    """One client."""
    tally = GrpcEndpoint(address, lambda _rpc, _photos: requests).measure("search", (), 1, seconds)
    return tally.answered / tally.seconds, tally.latencies_ms.tolist(), tally.errors.total()


async def read_embeddings(address: str, ids: Sequence[str]) -> list[Embedding]:
    async with AsyncClient(address) as client:
        items = [await client.get_item(item_id, include_embedding=True) for item_id in ids]
    return [item.embedding for item in items if item.embedding is not None]


def query_requests(query: str, embeddings: Sequence[Embedding], ids: Sequence[str], where: str) -> Requests:
    if query == "item":
        asked = [Query(item_id=item_id) for item_id in ids]
    else:
        asked = [Query(embedding=embedding) for embedding in embeddings]
    options = SearchOptions(where=where)
    made = [search(each, options) for each in asked]
    return Requests("search", made[0].path, tuple(call.request for call in made))


def facet_table(facets: Sequence[FacetCheck], note: str) -> Table:
    rows = [
        [
            str(each.items),
            each.where or "none",
            str(each.passing),
            "yes" if each.equal else "no",
            f"{percentile(each.latencies_ms, 50):.1f}",
        ]
        for each in facets
    ]
    notes = (note, f"Facets of {', '.join(FIELDS)}, of searches by text. One client.")
    return Table("facets", FACET_HEADERS, rows, notes, [asdict(each) for each in facets])


def search_table(cells: Sequence[SearchCell], note: str) -> Table:
    notes = (
        note,
        "One client; milliseconds of the whole call. Milvus Lite and SQLite in the server's process.",
    )
    rows = [
        [
            str(cell.items),
            cell.query,
            cell.filter or "none",
            cell.meanwhile,
            f"{cell.throughput_per_s:.0f}",
            f"{percentile(cell.latencies_ms, 50) or 0.0:.1f}",
            f"{percentile(cell.latencies_ms, 99) or 0.0:.1f}",
            str(cell.errors),
        ]
        for cell in cells
    ]
    return Table("search", SEARCH_HEADERS, rows, notes, [asdict(cell) for cell in cells])


def restart_table(restarts: Sequence[Restart], note: str) -> Table:
    notes = (
        note,
        "From the start of the process to health SERVING, with all items in the database and in Milvus Lite.",
    )
    rows = [
        [
            str(each.items),
            str(each.width),
            f"{each.drained_per_s:.0f}",
            f"{each.ready_s:.1f}",
            f"{each.memory_mb:.0f}",
            f"{each.recall:.3f}",
        ]
        for each in restarts
    ]
    return Table("restart", RESTART_HEADERS, rows, notes, [asdict(each) for each in restarts])
