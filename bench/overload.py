"""The command `overload`: more clients than the server accepts; what it refuses, and how the rest fare."""

from __future__ import annotations

import argparse
import asyncio
import re
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from armoire.bench.tally import percentile
from bench.closed_loop import ClosedLoop, Outcomes
from bench.options import Commands, add_command, inputs_note, pair_of, read_photos, scratch
from bench.process_tree import ProcessTree
from bench.report import Table, log, publish
from demo.server import ServerProcess

HEADERS = (
    "limit",
    "clients",
    "calls sent",
    "answered",
    "p50 ms, after the first second",
    "p99 ms",
    "p99 ms, in the first second",
    "refused",
    "refused in, ms (p50, p99)",
    "without RetryInfo",
    "wrong or other",
    "lost",
    "server counted",
    "PSS MB before, peak, after",
)
COUNT = re.compile(r"^armoire_call_seconds_count\{[^}]*EmbedImage[^}]*\} (\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of the server, and the number of clients that just fit it."""

    name: str
    settings: Mapping[str, str]
    fits: int


LIMITS = (
    Limit("128 calls (default)", {}, 128),
    Limit(
        "queue of 64 photos",
        {"ARMOIRE_BATCHING__MAX_QUEUE_ROWS": "64", "ARMOIRE_GRPC__MAX_CONCURRENT_CALLS": "512"},
        64,
    ),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One load on a server, the calls that the server counted meanwhile, and its memory."""

    limit: str
    clients: str
    outcomes: Outcomes
    counted: int
    pss_mb: tuple[float, float, float]


def add_to(commands: Commands) -> None:
    summary = "256 clients at a full server: what is refused, and how the rest fare."
    parser = add_command(commands, "overload", run, summary)
    parser.add_argument("--clients", type=int, default=256, help="(%(default)s)")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of every run (%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    photos = read_photos(arguments)
    trials: list[Trial] = []
    with scratch() as home:
        for limit in LIMITS:
            environment = {**pair_of(arguments).environment, **limit.settings}
            with ServerProcess(home, "services.app:Inference", environment) as server:
                trials += asyncio.run(try_limit(limit, server, photos, arguments))
    publish(table(trials, inputs_note(arguments, len(photos))), arguments.json)
    return all(each.outcomes.accounted == each.outcomes.sent and not each.outcomes.wrong for each in trials)


async def try_limit(
    limit: Limit, server: ServerProcess, photos: Sequence[bytes], arguments: argparse.Namespace
) -> list[Trial]:
    """Three loads: as many clients as fit, too many that honour RetryInfo, too many that retry at once."""
    trials = []
    shapes = ((limit.fits, True), (arguments.clients, True), (arguments.clients, False))
    for clients, honours in shapes:
        load = ClosedLoop(server.address, photos, clients, arguments.seconds, honours_retry_info=honours)
        kind = "that fit" if clients == limit.fits else "honour RetryInfo" if honours else "retry at once"
        trials.append(await measure(load, limit.name, f"{clients} {kind}", server))
        log(f"{limit.name}, {trials[-1].clients}: {trials[-1].outcomes.sent} calls")
    return trials


async def measure(load: ClosedLoop, limit: str, clients: str, server: ServerProcess) -> Trial:
    assert server.process is not None
    tree, counted = ProcessTree(server.process.pid), read_count(server.http_url)
    before = tree.pss_mb()
    running = asyncio.create_task(load.run())
    peak = before
    while not running.done():
        await asyncio.wait([running], timeout=0.5)
        peak = max(peak, await asyncio.to_thread(tree.pss_mb))
    outcomes = await running
    counted = read_count(server.http_url) - counted
    counted -= len(set(load.photos))  # the load first embeds each photo once
    return Trial(limit, clients, outcomes, counted, (before, peak, tree.pss_mb()))


def read_count(http_url: str) -> int:
    """Calls of EmbedImage that have ended, from the server's metrics."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{http_url}/metrics", timeout=10) as reply:
        return sum(int(float(found)) for found in COUNT.findall(reply.read().decode()))


def table(trials: Sequence[Trial], note: str) -> Table:
    records = [asdict(trial) for trial in trials]
    return Table("overload", HEADERS, [row(trial) for trial in trials], [note], records)


def row(trial: Trial) -> list[str]:
    outcomes = trial.outcomes
    refused = [percentile(outcomes.refused_ms, percent) or 0.0 for percent in (50, 99)]
    return [
        trial.limit,
        trial.clients,
        str(outcomes.sent),
        str(outcomes.answered),
        f"{median(outcomes.good_ms or [0.0]):.0f}",
        f"{percentile(outcomes.good_ms, 99) or 0.0:.0f}",
        f"{percentile(outcomes.first_ms, 99) or 0.0:.0f}",
        f"{len(outcomes.refused_ms)} ({len(outcomes.refused_ms) / max(outcomes.sent, 1):.0%})",
        ", ".join(f"{each:.0f}" for each in refused),
        str(outcomes.without_retry_info),
        str(outcomes.wrong + outcomes.others.total()),
        str(outcomes.sent - outcomes.accounted),
        str(trial.counted),
        ", ".join(f"{each:.0f}" for each in trial.pss_mb),
    ]
