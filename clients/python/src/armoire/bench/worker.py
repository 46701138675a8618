"""A worker process, which sends its share of a load."""

from __future__ import annotations

import asyncio
import selectors
import threading
from contextlib import AsyncExitStack, suppress
from multiprocessing.connection import Connection

import grpc
import grpc.aio

from armoire.bench.generator import Generator
from armoire.bench.load import Load
from armoire.channel import channel_options, channel_target

READY = "ready"
STOP = "stop"
_CONNECT_TIMEOUT_S = 5.0


def work(parent: Connection) -> None:
    """Receives a Load, answers READY, receives the time to begin, and sends a Tally; STOP ends it sooner.

    Ends without a word where the parent is gone.
    """
    with suppress(EOFError, ConnectionError), asyncio.Runner(loop_factory=_precise_loop) as runner:
        runner.run(_work(parent.recv(), parent))


def _precise_loop() -> asyncio.AbstractEventLoop:
    """Its waits end within 0.1 ms; those of epoll, asyncio's choice on Linux, end at whole milliseconds."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


async def _work(load: Load, parent: Connection) -> None:
    async with AsyncExitStack() as stack:
        opened = (_open_channel(load) for _ in range(load.connections))
        channels = [await stack.enter_async_context(channel) for channel in opened]
        for channel in channels:
            with suppress(TimeoutError):  # a server that is gone shows in the errors
                await asyncio.wait_for(channel.channel_ready(), _CONNECT_TIMEOUT_S)
        parent.send(READY)
        generator = Generator(load, channels, begin_s=parent.recv())
        running = asyncio.create_task(generator.run())
        arguments = (parent, asyncio.get_running_loop(), running)
        threading.Thread(target=_cancel_when_told, args=arguments, daemon=True).start()
        parent.send(await running)


def _open_channel(load: Load) -> grpc.aio.Channel:
    """A connection of its own: gRPC would let channels that are alike share one."""
    options = [*channel_options(load.address), ("grpc.use_local_subchannel_pool", 1)]
    if load.tls is None:
        return grpc.aio.insecure_channel(channel_target(load.address), options=options)
    return grpc.aio.secure_channel(channel_target(load.address), load.tls.credentials(), options=options)


def _cancel_when_told(
    parent: Connection, loop: asyncio.AbstractEventLoop, running: asyncio.Task[object]
) -> None:
    """The parent says STOP, or its end of the pipe closes because it is gone."""
    with suppress(EOFError, OSError):
        parent.recv()
    with suppress(RuntimeError):  # the loop is closed: nothing is left to stop
        loop.call_soon_threadsafe(running.cancel)
