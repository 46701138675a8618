"""The ZeroMQ endpoints of BentoML's supervisor, circus, which runs any command that it is sent there.

BentoML gives them TCP ports of the loopback interface, on which circus asks for no secret: every user of the
machine could run commands as the server's user. Nothing of the server uses them.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from typing import Any

from bentoml._internal.utils import circus

CONTROL, EVENTS = "endpoint", "pubsub_endpoint"
INSIDE = {CONTROL: "inproc://armoire-supervisor", EVENTS: "inproc://armoire-supervisor-events"}
"""Endpoints that only the supervisor itself can reach. Source: zmq_inproc(7)."""


class PrivateArbiter(circus.Arbiter):
    """A supervisor with endpoints inside its process.

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


def close_endpoints(stop_s: float) -> None:
    """Let the supervisor that BentoML makes in this process be a `PrivateArbiter`.

    It kills workers that have not ended `stop_s` after they were told to; by itself it would after 30 s.

    BentoML imports the service before it makes its supervisor.
    """
    circus.Arbiter = partial(PrivateArbiter, stop_s=stop_s)
