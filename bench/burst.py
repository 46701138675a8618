"""The command `burst`: does a burst of calls slow down the calls after it?"""

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
from armoire.channel import channel_options
from bench.endpoints import GrpcEndpoint
from bench.options import Commands, add_command, add_rpc, inputs_note, pair_of, read_photos, scratch
from bench.report import Table, log, publish
from bench.spread import Spread
from bench.targets import Armoire

HEADERS = (
    "call",
    "bursts",
    "p50 before, ms",
    "p50 in the first second after, ms",
    "ratio",
    "95 % CI of the mean",
)


@dataclass(frozen=True, slots=True)
class Burst:
    """One burst: the median latency of a lone client in the second before it and in the second after it."""

    before_ms: float
    after_ms: float
    burst_calls: int
    errors: int


def add_to(commands: Commands) -> None:
    summary = "Latency of a lone client right after a burst of many clients, against right before it."
    parser = add_command(commands, "burst", run, summary)
    add_rpc(parser, default="embed")
    parser.add_argument("--bursts", type=int, default=20, help="(%(default)s)")
    parser.add_argument("--clients", type=int, default=32, help="clients in a burst (%(default)s)")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of a burst (%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    photos = read_photos(arguments)
    requests = photo_requests(arguments.rpc, photos)
    with (
        scratch() as home,
        Armoire(pair_of(arguments)).running(home, [arguments.rpc], photos[0]) as running,
    ):
        assert isinstance(running.endpoint, GrpcEndpoint)
        bursts = asyncio.run(measure(running.endpoint.address, requests, arguments))
    publish(table(bursts, arguments, inputs_note(arguments, len(photos))), arguments.json)
    return not any(burst.errors for burst in bursts)


async def measure(address: str, requests: Requests, arguments: argparse.Namespace) -> list[Burst]:
    """Send all calls over one channel, so that no connection is opened after a burst."""
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
            log(f"{bursts[-1].before_ms:.2f} ms before, {bursts[-1].after_ms:.2f} ms after")
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
