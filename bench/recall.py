"""Recall of filtered searches against brute force by selectivity, and facets: in memory and on a Milvus."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from typing import TypeAlias, TypeVar

import numpy as np

from armoire.bench.tally import percentile
from bench.model_pair import ROOT
from bench.options import Commands, add_command
from bench.report import Table, log, publish
from domain.taxonomy import Taxonomy
from domain.types import FloatArray, ModelVersion
from services.catalog.ids import IdSource
from services.catalog.search.filter_rules import filter_fields
from services.catalog.sql.catalog_database import catalog_database
from services.catalog.sync.index_rows import RowWriter
from services.catalog.sync.server_index import ServerIndex
from services.catalog.vectors.collection import Collection, collection_name
from services.catalog.vectors.flat_rows import FlatRows
from services.catalog.vectors.predicates import EVERY_ROW, AllOf, Comparison, Predicate
from services.catalog.vectors.row import Columns, Value, VectorHit, VectorRow
from services.catalog.vectors.value_counts import CountedColumns, ValueCount

HEADERS = ("items", "index", "filter passes", "recall@10", "p50 ms", "p99 ms")
FACET_HEADERS = ("items", "index", "filter passes", "counts equal", "p50 ms")
SELECTIVITIES = (0.001, 0.01, 0.1, 0.5, 1.0)
QUERIES, TOP_K, CHUNK = 50, 10, 1000
FACET_ROUNDS, MAX_VALUES = 5, 100
VERSION = ModelVersion("bench-recall", "bench")
BRANDS, CLUSTERS = 500, 200

T = TypeVar("T")
Search: TypeAlias = Callable[[FloatArray, Predicate], list[VectorHit]]
Count: TypeAlias = Callable[[Predicate, Sequence[CountedColumns]], list[list[ValueCount]]]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Items drawn at random: vectors (N, D) in clusters, and `shares` (N,), uniform from 0 to 1."""

    ids: list[str]
    vectors: FloatArray
    shares: FloatArray
    texts: dict[str, list[str]]
    columns: Columns

    def chunks(self) -> Iterator[list[VectorRow]]:
        empty: dict[str, Value] = dict.fromkeys(self.columns.texts, "")
        empty |= dict.fromkeys(self.columns.numbers, 0.0) | dict.fromkeys(self.columns.flags, False)
        empty |= dict.fromkeys(self.columns.tokens, ())
        for start in range(0, len(self.ids), CHUNK):
            yield [self._row(empty, at) for at in range(start, min(start + CHUNK, len(self.ids)))]

    def _row(self, empty: dict[str, Value], at: int) -> VectorRow:
        values = empty | {"price": float(self.shares[at])}
        values |= {name: texts[at] for name, texts in self.texts.items()}
        return VectorRow(self.ids[at], "default", "1", values, self.vectors[at])

    def nearest(self, vector: FloatArray, selectivity: float) -> set[str]:
        """The ids of the nearest rows that pass, by brute force."""
        passing = np.flatnonzero(self.shares < selectivity)
        order = np.argsort(-(self.vectors[passing] @ vector), kind="stable")[:TOP_K]
        return {self.ids[at] for at in passing[order]}

    def counts(self, name: str, selectivity: float) -> dict[str, int]:
        return dict(Counter(np.array(self.texts[name])[self.shares < selectivity].tolist()))


