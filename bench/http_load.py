"""A closed-loop load of HTTP clients in its own process, as `armoire.bench` has for gRPC."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle

import aiohttp

from armoire.bench.tally import Tally

TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class HttpLoad:
    """Closed loop: each client sends its next POST when its last one is answered."""

    url: str
    bodies: Sequence[bytes]
    content_type: str
    clients: int
    seconds: float
    warm_up_s: float
    headers: Mapping[str, str] = field(default_factory=dict)


def measure_http(load: HttpLoad) -> Tally:
    """Send the load and count the answers and errors."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_work, load).result()


def _work(load: HttpLoad) -> Tally:
    return asyncio.run(_send(load))


async def _send(load: HttpLoad) -> Tally:
    begin_s = time.monotonic() + load.warm_up_s
    tally = Tally(begin_s, begin_s + load.seconds)
    bodies = cycle(load.bodies)
    connector = aiohttp.TCPConnector(limit=load.clients)
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    headers = {**load.headers, "Content-Type": load.content_type}
    async with (
        aiohttp.ClientSession(connector=connector, timeout=timeout, headers=headers) as session,
        asyncio.TaskGroup() as clients,
    ):
        for _ in range(load.clients):
            clients.create_task(_run_client(session, load.url, bodies, tally))
    return tally


async def _run_client(
    session: aiohttp.ClientSession, url: str, bodies: Iterator[bytes], tally: Tally
) -> None:
    while (due_s := time.monotonic()) < tally.end_s:
        body = next(bodies)
        try:
            async with session.post(url, data=body) as reply:
                answer = await reply.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            tally.add_error(due_s, type(error).__name__, str(error))
            continue
        if reply.status == 200:
            tally.add_answer(due_s, due_s, time.monotonic(), len(body), len(answer))
        else:
            tally.add_error(due_s, str(reply.status), answer.decode(errors="replace")[:200])
