"""The command `slow-connections`: do callers who send and read slowly delay the others?"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, cycle, islice

import grpc.aio

from armoire.bench.generator import Generator
from armoire.bench.load import Load
from armoire.bench.requests import photo_requests
from armoire.bench.tally import Tally, percentile
from armoire.channel import channel_options
from armoire.v1 import inference_pb2, types_pb2
from bench.http_load import HttpLoad, measure_http
from bench.options import Commands, add_command, add_runs, inputs_note, pair_of, read_photos, scratch
from bench.report import Table, log, publish
from demo.server import ServerProcess

HEADERS = (
    "clients",
    "p50 ms without, with slow ones",
    "p99 ms without, with slow ones",
    "ratio of the p99 (each round)",
    "calls without, with slow ones",
    "errors",
)
CLIENTS = 2
"""Of each port."""
EMBED_IMAGE = "/armoire.v1.InferenceService/EmbedImage"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    """Source: RFC 9113, section 4.1."""
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def grpc_headers(path: str) -> bytes:
    """The frame that begins a call, with literal headers. Source: RFC 7541, section 6.2.2."""
    headers = {":method": "POST", ":scheme": "http", ":path": path, ":authority": "localhost"}
    block = b"".join(
        b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
        for name, value in {**headers, "te": "trailers", "content-type": "application/grpc"}.items()
    )
    return frame(1, 4, 1, block)


NO_WINDOW = frame(4, 0, 0, (4).to_bytes(2, "big") + bytes(4))
"""Settings by which nothing of an answer may be sent."""
POST = f"POST {EMBED_IMAGE} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/proto\r\n".encode()


@dataclass(frozen=True, slots=True)
class SlowCaller:
    """Sends `first` and then `drip` every second; it never reads. `grpc` is the port."""

    name: str
    grpc: bool
    first: bytes
    drip: bytes = b""


CALLERS = (
    SlowCaller("HTTP, headers byte by byte", False, b"GET / HTTP/1.1\r\nhost: localhost\r\nx: ", b"a"),
    SlowCaller("HTTP, a body byte by byte", False, POST + b"content-length: 100000\r\n\r\n", b"a"),
    SlowCaller(
        "HTTP, answers not read", False, b"GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n" * 50
    ),
    SlowCaller("gRPC, silent", True, b""),
    SlowCaller("gRPC, half a preface", True, PREFACE[:10]),
    SlowCaller(
        "gRPC, a message byte by byte",
        True,
        PREFACE + frame(4, 0, 0, b"") + grpc_headers(EMBED_IMAGE),
        frame(0, 0, 1, b"\0"),
    ),
    SlowCaller(
        "gRPC, an answer not read",
        True,
        PREFACE
        + NO_WINDOW
        + grpc_headers("/armoire.v1.InferenceService/ListModels")
        + frame(0, 1, 1, bytes(5)),
    ),
)


@dataclass
class Slow:
    """Slow callers and how often each kind has connected."""

    ports: Mapping[bool, int]
    callers: Sequence[SlowCaller] = CALLERS
    connects: Counter[str] = field(default_factory=Counter)

    @asynccontextmanager
    async def running(self, count: int) -> AsyncIterator[None]:
        """`count` of them, who connect again whenever they are closed."""
        tasks = [asyncio.create_task(self._run(caller)) for caller in islice(cycle(self.callers), count)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, caller: SlowCaller) -> None:
        while True:
            self.connects[caller.name] += 1
            with suppress(OSError):
                await self._connection(caller)
            await asyncio.sleep(0.1)

    async def _connection(self, caller: SlowCaller) -> None:
        # The reader stops reading from the socket when it holds twice its limit.
        reader, writer = await asyncio.open_connection("127.0.0.1", self.ports[caller.grpc], limit=1)
        try:
            writer.write(caller.first)
            while not reader.at_eof():
                await asyncio.sleep(1)
                writer.write(caller.drip)
                await writer.drain()
        finally:
            writer.close()


@dataclass(frozen=True, slots=True)
class Round:
    """The good clients of both ports, without and with slow ones."""

    alone: Mapping[str, Tally]
    beside: Mapping[str, Tally]


def add_to(commands: Commands) -> None:
    summary = "Latency of good clients while 200 others send and read slowly, on both ports."
    parser = add_command(commands, "slow-connections", run, summary)
    parser.add_argument("--connections", type=int, default=200, help="(%(default)s)")
    names = ", ".join(f'"{each.name}"' for each in CALLERS)
    parser.add_argument("--kind", default="", help=f"only those whose name has this; they are {names}")
    add_runs(parser, seconds=60.0, rounds=3)


def run(arguments: argparse.Namespace) -> bool:
    photos = read_photos(arguments)
    with (
        scratch() as home,
        ServerProcess(home, "services.app:Inference", pair_of(arguments).environment) as server,
    ):
        chosen = [each for each in CALLERS if arguments.kind in each.name]
        slow = Slow({True: server.grpc_port, False: server.http_port}, chosen)
        good = partial(measure, server, photos, arguments.seconds)
        rounds = asyncio.run(measure_rounds(slow, good, arguments))
    publish(table(rounds, slow, arguments, inputs_note(arguments, len(photos))), arguments.json)
    return not any(errors_of(each) for each in rounds)


async def measure_rounds(
    slow: Slow, good: Callable[[], object], arguments: argparse.Namespace
) -> list[Round]:
    rounds = []
    for number in range(arguments.rounds):
        alone = await asyncio.to_thread(good)
        async with slow.running(arguments.connections):
            beside = await asyncio.to_thread(good)
        rounds.append(Round(alone, beside))  # type: ignore[arg-type]
        log(f"round {number + 1} of {arguments.rounds}")
    return rounds


def measure(server: ServerProcess, photos: Sequence[bytes], seconds: float) -> Mapping[str, Tally]:
    """Both ports at the same time; each load has a process or thread of its own."""
    bodies = [
        inference_pb2.EmbedImageRequest(images=[types_pb2.ImageInput(content=photo)]).SerializeToString()
        for photo in photos
    ]
    http = HttpLoad(f"{server.http_url}{EMBED_IMAGE}", bodies, "application/proto", CLIENTS, seconds, 1.0)

    async def both() -> Mapping[str, Tally]:
        of_http = asyncio.create_task(asyncio.to_thread(measure_http, http))
        return {"gRPC": await send_grpc(server.address, photos, seconds), "HTTP": await of_http}

    return asyncio.run(both())


async def send_grpc(address: str, photos: Sequence[bytes], seconds: float) -> Tally:
    load = Load(address, photo_requests("embed", photos), CLIENTS, seconds, warm_up_s=1.0)
    async with grpc.aio.insecure_channel(address, options=channel_options(address)) as channel:
        return await Generator(load, [channel], begin_s=time.monotonic() + 1.0).run()


def errors_of(each: Round) -> int:
    return sum(tally.errors.total() for side in (each.alone, each.beside) for tally in side.values())


def table(rounds: Sequence[Round], slow: Slow, arguments: argparse.Namespace, note: str) -> Table:
    connects = ", ".join(f"{name}: {count}" for name, count in slow.connects.items())
    notes = [
        note,
        f"{arguments.connections} slow connections for {arguments.seconds:g} s in each round",
        f"Connected in all: {connects}",
    ]
    return Table("slow-connections", HEADERS, [row_of(port, rounds) for port in ("gRPC", "HTTP")], notes)


def row_of(port: str, rounds: Sequence[Round]) -> list[str]:
    alone, beside = [each.alone[port] for each in rounds], [each.beside[port] for each in rounds]

    def figure(tallies: Sequence[Tally], percent: float) -> float:
        return percentile(list(chain.from_iterable(each.latencies_ms for each in tallies)), percent) or 0.0

    ratios = [figure([after], 99) / figure([before], 99) for before, after in zip(alone, beside, strict=True)]
    return [
        f"{CLIENTS}, {port}",
        *(f"{figure(alone, percent):.1f}, {figure(beside, percent):.1f}" for percent in (50, 99)),
        f"{figure(beside, 99) / figure(alone, 99):.2f} ({', '.join(f'{each:.2f}' for each in ratios)})",
        f"{sum(each.calls for each in alone)}, {sum(each.calls for each in beside)}",
        str(sum(each.errors.total() for each in (*alone, *beside))),
    ]
