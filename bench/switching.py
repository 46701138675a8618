"""Switching the default models to and fro while clients call: what fails, and how long it lasts."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from armoire import ArmoireError, AsyncClient, ImageAnalysis
from armoire.bench.tally import percentile
from bench.options import Commands, add_command, inputs_note, pair_of, read_photos, scratch
from bench.report import Table, log, publish
from demo.server import ServerProcess
from models.manifest import FILE_NAME

HEADERS = (
    *("clients", "switches", "calls", "failed", "mixed", "p50 ms", "p99 ms"),
    *("longest load, s", "longest switch, ms", "rolled back after, ms"),
)
SECOND = "second-"
"""The prefix of the names of the second versions, which have the same graphs."""


@dataclass(slots=True)
class Switching:
    """What clients saw while the defaults moved.

    Attributes:
        mixed: responses whose parts name different versions.
        rolled_back_s: from the call that moves a default back to the first answer of the model before.
    """

    calls: int = 0
    failed: int = 0
    mixed: int = 0
    latencies_ms: list[float] = field(default_factory=list)
    loads_s: list[float] = field(default_factory=list)
    switches_s: list[float] = field(default_factory=list)
    rolled_back_s: list[float] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "switching", run, "Switches of the default models while clients call.")
    parser.add_argument("--clients", type=int, default=16, help="(%(default)s)")
    parser.add_argument("--switches", type=int, default=10, help="of each default (%(default)s)")
    parser.add_argument("--seconds", type=float, default=60.0, help="of all switches (%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    photos = read_photos(arguments)
    with scratch() as home:
        folder = second_versions(home / "second", (arguments.detector, arguments.embedder))
        environment = {**pair_of(arguments).environment, "ARMOIRE_MODELS__FOLDER": str(folder)}
        with ServerProcess(home / "server", environment=environment) as server:
            found = asyncio.run(measure(server.address, photos, arguments))
    publish(_table(found, arguments, inputs_note(arguments, len(photos))), arguments.json)
    return not (found.failed or found.mixed)


def second_versions(folder: Path, sources: Sequence[Path]) -> Path:
    """Copies of the artifacts under other names, which gives them versions of their own."""
    for source in sources:
        copy = folder / f"{SECOND}{source.name}"
        shutil.copytree(source, copy)
        document = json.loads((copy / FILE_NAME).read_text())
        (copy / FILE_NAME).write_text(json.dumps(document | {"name": copy.name}))
    return folder


async def measure(address: str, photos: Sequence[bytes], arguments: argparse.Namespace) -> Switching:
    found = Switching()
    async with AsyncClient(address) as client, AsyncClient(address) as operator:
        first = [model.version for model in await operator.models() if model.task != "embed_text"]
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for number in range(arguments.clients):
                group.create_task(_call(client, photos, number, found, stop))
            try:
                await _switch_often(operator, first, found, arguments)
            finally:
                stop.set()
    return found


async def _call(
    client: AsyncClient, photos: Sequence[bytes], number: int, found: Switching, stop: asyncio.Event
) -> None:
    """Analyze two photos a call until told to stop."""
    while not stop.is_set():
        pair = [photos[(number + offset) % len(photos)] for offset in (0, 1)]
        number, started_s = number + 1, time.monotonic()
        found.calls += 1
        try:
            outcomes = await client.analyze_batch(pair, include_embeddings=True)
        except ArmoireError as error:
            log(f"failed: {error}")
            found.failed += 1
            continue
        found.latencies_ms.append((time.monotonic() - started_s) * 1e3)
        analyses = [outcome for outcome in outcomes if isinstance(outcome, ImageAnalysis)]
        found.failed += len(analyses) < len(pair)
        versions = {_versions(analysis) for analysis in analyses}
        found.mixed += len(versions) != 1 or None in versions
        found.versions |= {f"{one} and {other}" for one, other in filter(None, versions)}


def _versions(analysis: ImageAnalysis) -> tuple[str, str] | None:
    """The versions of detector and embedder; None where an embedding names another one than its analysis."""
    embedders = {item.embedding.model_version for item in analysis.items if item.embedding is not None}
    if not embedders <= {analysis.embedder_version}:
        return None
    return analysis.detector_version, analysis.embedder_version


async def _switch_often(
    operator: AsyncClient, first: Sequence[str], found: Switching, arguments: argparse.Namespace
) -> None:
    """Load the second versions, move both defaults to and fro, and unload what no longer answers."""
    sources = [Path(arguments.detector).name, Path(arguments.embedder).name]
    for _ in range(arguments.switches // 2):
        until_s = time.monotonic() + 2 * arguments.seconds / arguments.switches
        second = [await _load(operator, f"{SECOND}{name}", found) for name in sources]
        for version in second:
            await _switch(operator, version, found)
        await asyncio.sleep(max(0.0, (until_s - time.monotonic()) / 2))
        for version in first:
            await _roll_back(operator, version, found)
        for version in second:
            await operator.unload_model(version)
        await asyncio.sleep(max(0.0, until_s - time.monotonic()))


async def _load(operator: AsyncClient, reference: str, found: Switching) -> str:
    started_s = time.monotonic()
    model, *_ = await operator.load_model(reference)
    found.loads_s.append(time.monotonic() - started_s)
    return model.version


async def _switch(operator: AsyncClient, version: str, found: Switching) -> None:
    started_s = time.monotonic()
    await operator.set_model_alias(version)
    found.switches_s.append(time.monotonic() - started_s)


async def _roll_back(operator: AsyncClient, version: str, found: Switching) -> None:
    """Move a default back, and wait until a text or a list of models shows it."""
    started_s = time.monotonic()
    await operator.set_model_alias(version)
    models = {model.version: model.aliases for model in await operator.models()}
    assert "default" in models[version]
    found.rolled_back_s.append(time.monotonic() - started_s)


def _table(found: Switching, arguments: argparse.Namespace, note: str) -> Table:
    switches = len(found.switches_s) + len(found.rolled_back_s)
    row = (
        *map(str, (arguments.clients, switches, found.calls, found.failed, found.mixed)),
        f"{percentile(found.latencies_ms, 50):.0f}",
        f"{percentile(found.latencies_ms, 99):.0f}",
        f"{max(found.loads_s):.1f}",
        f"{max(found.switches_s) * 1e3:.0f}",
        f"{max(found.rolled_back_s) * 1e3:.0f}",
    )
    pairs = f"Versions that answered: {'; '.join(sorted(found.versions))}."
    notes = (note, "Analyze of two photos a call, with embeddings. " + pairs)
    records = [asdict(found) | {"versions": sorted(found.versions)}]
    return Table("switching", HEADERS, [row], notes, records)
