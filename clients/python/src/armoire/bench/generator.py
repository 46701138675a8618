"""Sends a load from this process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice

import grpc
import grpc.aio

from armoire.bench.load import Load
from armoire.bench.replies import error_finder
from armoire.bench.tally import Tally


class Generator:
    """One share of a load, over channels that are open.

    Args:
        begin_s: when the warm-up begins; what falls due in it is sent and not counted.
        clock: gives the time in seconds. All processes of a machine share `time.monotonic`, and asyncio's
            event loops run by it.
    """

    def __init__(
        self,
        load: Load,
        channels: Sequence[grpc.aio.Channel],
        begin_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        counting_s = begin_s + load.warm_up_s
        self.tally = Tally(counting_s, counting_s + load.seconds)
        self._load = load
        self._begin_s = begin_s
        self._clock = clock
        self._bodies = _in_turn(load.requests.bodies, load.first)
        self._methods = cycle([channel.unary_unary(load.requests.path, None, None) for channel in channels])
        self._find_error = error_finder(load.requests.path)

    async def run(self) -> Tally:
        """Sends, and waits for all answers. A cancellation ends both and keeps the tally."""
        send = self._run_closed_loop if self._load.rate_per_s is None else self._run_open_loop
        try:
            await self._sleep_until(self._begin_s)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._watch_cpu())
                group.create_task(send())
        except asyncio.CancelledError:
            self.tally.end_s = min(self.tally.end_s, self._clock())
        return self.tally

    async def _run_closed_loop(self) -> None:
        async with asyncio.TaskGroup() as clients:
            for _ in range(self._load.clients):
                clients.create_task(self._run_client())

    async def _run_client(self) -> None:
        while (now_s := self._clock()) < self.tally.end_s:
            await self._call(now_s)

    async def _run_open_loop(self) -> None:
        free = asyncio.Semaphore(self._load.clients)
        due_times_s = (self._begin_s + due_s for due_s in self._load.due_times_s())
        async with asyncio.TaskGroup() as calls:
            for due_s in due_times_s:
                await self._sleep_until(due_s)
                if free.locked():
                    self.tally.held_back += self.tally.counts(due_s)
                    if not await _acquire_by(free, self.tally.end_s):
                        self.tally.not_sent += sum(map(self.tally.counts, (due_s, *due_times_s)))
                        return
                else:
                    await free.acquire()
                calls.create_task(self._call(due_s)).add_done_callback(lambda _: free.release())

    async def _call(self, due_s: float) -> None:
        body = next(self._bodies)
        sent_s = self._clock()
        try:
            reply = await next(self._methods)(
                body, timeout=self._load.timeout_s, metadata=self._load.metadata
            )
        except grpc.aio.AioRpcError as failure:
            self.tally.add_error(due_s, failure.code().name, failure.details() or "")
            return
        done_s = self._clock()
        error = self._find_error(reply)
        if error:
            self.tally.add_error(due_s, error.code, error.message)
        else:
            self.tally.add_answer(due_s, sent_s, done_s, len(body), len(reply))

    async def _watch_cpu(self) -> None:
        since_s, used_s = self._clock(), time.process_time()
        try:
            await self._sleep_until(self.tally.end_s)
        finally:
            self.tally.cores = (time.process_time() - used_s) / max(self._clock() - since_s, 1e-6)

    async def _sleep_until(self, time_s: float) -> None:
        wait_s = time_s - self._clock()
        if wait_s > 0:
            await asyncio.sleep(wait_s)


def _in_turn(bodies: Sequence[bytes], first: int) -> Iterator[bytes]:
    return islice(cycle(bodies), first, None)


async def _acquire_by(semaphore: asyncio.Semaphore, deadline_s: float) -> bool:
    try:
        async with asyncio.timeout_at(deadline_s):
            await semaphore.acquire()
    except TimeoutError:
        return False
    return True
