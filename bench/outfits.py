"""Outfits of catalogues of several sizes: how long the calls take, and whether the answers hold.

Every outfit that is suggested is checked by the grammar, every call is made twice with its seed, and lists
are suggested with and without diversity.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations

import numpy as np

from armoire import AsyncClient, Outfit
from armoire.bench.tally import percentile
from bench.model_pair import ROOT
from bench.options import Commands, add_command, inputs_note, pair_of, scratch
from bench.report import Table, log, publish
from bench.search import wait_until
from bench.stocked_catalog import StockedCatalog, stock
from demo.server import ServerProcess
from domain.garment_types import GarmentType, Slot
from domain.taxonomy import Taxonomy
from domain.types import FloatArray
from models.artifact import Artifact
from services.inference.pipeline.options import PipelineOptions, cropped_version
from services.outfits.grammar import problems
from services.outfits.piece import Piece, PlacedPiece

LATENCY_HEADERS = ("items", "call", "filter", "p50 ms", "p99 ms")
ANSWER_HEADERS = (
    *("items", "outfits", "valid", "same again", "completed in the slot"),
    *("distance without diversity", "with", "score without", "with"),
)
FILTERS = ("", "price<50", "color=blue,price<20")
MOST = 50
"""Outfits that one call suggests."""
LIST, LISTS = 5, 40
"""Outfits of a list, and lists that are compared with and without diversity."""
SLOT = "shoes"


@dataclass(frozen=True, slots=True)
class CallTimes:
    items: int
    call: str
    where: str
    latencies_ms: Sequence[float]


@dataclass(frozen=True, slots=True)
class Answers:
    """What held of the answers.

    Attributes:
        outfits: suggested in all; `valid` of them are outfits.
        same: the calls that had the same answer again.
        in_slot: the share of completions that fill the slot asked for.
        distances, scores: the mean cosine distance between the outfits of a list, and their mean score,
            without and with diversity.
    """

    items: int
    outfits: int
    valid: int
    calls: int
    same: int
    in_slot: float
    distances: tuple[float, float]
    scores: tuple[float, float]

    @property
    def hold(self) -> bool:
        return self.valid == self.outfits and self.same == self.calls


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "outfits", run, "Outfits of catalogues of several sizes.")
    parser.add_argument("--items", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--calls", type=int, default=100, help="timed, of each kind (%(default)s)")
    parser.add_argument(
        "--suggestions", type=int, default=10_000, help="outfits that are checked, at each size (%(default)s)"
    )
    parser.add_argument("--diversity", type=float, help="compared with none (default: the server's)")


def run(arguments: argparse.Namespace) -> bool:
    artifact = Artifact.load(arguments.embedder)
    version = cropped_version(artifact.version, PipelineOptions())
    times: list[CallTimes] = []
    answers: list[Answers] = []
    for items in arguments.items:
        with scratch() as home:
            catalog = stock(home, version, artifact.manifest.embedding_width, items)
            log(f"{len(catalog.ids)} items are in the database")
            environment = pair_of(arguments).environment
            with ServerProcess(home, environment=environment, start_timeout_s=600.0) as server:
                wait_for_index(catalog)
                times += asyncio.run(time_calls(server.address, catalog, arguments.calls))
                checked = check_answers(server.address, catalog, arguments.suggestions, arguments.diversity)
                answers.append(asyncio.run(checked))
    note = inputs_note(arguments, 0)
    publish(latency_table(times, note), arguments.json)
    publish(answer_table(answers, note), None)
    return all(each.hold for each in answers)


def wait_for_index(catalog: StockedCatalog) -> None:
    """Until the server has filled its index, which would take from what is measured."""
    wait_until(lambda: not catalog.count_outbox())


async def time_calls(address: str, catalog: StockedCatalog, calls: int) -> list[CallTimes]:
    """One client, another seed at each call."""
    kinds = [("suggest", where) for where in FILTERS] + [("suggest, with a base", ""), ("complete", "")]
    found = []
    async with AsyncClient(address) as client:
        (first, *_) = await client.outfits.suggest()  # it also reads what the other calls have at hand
        base = without_slot(first)
        for call, where in kinds:
            latencies_ms = [await timed(client, call, base, where, seed) for seed in range(calls)]
            found.append(CallTimes(len(catalog.ids), call, where, latencies_ms))
            log(f"{call} {where}: p50 {percentile(latencies_ms, 50):.1f} ms")
    return found


async def timed(client: AsyncClient, call: str, base: Sequence[str], where: str, seed: int) -> float:
    """The milliseconds of one call."""
    started_s = time.monotonic()
    if call == "complete":
        await client.outfits.complete(base, SLOT, seed=seed)
    else:
        await client.outfits.suggest(seed=seed, where=where, base=() if call == "suggest" else base[:1])
    return (time.monotonic() - started_s) * 1e3


def without_slot(outfit: Outfit) -> list[str]:
    """The items of an outfit that are left when `SLOT` is to be filled."""
    return [item.item_id for item in outfit.items if item.slot.value != SLOT]


async def check_answers(
    address: str, catalog: StockedCatalog, suggestions: int, diversity: float | None
) -> Answers:
    taxonomy = Taxonomy.load(ROOT / "domain/taxonomy.toml")
    types = {each.name: each for each in taxonomy.garment_types}
    outfits = valid = same = in_slot = completed = 0
    calls = -(-suggestions // MOST)
    async with AsyncClient(address) as client:
        for seed in range(calls):
            found = await client.outfits.suggest(MOST, seed=seed)
            outfits += len(found)
            valid += sum(not problems(pieces_of(outfit, types)) for outfit in found)
            same += found == await client.outfits.suggest(MOST, seed=seed)
            candidates = await client.outfits.complete(without_slot(found[0]), SLOT, MOST, seed=seed)
            completed += len(candidates)
            in_slot += sum(each.item.slot.value == SLOT for each in candidates)
        without, diverse = [await lists(client, catalog, each) for each in (0.0, diversity)]
    distances, scores = zip(without, diverse, strict=True)
    return Answers(len(catalog.ids), outfits, valid, calls, same, in_slot / completed, distances, scores)


def pieces_of(outfit: Outfit, types: Mapping[str, GarmentType]) -> list[PlacedPiece]:
    return [
        PlacedPiece(Piece(item.item_id, types[item.garment_type]), Slot(item.slot.value))
        for item in outfit.items
    ]


async def lists(client: AsyncClient, catalog: StockedCatalog, diversity: float | None) -> tuple[float, float]:
    """The mean distance between the outfits of a list, and their mean score."""
    vectors = dict(zip(catalog.ids, catalog.vectors, strict=True))
    distances, scores = list[float](), list[float]()
    for seed in range(LISTS):
        found = await client.outfits.suggest(LIST, seed=seed, diversity=diversity)
        means = [mean_vector([vectors[item.item_id] for item in outfit.items]) for outfit in found]
        distances += [1.0 - float(one @ other) for one, other in combinations(means, 2)]
        scores += [outfit.score for outfit in found]
    return float(np.mean(distances)), float(np.mean(scores))


def mean_vector(vectors: Sequence[FloatArray]) -> FloatArray:
    """(D,) float32, L2-normalised."""
    mean: FloatArray = np.mean(vectors, axis=0)
    return mean / np.linalg.norm(mean)


def latency_table(times: Sequence[CallTimes], note: str) -> Table:
    rows = [
        [
            str(each.items),
            each.call,
            each.where or "none",
            f"{percentile(each.latencies_ms, 50) or 0.0:.0f}",
            f"{percentile(each.latencies_ms, 99) or 0.0:.0f}",
        ]
        for each in times
    ]
    notes = (note, "Five outfits a call, read from SQLite and sent over gRPC; one client.")
    return Table("outfits", LATENCY_HEADERS, rows, notes, [asdict(each) for each in times])


def answer_table(answers: Sequence[Answers], note: str) -> Table:
    rows = [
        [
            str(each.items),
            str(each.outfits),
            str(each.valid),
            f"{each.same} of {each.calls}",
            f"{each.in_slot:.1%}",
            *(f"{value:.3f}" for value in (*each.distances, *each.scores)),
        ]
        for each in answers
    ]
    notes = (note, f"Distances and scores of {LISTS} lists of {LIST} outfits.")
    return Table("outfit answers", ANSWER_HEADERS, rows, notes, [asdict(each) for each in answers])
