"""Searching a catalogue as it grows, with and without filters, and while photos are being indexed."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TypeAlias

from armoire import AsyncClient, Embedding, calls
from armoire.bench.requests import Requests, photo_requests
from armoire.bench.tally import percentile
from bench.endpoints import GrpcEndpoint
from bench.indexing_load import AT_A_TIME, Indexing, fill, index_for, indexing
from bench.options import Commands, add_command, inputs_note, pair_of, read_photos, scratch
from bench.report import Table, log, publish
from bench.spread import Spread
from demo.server import ServerProcess

SEARCH_HEADERS = ("items", "query", "filter", "meanwhile", "searches/s", "p50 ms", "p99 ms", "errors")
INDEX_HEADERS = ("round", "Analyze, photos/s, before and after", "indexed, photos/s", "ratio")
FILTER = "price<50"
QUERIES = 50
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
class IndexRound:
    """Indexing between two measurements of Analyze with as many clients as photos are indexed at a time."""

    analyze_before_per_s: float
    analyze_after_per_s: float
    indexed: Indexing

    @property
    def ratio(self) -> float:
        return self.indexed.per_s * 2 / (self.analyze_before_per_s + self.analyze_after_per_s)


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "search", run_search, "Searches in catalogues of several sizes.")
    parser.add_argument("--items", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--seconds", type=float, default=5.0, help="of every run (%(default)s)")
    parser = add_command(commands, "indexing", run_indexing, "Indexing beside Analyze.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8.0, help="of every run (%(default)s)")


def run_search(arguments: argparse.Namespace) -> bool:
    photos = read_photos(arguments)
    cells: list[SearchCell] = []
    for items in arguments.items:
        with scratch() as home, ServerProcess(home, environment=pair_of(arguments).environment) as server:
            started = time.monotonic()
            ids = asyncio.run(fill(server.address, photos, items))
            log(f"{len(ids)} items in {time.monotonic() - started:.0f} s")
            cells += measure(server.address, ids, photos, arguments.seconds)
    publish(search_table(cells, inputs_note(arguments, len(photos))), arguments.json)
    return not any(cell.errors for cell in cells)


def measure(
    address: str, ids: Sequence[str], photos: Sequence[bytes], seconds: float
) -> Iterator[SearchCell]:
    asked = [ids[index * len(ids) // QUERIES] for index in range(QUERIES)]
    embeddings = asyncio.run(read_embeddings(address, asked))
    for meanwhile in ("nothing", "indexing"):
        for where in ("", FILTER):
            for query in ("embedding", "item"):
                requests = query_requests(query, embeddings, asked, where)
                search = partial(search_for, address, requests, seconds)
                rate, latencies, errors = search() if meanwhile == "nothing" else beside(search, photos)
                yield SearchCell(len(ids), query, where, meanwhile, rate, latencies, errors)
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
        made = [calls.search(item_id=item_id, where=where) for item_id in ids]
    else:
        made = [calls.search(embedding=embedding, where=where) for embedding in embeddings]
    return Requests("search", made[0].path, tuple(call.request for call in made))


def run_indexing(arguments: argparse.Namespace) -> bool:
    photos = read_photos(arguments)
    with scratch() as home, ServerProcess(home, environment=pair_of(arguments).environment) as server:
        index_for(server.address, photos, LEAD_S)
        rounds = [index_round(server.address, photos, arguments.seconds) for _ in range(arguments.rounds)]
    publish(index_table(rounds, inputs_note(arguments, len(photos))), arguments.json)
    return True


def index_round(address: str, photos: Sequence[bytes], seconds: float) -> IndexRound:
    line = GrpcEndpoint(address, photo_requests)
    before = line.measure("analyze", photos, AT_A_TIME, seconds)
    with indexing(address, photos, seconds) as indexed:
        found = indexed.result()
    after = line.measure("analyze", photos, AT_A_TIME, seconds)
    done = IndexRound(before.answered / seconds, after.answered / seconds, found)
    log(f"indexing {done.ratio:.2f} of Analyze")
    return done


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


def index_table(rounds: Sequence[IndexRound], note: str) -> Table:
    rows = [
        [
            str(number + 1),
            f"{each.analyze_before_per_s:.1f}, {each.analyze_after_per_s:.1f}",
            f"{each.indexed.per_s:.1f}",
            f"{each.ratio:.2f}",
        ]
        for number, each in enumerate(rounds)
    ]
    rows.append(["all", "", "", Spread.of(each.ratio for each in rounds).show()])
    return Table("indexing", INDEX_HEADERS, rows, [note], [asdict(each) for each in rounds])
