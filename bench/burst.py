"""Does a burst slow down those who come after it?"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median

import grpc.aio

from armoire.bench.generator import Generator
from armoire.bench.load import Load
from armoire.bench.requests import Requests, photo_requests
from armoire.bench.tally import Tally
from armoire.transport import channel_options
from bench.figures import Spread
from bench.lines import GrpcLine
from bench.options import Commands, add_command, inputs_note, pair_of, read_photos, scratch
from bench.report import Table, publish, say
from bench.targets import Armoire

HEADERS = (
    "call",
    "bursts",
    "p50 before, ms",
    "p50 in the first second after, ms",
    "ratio",
    "95 % of the mean",
)


@dataclass(frozen=True, slots=True)
class Burst:
    """The median time of a lone client's calls in the second before a burst, and in the one after."""

    before_ms: float
    after_ms: float
    burst_calls: int
    errors: int


def add_to(commands: Commands) -> None:
    summary = "A lone client's time right after a burst of many, against right before."
    parser = add_command(commands, "burst", run, summary)
    parser.add_argument("--rpc", choices=("detect", "embed", "analyze"), default="embed")
    parser.add_argument("--bursts", type=int, default=20)
    parser.add_argument("--clients", type=int, default=32, help="in a burst (%(default)s)")
    parser.add_argument("--seconds", type=float, default=1.0, help="of a burst (%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    photos = read_photos(arguments)
    requests = photo_requests(arguments.rpc, photos)
    with (
        scratch() as home,
        Armoire(pair_of(arguments)).running(home, [arguments.rpc], photos[0]) as running,
    ):
        assert isinstance(running.line, GrpcLine)
        bursts = asyncio.run(measure(running.line.address, requests, arguments))
    publish(table(bursts, arguments, inputs_note(arguments, len(photos))), arguments.json)
    return not any(burst.errors for burst in bursts)


async def measure(address: str, requests: Requests, arguments: argparse.Namespace) -> list[Burst]:
    """From this process and over one channel, so that nothing is opened between a burst and what follows."""
    lone = Load(address, requests, clients=1, seconds=1.0, warm_up_s=0.0)
    many = Load(address, requests, arguments.clients, arguments.seconds, warm_up_s=0.0)
    bursts: list[Burst] = []
    async with grpc.aio.insecure_channel(address, options=channel_options(address)) as channel:
        await send(many, channel)
        for _ in range(arguments.bursts):
            await send(lone, channel)
            before, burst, after = [await send(load, channel) for load in (lone, many, lone)]
            errors = sum(tally.errors.total() for tally in (before, burst, after))
            bursts.append(Burst(median(before.latencies_ms), median(after.latencies_ms), burst.calls, errors))
            say(f"{bursts[-1].before_ms:.2f} ms before, {bursts[-1].after_ms:.2f} ms after")
    return bursts


async def send(load: Load, channel: grpc.aio.Channel) -> Tally:
    return await Generator(load, [channel], begin_s=time.monotonic()).run()


def table(bursts: Sequence[Burst], arguments: argparse.Namespace, note: str) -> Table:
    ratio = Spread.of(burst.after_ms / burst.before_ms for burst in bursts)
    row = [
        arguments.rpc,
        f"{len(bursts)} of {arguments.clients} clients",
        Spread.of(burst.before_ms for burst in bursts).show(),
        Spread.of(burst.after_ms for burst in bursts).show(),
        ratio.show(),
        ratio.show_interval(3),
    ]
    return Table("burst", HEADERS, [row], [note], [asdict(burst) for burst in bursts])
