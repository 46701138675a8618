"""The ZeroMQ endpoints of BentoML's supervisor, circus, which runs any command that it is sent there.

BentoML gives them TCP ports of the loopback interface, on which circus asks for no secret: every user of the
machine could run commands as the server's user. Nothing of the server uses them.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

from bentoml._internal.utils import circus

from services.host.bentoml_supervisor import FAILED_START

CONTROL, EVENTS = "endpoint", "pubsub_endpoint"
INSIDE = {CONTROL: "inproc://armoire-supervisor", EVENTS: "inproc://armoire-supervisor-events"}
"""Endpoints that only the supervisor itself can reach. Source: zmq_inproc(7)."""


class PrivateArbiter(circus.Arbiter):
    """A supervisor with endpoints inside its process, which ends with status 1 at `FAILED_START`.

    A plugin, as `bentoml serve --reload` has one, is a process that must reach them: then they are sockets in
    a folder of this user.
    """

    def __init__(self, *args: Any, plugins: Any = None, stop_s: float, **options: Any) -> None:
        folder = tempfile.mkdtemp(prefix="armoire-supervisor-") if plugins else None
        own = {name: f"ipc://{folder}/{name}" for name in INSIDE} if folder else INSIDE
        super().__init__(*args, plugins=plugins, **{**options, **own})
        for watcher in self.watchers:
            watcher.graceful_timeout = stop_s
        if folder:
            self.exit_stack.callback(shutil.rmtree, folder, ignore_errors=True)

    def start(self, cb: Callable[[Any], Any] | None = None) -> None:
        signal.signal(FAILED_START, _fail)
        super().start(cb)


def _fail(_number: int, _frame: FrameType | None) -> None:
    """End at once; the other workers end with their supervisor."""
    os._exit(1)


def close_endpoints(stop_s: float) -> None:
    """Let the supervisor that BentoML makes in this process be a `PrivateArbiter`.

    It kills workers that have not ended `stop_s` after they were told to; by itself it would after 30 s.

    BentoML imports the service before it makes its supervisor.
    """
    circus.Arbiter = partial(PrivateArbiter, stop_s=stop_s)
