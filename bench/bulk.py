"""The command `bulk`: a stream of photos beside unary calls, and a run during which the server is killed."""

from __future__ import annotations

import argparse
import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import TypeAlias

from armoire import ArmoireError, AsyncClient, BulkProgress, Client, ImageAnalysis, InvalidInput, Priority
from bench.options import Commands, add_command, inputs_note, pair_of, read_photos, scratch
from bench.process_tree import ProcessTree
from bench.report import Table, log, publish
from bench.spread import Spread
from demo.server import ServerProcess

HEADERS = ("photos go as", "photos/s", "of the best unary", "95 % CI of the mean", "server CPU ms a photo")
UNARY = ("unary, interactive", "unary, bulk")
STREAM = "AnalyzeStream"
Load: TypeAlias = Callable[[AsyncClient, Sequence[bytes]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Run:
    """All photos of a round sent in one way."""

    way: str
    round: int
    photos_per_s: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Killed:
    """A run over `photos` during which the server was killed; `away_s` until it was ready again.

    Attributes:
        in_order: each photo was handed out once, in order.
        failed: photos with an error, which are those that were `corrupt` if `as_expected`.
    """

    photos: int
    corrupt: int
    seconds: float
    away_s: float
    resumed: int
    in_order: bool
    failed: int
    as_expected: bool

    @property
    def good(self) -> bool:
        return self.in_order and self.as_expected

    def describe(self) -> str:
        order = "once, in order" if self.in_order else "NOT once and in order"
        errors = "each with its reason" if self.as_expected else "NOT as expected"
        return (
            f"A run of {self.photos} photos with a kill -9 halfway: answered {order}; {self.failed} errors "
            f"for {self.corrupt} corrupt photos, {errors}; {self.seconds:.0f} s, {self.away_s:.0f} s of them "
            f"without a server; {self.resumed} breaks and tries to go on."
        )


def add_to(commands: Commands) -> None:
    summary = "A stream of photos beside unary calls, and a run during which the server is killed."
    parser = add_command(commands, "bulk", run, summary)
    parser.add_argument("--clients", type=int, default=32, help="of the unary calls (%(default)s)")
    parser.add_argument("--count", type=int, default=500, help="photos in each run (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="how often all is measured (%(default)s)")
    parser.add_argument(
        "--killed", type=int, default=2000, help="photos in the run with a kill (%(default)s)"
    )
    parser.add_argument("--corrupt", type=int, default=20, help="of them, so many are cut off (%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    most = max(arguments.count, arguments.killed)
    photos = list(islice(cycle(read_photos(arguments, most)), most))
    environment = pair_of(arguments).environment
    with scratch() as home:
        runs = compare(home, environment, photos[: arguments.count], arguments)
        killed = run_with_kill(home, environment, photos[: arguments.killed], arguments.corrupt)
    note = inputs_note(arguments, len(photos))
    publish(table(runs, [note, killed.describe()], asdict(killed)), arguments.json)
    return killed.good


def compare(
    home: Path, environment: Mapping[str, str], photos: Sequence[bytes], arguments: argparse.Namespace
) -> list[Run]:
    """Send the photos in every way, in an order that turns from round to round."""
    ways: dict[str, Load] = {
        UNARY[0]: partial(send_unary, clients=arguments.clients, priority=Priority.INTERACTIVE),
        UNARY[1]: partial(send_unary, clients=arguments.clients, priority=Priority.BULK),
        STREAM: send_stream,
        f"{STREAM}, interactive": partial(send_stream, priority=Priority.INTERACTIVE),
    }
    runs: list[Run] = []
    with ServerProcess(home, "services.app:Inference", environment) as server:
        asyncio.run(timed(server, ways[UNARY[0]], photos))
        for turn in range(arguments.rounds):
            shift = turn % len(ways)
            for way in [*list(ways)[shift:], *list(ways)[:shift]]:
                seconds, cpu_s = asyncio.run(timed(server, ways[way], photos))
                runs.append(Run(way, turn, len(photos) / seconds, cpu_s * 1e3 / len(photos)))
                log(f"{way}: {runs[-1].photos_per_s:.1f} photos/s, {runs[-1].cpu_ms:.1f} ms of CPU each")
    return runs


async def timed(server: ServerProcess, send: Load, photos: Sequence[bytes]) -> tuple[float, float]:
    """Seconds until all photos were answered, and seconds of the server's CPU."""
    assert server.process is not None
    tree = ProcessTree(server.process.pid)
    async with AsyncClient(server.address, timeout_s=600) as client:
        await client.models()
        begin_s, used_s = time.monotonic(), tree.cpu_s()
        await send(client, photos)
        return time.monotonic() - begin_s, tree.cpu_s() - used_s


async def send_unary(client: AsyncClient, photos: Sequence[bytes], clients: int, priority: Priority) -> None:
    """Closed loop: each client sends the next photo when its last one is answered."""
    left = iter(photos)

    async def work() -> None:
        for photo in left:
            await client.analyze(photo, priority=priority)

    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(work())


async def send_stream(
    client: AsyncClient, photos: Sequence[bytes], priority: Priority = Priority.BULK
) -> None:
    async for _, outcome in client.analyze_many(photos, priority=priority):
        if isinstance(outcome, ArmoireError):
            raise outcome


def run_with_kill(
    home: Path, environment: Mapping[str, str], photos: Sequence[bytes], corrupt: int
) -> Killed:
    """Kill the server when half the photos are answered, start it again, and look at every outcome."""
    broken = {round((k + 0.5) * len(photos) / corrupt) for k in range(corrupt)}
    sent = [photo[: len(photo) // 2] if k in broken else photo for k, photo in enumerate(photos)]
    last: list[BulkProgress] = []
    away_s = 0.0

    def restart() -> None:
        nonlocal away_s
        begin_s = time.monotonic()
        server.kill()
        server.start()
        away_s = time.monotonic() - begin_s

    def watch(progress: BulkProgress) -> None:
        last[:] = [progress]
        if progress.done == len(photos) // 2:
            restarting.start()

    with ServerProcess(home, "services.app:Inference", environment) as server:
        restarting = threading.Thread(target=restart)
        begin_s = time.monotonic()
        with Client(server.address) as client:
            pairs = list(client.analyze_many(sent, on_progress=watch, timeout_s=600))
        seconds = time.monotonic() - begin_s
        restarting.join()
    in_order = len(pairs) == len(sent) and all(a is b for a, (b, _) in zip(sent, pairs, strict=True))
    outcomes = [outcome for _, outcome in pairs]
    failed = sum(isinstance(outcome, ArmoireError) for outcome in outcomes)
    expected = all(_is_expected(outcome, k in broken) for k, outcome in enumerate(outcomes))
    return Killed(len(sent), corrupt, seconds, away_s, last[0].resumed, in_order, failed, expected)


def _is_expected(outcome: ImageAnalysis | ArmoireError, corrupt: bool) -> bool:
    if corrupt:
        return isinstance(outcome, InvalidInput) and outcome.field == "image.content"
    return isinstance(outcome, ImageAnalysis)


def table(runs: Sequence[Run], notes: Sequence[str], killed: Mapping[str, object]) -> Table:
    rounds = {run.round for run in runs}
    best = {
        turn: max(run.photos_per_s for run in runs if run.round == turn and run.way in UNARY)
        for turn in rounds
    }
    rows = []
    for way in dict.fromkeys(run.way for run in runs):
        own = [run for run in runs if run.way == way]
        ratio = Spread.of(run.photos_per_s / best[run.round] for run in own)
        figures = Spread.of(run.photos_per_s for run in own), Spread.of(run.cpu_ms for run in own)
        rows.append([way, figures[0].show(1), ratio.show(), ratio.show_interval(), figures[1].show(1)])
    return Table("bulk", HEADERS, rows, notes, [*map(asdict, runs), killed])