@dataclass(frozen=True, slots=True)
class Cell:
    """One index, size and filter; `recall` is the mean over the queries."""

    items: int
    index: str
    selectivity: float
    recall: float
    latencies_ms: Sequence[float]
    counts_equal: bool
    facets_ms: Sequence[float]


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "recall", run, "Recall of filtered searches, in memory and on Milvus.")
    parser.add_argument("--items", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--width", type=int, default=128, help="of the vectors (%(default)s)")
    parser.add_argument("--milvus", metavar="URI", help="a server that is measured, too")
    parser.add_argument("--database", metavar="URL", help="where its facets are counted (a file of SQLite)")


def run(arguments: argparse.Namespace) -> bool:
    cells: list[Cell] = []
    for items in arguments.items:
        rows = draw(items, arguments.width)
        with ExitStack() as closing:
            indexes = {"memory": in_memory(rows)}
            if arguments.milvus:
                indexes["Milvus"] = on_milvus(rows, arguments.milvus, arguments.database, closing)
            for name, (search, count) in indexes.items():
                cells += [measure(rows, name, search, count, share) for share in SELECTIVITIES]
    note = f"{arguments.width} numbers a vector, {QUERIES} queries, three facets."
    publish(recall_table(cells, note), None)
    publish(facet_table(cells, note), arguments.json)
    return all(cell.recall >= 0.98 and cell.counts_equal for cell in cells)


def draw(items: int, width: int) -> Rows:
    taxonomy = Taxonomy.load(ROOT / "domain/taxonomy.toml")
    random, ids = np.random.default_rng(0), IdSource()
    vectors = random.normal(size=(CLUSTERS, width))[random.integers(0, CLUSTERS, items)]
    vectors = vectors + 0.7 * random.normal(size=vectors.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = {
        "brand": [f"brand {number}" for number in range(BRANDS)],
        _column(taxonomy, "category"): [category.name for category in taxonomy.categories],
        _column(taxonomy, "main_color"): list(taxonomy.colors),
    }
    texts = {name: random.choice(values, items).tolist() for name, values in words.items()}
    return Rows(
        [ids.next() for _ in range(items)],
        vectors.astype(np.float32),
        random.random(items).astype(np.float32),
        texts,
        RowWriter(taxonomy).columns,
    )


def _column(taxonomy: Taxonomy, field: str) -> str:
    return filter_fields(taxonomy)[field].columns[0]


def in_memory(rows: Rows) -> tuple[Search, Count]:
    held = FlatRows(rows.vectors.shape[1], rows.columns, len(rows.ids))
    for chunk in rows.chunks():
        held.upsert(chunk)
    return (
        lambda vector, predicate: held.search([vector], predicate, TOP_K)[0],
        lambda predicate, counted: held.count_values(predicate, counted, MAX_VALUES),
    )


def on_milvus(rows: Rows, uri: str, database_url: str | None, closing: ExitStack) -> tuple[Search, Count]:
    """Vectors on the server, and the values that are counted in a database."""
    width = rows.vectors.shape[1]
    folder = closing.enter_context(tempfile.TemporaryDirectory(prefix="armoire-recall-"))
    database = catalog_database(database_url or f"sqlite:///{folder}/catalog.db")
    asyncio.run(database.open())
    closing.callback(lambda: asyncio.run(database.close()))
    index = ServerIndex(uri, rows.columns, database)
    index.open()
    closing.callback(index.close)
    collection = Collection(collection_name(VERSION, width, rows.columns.names), VERSION, width)
    index.drop_collection(collection)
    closing.callback(index.drop_collection, collection)
    started_s = time.monotonic()
    for chunk in rows.chunks():
        index.upsert(collection, chunk)
    log(f"{len(rows.ids)} rows are written after {time.monotonic() - started_s:.0f} s")
    return (
        lambda vector, predicate: index.search(collection, [vector], predicate, TOP_K)[0],
        lambda predicate, counted: index.count_values(collection, predicate, counted, MAX_VALUES),
    )


def measure(rows: Rows, name: str, search: Search, count: Count, selectivity: float) -> Cell:
    random, shares, latencies_ms = np.random.default_rng(1), list[float](), list[float]()
    predicate = _predicate(selectivity)
    search(rows.vectors[0], predicate)
    for at in random.integers(0, len(rows.ids), QUERIES):
        vector = rows.vectors[at] + random.normal(size=rows.vectors.shape[1]) / 50
        vector = (vector / np.linalg.norm(vector)).astype(np.float32)
        hits, took_ms = _timed(partial(search, vector, predicate))
        wanted = rows.nearest(vector, selectivity)
        shares.append(len(wanted & {hit.item_id for hit in hits}) / len(wanted) if wanted else 1.0)
        latencies_ms.append(took_ms)
    equal, facets_ms = _count(rows, count, predicate, selectivity)
    cell = Cell(len(rows.ids), name, selectivity, float(np.mean(shares)), latencies_ms, equal, facets_ms)
    log(f"{name}, {cell.items} items, {selectivity:g} pass: recall {cell.recall:.3f}")
    return cell


def _count(rows: Rows, count: Count, predicate: Predicate, selectivity: float) -> tuple[bool, list[float]]:
    """Whether the counts of facets equal those of the rows, and the milliseconds of each round."""
    counted = [CountedColumns((name,)) for name in rows.texts]
    equal, facets_ms = True, list[float]()
    for _ in range(FACET_ROUNDS):
        found, took_ms = _timed(partial(count, predicate, counted))
        facets_ms.append(took_ms)
        for name, values in zip(rows.texts, found, strict=True):
            wanted = rows.counts(name, selectivity)
            equal &= len(values) == min(MAX_VALUES, len(wanted))
            equal &= all(wanted.get(each.value) == each.count for each in values)
    return equal, facets_ms


def _predicate(selectivity: float) -> Predicate:
    return EVERY_ROW if selectivity >= 1 else AllOf((Comparison("price", "<", selectivity),))


def _timed(call: Callable[[], T]) -> tuple[T, float]:
    started_s = time.monotonic()
    result = call()
    return result, (time.monotonic() - started_s) * 1e3


def recall_table(cells: Sequence[Cell], note: str) -> Table:
    rows = [
        (
            f"{cell.items:,}",
            cell.index,
            f"{cell.selectivity:.1%}",
            f"{cell.recall:.3f}",
            f"{percentile(cell.latencies_ms, 50):.1f}",
            f"{percentile(cell.latencies_ms, 99):.1f}",
        )
        for cell in cells
    ]
    return Table("recall", HEADERS, rows, (note,), [asdict(cell) for cell in cells])


def facet_table(cells: Sequence[Cell], note: str) -> Table:
    rows = [
        (
            f"{cell.items:,}",
            cell.index,
            f"{cell.selectivity:.1%}",
            "yes" if cell.counts_equal else "no",
            f"{percentile(cell.facets_ms, 50):.1f}",
        )
        for cell in cells
    ]
    return Table("facets", FACET_HEADERS, rows, (note,), [asdict(cell) for cell in cells])
