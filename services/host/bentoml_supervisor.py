"""Ends a worker with BentoML's supervisor, its parent, and the supervisor with the worker.

Without this, BentoML keeps running when its only worker cannot start, and a worker whose supervisor was
killed keeps its ports and its home.
"""

from __future__ import annotations

import asyncio
import ctypes
import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any

import psutil

from domain.errors import ArmoireError

LOG = logging.getLogger("armoire")
PR_SET_PDEATHSIG = 1
"""Source: prctl(2)."""
FAILED_START = signal.SIGUSR2
"""Tells the supervisor that a worker cannot start. At SIGTERM it would end with status 0, and the first
process of a container does not get SIGKILL from inside. Source: pid_namespaces(7)."""


PARENT = os.getppid()
"""The parent at import."""


def exit_with_parent() -> None:
    """Let Linux send this process SIGTERM, which drains it, when its supervisor ends."""
    if sys.platform != "linux":
        return
    if is_worker() or _is_supervised():  # an ending supervisor has no command line
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if _is_orphan():
        os.kill(os.getpid(), signal.SIGTERM)


def _is_orphan() -> bool:
    """Whether this is a worker of BentoML's whose supervisor has ended."""
    parent = os.getppid()
    return is_worker() and (parent != PARENT or (parent == 1 and not _is_supervised()))


def is_worker() -> bool:
    """Whether this process is a worker of BentoML's rather than its supervisor, or a test."""
    return "--worker-id" in sys.argv


def http_host() -> str:
    """The address that the HTTP port is bound to; loopback in a process that BentoML has given no socket."""
    name = _bound_name()
    if name is None:
        return "127.0.0.1"
    return str(name if isinstance(name, str) else name[0]) or "unix:"


def http_address() -> str:
    """HOST:PORT of the HTTP port; "" in a process that BentoML has given no port."""
    name = _bound_name()
    if name is None or isinstance(name, str):
        return ""
    host, port = name[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _bound_name() -> Any:
    """What the socket that BentoML has given this process is bound to; None without one."""
    if "--fd" not in sys.argv:
        return None
    with socket.socket(fileno=os.dup(int(sys.argv[sys.argv.index("--fd") + 1]))) as bound:
        return bound.getsockname()


@contextmanager
def report_start_failure() -> Iterator[None]:
    """If this worker cannot start, log the reason in one line and end the server with a non-zero status."""
    try:
        yield
    except (Exception, SystemExit) as error:
        foreseen = isinstance(error, ArmoireError | ImportError | OSError | SystemExit)
        LOG.critical("cannot start: %s", error, exc_info=None if foreseen else error)
        if supervised := _is_supervised():
            os.kill(os.getppid(), FAILED_START)
        if supervised or is_worker():
            logging.shutdown()
            os._exit(1)  # threads of what had started would keep it
        raise


async def cancel_on_signal(starting: Coroutine[Any, Any, None]) -> None:
    """Await the start of this worker; SIGTERM and SIGINT, which uvicorn handles only later, cancel it.

    So does a signal that has come while the libraries were imported. From here on, the worker ends with its
    supervisor.
    """
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(starting)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def end(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(task.cancel)
        if callable(handler := before[signal.Signals(number)]):
            handler(number, frame)

    for number in before:
        signal.signal(number, end)
    if any(map(_has_been_told_to_exit, before.values())):
        task.cancel()
    exit_with_parent()
    try:
        await task
    except asyncio.CancelledError:
        LOG.info("the server was stopped before it had started")
        logging.shutdown()
        os._exit(0)  # uvicorn would log a failed start with its stack
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def call_on_signal(action: Callable[[], None]) -> None:
    """Call `action` on this event loop at SIGTERM and SIGINT, at once.

    Without this, BentoML would tell of them only after uvicorn's last request.
    """
    loop = asyncio.get_running_loop()

    def handle(before: object, number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(action)
        if callable(before):
            before(number, frame)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, partial(handle, signal.getsignal(number)))


def _has_been_told_to_exit(handler: object) -> bool:
    """Whether a signal handler is that of a uvicorn server that has received a signal."""
    return getattr(getattr(handler, "__self__", None), "should_exit", False) is True


def require_port(port: int) -> None:
    """Refuse a port on which a process outside this server listens; the kernel would allow both.

    Raises:
        OSError: another process listens on the port.
    """
    siblings = {child.pid for child in psutil.Process(os.getppid()).children(recursive=True)}
    for connection in psutil.net_connections("tcp"):
        taken = connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
        if taken and connection.pid not in siblings | {os.getpid()}:
            raise OSError(errno.EADDRINUSE, f"port {port} is in use by process {connection.pid or 'unknown'}")


def _is_supervised() -> bool:
    """Whether the parent is BentoML's supervisor rather than a shell, a test or init."""
    try:
        command = psutil.Process(os.getppid()).cmdline()
    except psutil.Error:
        return False
    return any("bentoml" in part for part in command[:4]) and "serve" in command
