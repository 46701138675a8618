"""A shadow embedder beside the live one: what it costs callers, and how far the two agree."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Coroutine, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from armoire import ArmoireError, AsyncClient, ModelTask, ShadowReport
from armoire.bench.tally import percentile
from bench.options import Commands, add_command, add_runs, inputs_note, pair_of, read_photos, scratch
from bench.process_tree import ProcessTree
from bench.report import Table, log, publish
from demo.server import ServerProcess

HEADERS = ("shadow", "clients", "calls", "failed", "calls/s", "p50 ms", "p99 ms")
ALIAS = "shadow"
WARM_UP, IDLE_S = 8, 5.0


@dataclass(slots=True)
class Load:
    """What clients saw with the shadow, or without it."""

    shadow: bool
    calls: int = 0
    failed: int = 0
    seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CpuCost:
    """Milliseconds of the server's CPU for a photo that is analyzed, without a shadow and with one."""

    alone_ms: float
    beside_ms: float

    def described(self) -> str:
        shadow_ms = self.beside_ms - self.alone_ms
        return (
            f"One by one: {self.alone_ms:.0f} ms of CPU for a call alone, {self.beside_ms:.0f} "
            f"with the shadow's answer, so {shadow_ms:.0f} for the shadow "
            f"({shadow_ms / self.alone_ms:.2f} of a call)."
        )


def add_to(commands: Commands) -> None:
    parser = add_command(
        commands, "shadow", run, "A shadow embedder: what it costs callers, how far it agrees."
    )
    parser.add_argument("--candidate", type=Path, required=True, help="artifact of the other embedder")
    parser.add_argument("--clients", type=int, default=2, help="(%(default)s)")
    parser.add_argument("--count", type=int, default=200, help="photos (%(default)s)")
    add_runs(parser, seconds=15.0, rounds=2)


def run(arguments: argparse.Namespace) -> bool:
    photos = read_photos(arguments, arguments.count)
    environment = {
        **pair_of(arguments).environment,
        "ARMOIRE_MODELS__FOLDER": str(arguments.candidate.resolve().parent),
        "ARMOIRE_MODELS__SHADOW_ANALYZE_RATIO": "1",
    }
    with scratch() as home, ServerProcess(home, "services.app:Inference", environment) as server:
        assert server.process is not None
        tree = ProcessTree(server.process.pid)
        loads, cpu, report = asyncio.run(_measure(server.address, tree, photos, arguments))
    note = f"{inputs_note(arguments, len(photos))} {cpu.described()}"
    publish(_table(loads, report, arguments, note), arguments.json)
    return not any(load.failed for load in loads)


async def _measure(
    address: str, tree: ProcessTree, photos: Sequence[bytes], arguments: argparse.Namespace
) -> tuple[list[Load], CpuCost, ShadowReport]:
    """Each photo alone, rounds without the shadow and with it in turn, and each photo with the shadow."""
    without, beside = Load(False), Load(True)
    async with AsyncClient(address) as client:
        candidate = (await client.load_model(arguments.candidate.name))[0].version
        for photo in photos[:WARM_UP]:
            await client.analyze(photo)
        alone_s = await _cpu_s(tree, _one_by_one(client, photos, compared=False))
        for number in range(arguments.rounds):
            if number:
                await client.delete_model_alias(ALIAS, ModelTask.EMBED_IMAGE)
            await _call_for(client, photos, arguments, without)
            await client.set_model_alias(candidate, alias=ALIAS)
            await _call_for(client, photos, arguments, beside)
            log(f"round {number + 1}")
        cpu_s = await _cpu_s(tree, _one_by_one(client, photos, compared=True))
        cost = CpuCost(1e3 * alone_s / len(photos), 1e3 * cpu_s / len(photos))
        return [without, beside], cost, await client.get_shadow_report()


async def _one_by_one(client: AsyncClient, photos: Sequence[bytes], *, compared: bool) -> None:
    """Send each photo when nothing is left to do for the one before."""
    for photo in photos:
        before = await client.get_shadow_report()
        await client.analyze(photo)
        if compared:
            await _compared(client, before)


async def _cpu_s(tree: ProcessTree, work: Coroutine[None, None, None]) -> float:
    """Seconds of CPU that the server's processes use for the work, beyond what they use in idle time."""
    started_s, before_s = time.monotonic(), tree.cpu_s()
    await asyncio.sleep(IDLE_S)
    idle = (tree.cpu_s() - before_s) / (time.monotonic() - started_s)
    started_s, before_s = time.monotonic(), tree.cpu_s()
    await work
    return tree.cpu_s() - before_s - idle * (time.monotonic() - started_s)


async def _compared(client: AsyncClient, before: ShadowReport) -> None:
    """Wait until one more photo was compared, or has failed."""
    while True:
        now = await client.get_shadow_report()
        if now.photos + now.failed > before.photos + before.failed:
            return
        await asyncio.sleep(0.01)


async def _call_for(
    client: AsyncClient, photos: Sequence[bytes], arguments: argparse.Namespace, load: Load
) -> None:
    begun_s = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number in range(arguments.clients):
            group.create_task(
                _call(client, photos[number :: arguments.clients], begun_s + arguments.seconds, load)
            )
    load.seconds += time.monotonic() - begun_s


async def _call(client: AsyncClient, photos: Sequence[bytes], until_s: float, load: Load) -> None:
    number = 0
    while time.monotonic() < until_s:
        started_s = time.monotonic()
        load.calls += 1
        try:
            await client.analyze(photos[number % len(photos)])
        except ArmoireError as error:
            log(f"failed: {error}")
            load.failed += 1
        load.latencies_ms.append((time.monotonic() - started_s) * 1e3)
        number += 1


def _table(loads: Sequence[Load], report: ShadowReport, arguments: argparse.Namespace, note: str) -> Table:
    rows = [
        (
            *("beside" if load.shadow else "none", str(arguments.clients), str(load.calls), str(load.failed)),
            f"{load.calls / load.seconds:.1f}",
            *(f"{percentile(load.latencies_ms, percent):.0f}" for percent in (50, 99)),
        )
        for load in loads
    ]
    said = (
        f"{report.candidate_version} beside {report.live_version}: {report.photos} photos compared, "
        f"{report.dropped} dropped, {report.failed} failed; the same category of "
        f"{report.label_agreement:.3f} of {report.garments} garments; overlap of the ten nearest "
        f"{report.overlap:.3f}, of {report.neighbourhoods} garments."
    )
    records = [*(asdict(load) for load in loads), asdict(report) | {"start_time": None}]
    return Table("shadow", HEADERS, rows, (note, said), records)
